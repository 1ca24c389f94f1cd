"""Query `globals`: variables of the library that live as long as it does."""

import lldb

from splitstrip.registry import collector
from splitstrip.safely import told

from . import values
from .session import EVERY, place

# A table of a megabyte says no more about DWARF than its first elements.
_LARGEST_VALUE = 1 << 16


def _whereabouts(variable):
    """Where the variable is and what the file says that it holds."""
    # Some versions of lldb say so, others only that they have no thread to look into.
    if variable.GetValueType() == lldb.eValueTypeVariableThreadLocal or "TLS" in (variable.GetError().GetCString() or ""):
        return "thread-local"
    address = variable.GetAddress()
    at = "at 0x%x" % address.GetFileAddress() if address.IsValid() else "no address"
    if variable.GetByteSize() > _LARGEST_VALUE:
        return at
    return "%s = %s" % (at, values.render(variable))


def _describe(variable):
    return "%s; %s; %s" % (variable.GetTypeName(), place(variable.GetDeclaration()), _whereabouts(variable))


@collector("globals")
def globals_(session):
    """Key: name. Value: type, place of declaration, address or thread-local, initial value."""
    names = session.names()
    found = set()
    for variable in session.target.FindGlobalVariables(".*", EVERY, lldb.eMatchTypeRegex):
        found.add((told(variable.GetName) or "<unnamed>", told(_describe, variable)))
    for wanted, text in sorted(found):
        yield names.key(wanted, text, "the library"), text
