"""Query `functions`: every function with code in the library."""

from splitstrip.registry import collector

from . import typetext
from .session import path_of, place


def _parameters(function, target):
    found = function.GetBlock().GetVariables(target, True, False, False)
    return ", ".join("%s %s [%s]" % (one.GetTypeName(), one.GetName(), place(one.GetDeclaration())) for one in found)


@collector("functions")
def functions(session):
    """Key: name. Value: type, parameters, first line, address, size, linkage name."""
    names = session.names()
    for function in session.functions():
        start = function.GetStartAddress()
        begin, end = start.GetFileAddress(), function.GetEndAddress().GetFileAddress()
        first = start.GetLineEntry()
        text = "%s; parameters: %s; begins %s:%d; at 0x%x, %d bytes, prologue %d; linkage name %s" % (
            typetext.name(function.GetType()), _parameters(function, session.target) or "none",
            path_of(first.GetFileSpec()), first.GetLine(), begin, end - begin, function.GetPrologueByteSize(),
            function.GetMangledName())
        key = names.key(function.GetName(), text, str(start.GetCompileUnit().GetFileSpec()))
        if key is not None:
            yield key, text
