"""Query `types`: every type that the library itself defines."""

import lldb

from splitstrip.registry import collector
from splitstrip.safely import told

from . import typetext

# Pointers, arrays and functions are told where they are used.
_WANTED = typetext.AGGREGATES | lldb.eTypeClassEnumeration | lldb.eTypeClassTypedef | lldb.eTypeClassBuiltin


def _key(type_):
    return "%s %s" % (typetext.kind(type_), typetext.name(type_))


def _of_unit(unit):
    """(key, description) of each type of a unit.

    Sorted, since lldb's own order is that of addresses in its memory.
    """
    found = unit.GetTypes(_WANTED)
    return sorted({(told(_key, one), told(typetext.describe, one)) for one in found})


@collector("types")
def types(session):
    """Key: kind and name. Value: size, members, enumerators."""
    names = session.names()
    for unit in session.units():
        where = str(unit.GetFileSpec())
        for wanted, text in _of_unit(unit):
            key = names.key(wanted, text, where)
            if key is not None:
                yield key, text
