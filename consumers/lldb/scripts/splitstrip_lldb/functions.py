"""Query `functions`: every function with code in the library."""

from splitstrip.registry import collector
from splitstrip.safely import told

from . import typetext
from .session import path_of, place


def _parameters(function, target):
    found = function.GetBlock().GetVariables(target, True, False, False)
    return ", ".join("%s %s [%s]" % (one.GetTypeName(), one.GetName(), place(one.GetDeclaration())) for one in found)


def _describe(function, target):
    start = function.GetStartAddress()
    begin, end = start.GetFileAddress(), function.GetEndAddress().GetFileAddress()
    first = start.GetLineEntry()
    return "%s; parameters: %s; begins %s:%d; at 0x%x, %d bytes, prologue %d; linkage name %s" % (
        typetext.name(function.GetType()), _parameters(function, target) or "none",
        path_of(first.GetFileSpec()), first.GetLine(), begin, end - begin, function.GetPrologueByteSize(),
        function.GetMangledName())


@collector("functions")
def functions(session):
    """Key: name. Value: type, parameters, first line, address, size, linkage name."""
    names = session.names()
    for function in session.functions():
        text = told(_describe, function, session.target)
        unit = str(function.GetStartAddress().GetCompileUnit().GetFileSpec())
        key = names.key(told(function.GetName) or "?", text, unit)
        if key is not None:
            yield key, text
