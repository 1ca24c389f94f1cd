"""The query `ffi-crash`: how each part of each crash case ends, in a process of its own.

A case has a part with a mistake, wrong(), unless it is a program that nobody may refuse, and one without,
right(). Each is played twice: by plain ctypes, and with typesafe_ctypes installed before anything else
happens, as under an unchanged program. Whether a library carries types is not known here.
"""

from splitstrip_ctypes.play import play


def collect(parameters):
    """Yields the facts of all cases."""
    library, cases = parameters["library"], parameters["cases"]
    for case in cases:
        for part in ("wrong", "right") if case["wrong"] else ("right",):
            yield "%s: %s, plain" % (case["name"], part), play(library, case["script"], part).text

    # Not before: plain ctypes is to be what it is without. Each process has it from here, and installs it.
    import typesafe_ctypes
    from typesafe_ctypes import switch

    switch.get_ready()  # once for all: it takes longer than a case

    for case in cases:
        name, script = case["name"], case["script"]
        if case["wrong"]:
            ending = play(library, script, "wrong", typesafe_ctypes.install)
            yield "%s: wrong, checked" % name, ending.text
            yield from _said(case, ending.message)
        ending = play(library, script, "right", typesafe_ctypes.install, _looked_at)
        yield "%s: right, checked" % name, ending.text
        yield "%s: right, checked by types" % name, ending.message if ending.text.startswith("returns ") else "no"


def _looked_at():
    """In the child: whether a library's types were asked. Without them, whoever is right is so unchecked."""
    from typesafe_ctypes import modules

    return "yes" if modules.any_types() else "no"


def _said(case, message):
    """Whether the message, if there is one, holds each of the words that it has to."""
    for words in case["says"] if message else ():
        yield "%s: says %s" % (case["name"], words), "yes" if words in message else "no: %s" % message
