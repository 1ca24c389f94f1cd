"""Query `macros`: the preprocessor macros that gdb knows, where the library was built with -g3."""

import re

import gdb

from .registry import collector
from .safely import facts

# Each unit has thousands, nearly all from the same headers.
MOST_UNITS = 64

_PLACE = re.compile(r"^(?:Defined at|User-defined at) (.*)$")
_NAME = re.compile(r"^(?:#define |-D)([^\s(=]+)")


def _visible_at(pc):
    """Yields (name and place, definition and how it got included) of the macros at `pc`.

    Parsed from text: gdb's Python does not know macros.
    """
    where = []
    for line in gdb.execute("info macros *0x%x" % pc, to_string=True).splitlines():
        place = _PLACE.match(line)
        if place is not None:
            where = [place.group(1)]
        elif line.startswith("  included at "):
            where.append(line.strip())
        else:
            name = _NAME.match(line)
            if name is not None:
                places = ", ".join(where)
                yield "%s [%s]" % (name.group(1), places.partition(",")[0]), "%s; defined at %s" % (line, places)


@collector("macros")
def macros(session):
    """Key: name and place of definition. Value: the definition and how it got included."""
    names = session.names()
    asked = 0
    for unit in session.units():
        if not unit.landmarks.pcs:
            continue
        any_here = False
        # Near the end of the unit, where most definitions have been seen.
        for wanted, text in facts("macros of " + unit.name, _visible_at, unit.landmarks.pcs[-1]):
            any_here = True
            key = names.key(wanted, text, unit.name)
            if key is not None:
                yield key, text
        asked += any_here
        if asked == MOST_UNITS:
            return
