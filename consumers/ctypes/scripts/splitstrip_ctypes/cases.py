"""The query `ffi-crash`: how each part of each crash case ends, in a process of its own.

A case has a part with a mistake, wrong(), and one without, right(). Each is played twice: by plain
ctypes, and with typesafe_ctypes installed before anything else happens, as under an unchanged
program. Whether a library carries types is not known here.
"""

from splitstrip_ctypes.play import play


def collect(parameters):
    """Yields the facts of all cases."""
    library, cases = parameters["library"], parameters["cases"]
    for case in cases:
        for part in ("wrong", "right"):
            yield "%s: %s, plain" % (case["name"], part), play(library, case["script"], part).text

    # Not before: plain ctypes is to be what it is without. Each process has it from here, and installs it.
    import typesafe_ctypes

    for case in cases:
        name, script = case["name"], case["script"]
        ending = play(library, script, "wrong", typesafe_ctypes.install)
        yield "%s: wrong, checked" % name, ending.text
        yield from _said(case, ending.message)
        yield "%s: right, checked" % name, play(library, script, "right", typesafe_ctypes.install).text


def _said(case, message):
    """Whether the message, if there is one, holds each of the words that it has to."""
    for words in case["says"] if message else ():
        yield "%s: says %s" % (case["name"], words), "yes" if words in message else "no: %s" % message
