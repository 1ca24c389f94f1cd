"""The query `ffi-crash`: how each part of each crash case ends, in a process of its own.

A case has a part with a mistake, wrong(), and one without, right(). Each is played twice: by plain
ctypes, and with typesafe_ctypes installed before anything else happens, as under an unchanged
program. Whether a library carries types is not known here.
"""

from splitstrip_ctypes.play import play


def collect(parameters):
    """Yields the facts of all cases."""
    library = parameters["library"]
    for case in parameters["cases"]:
        yield from facts_of(library, case["name"], case["script"], case["says"])


def facts_of(library, name, script, says):
    """Yields (key, value): an ending for each part, and whether the message holds each of `says`."""
    for part in ("wrong", "right"):
        yield "%s: %s, plain" % (name, part), str(play(library, script, part, checked=False))
        ending = play(library, script, part, checked=True)
        yield "%s: %s, checked" % (name, part), str(ending)
        if part == "wrong":
            for words in says:
                said = "yes" if words in ending.message else "no: %s" % (ending.message or ending)
                yield "%s: says %s" % (name, words), said
