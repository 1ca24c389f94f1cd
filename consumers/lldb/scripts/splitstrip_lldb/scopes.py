"""Query `scopes`: the blocks of every function, inlined calls among them, and what each holds."""

import re

from splitstrip.registry import collector
from splitstrip.safely import facts, told

from .session import path_of, place

DEEPEST = 64

# What `image lookup -v` says of an address. Ids are offsets of DIEs: a debug file that says the same
# in another order has others.
_ID = re.compile(r"id = \{0x[0-9a-f]+\}, ")
_VARIABLE = re.compile(r'Variable: name = "(.*?)", .*location = (.*), decl = ')


def _ranges(block):
    count = block.GetNumRanges()
    return ["0x%x to 0x%x" % (block.GetRangeStartAddress(index).GetFileAddress(),
                              block.GetRangeEndAddress(index).GetFileAddress()) for index in range(count)]


def _what(block, depth):
    if block.IsInlined():
        return "inlined %s called at %s:%d:%d" % (
            block.GetInlinedName(), path_of(block.GetInlinedCallSiteFile()),
            block.GetInlinedCallSiteLine(), block.GetInlinedCallSiteColumn())
    return "block" if depth else "function"


def _describe(block, depth, target):
    """What the block is, where, and its variables in lldb's order."""
    held = ["%s %s %s" % (variable.GetTypeName(), variable.GetName(), place(variable.GetDeclaration()))
            for variable in block.GetVariables(target, True, True, True)]
    return "%s, %s: %s" % (_what(block, depth), ", ".join(_ranges(block)), "; ".join(held) or "nothing")


def _blocks(block, target, path, depth=0):
    """Yields (path of names, block, description) of a block, those inside, and those beside."""
    while block.IsValid():
        label = "%s/%s" % (path, block.GetInlinedName() or "block") if depth else path
        yield label, block, told(_describe, block, depth, target)
        if depth < DEEPEST:
            yield from _blocks(block.GetFirstChild(), target, label, depth + 1)
        if not depth:
            return
        block = block.GetSibling()


def _described(function, name, target, starts):
    """Yields (address and path of names, description) of a function's blocks, and adds where they start."""
    for path, block, text in _blocks(function.GetBlock(), target, name):
        start = block.GetRangeStartAddress(0).GetFileAddress()
        starts.add(start)
        yield "0x%x %s" % (start, path), text


def _located(session, address):
    """Where lldb finds each variable that is visible at an address."""
    text = _ID.sub("", session.command("image lookup -v -a 0x%x" % address))
    return "; ".join("%s in %s" % found for found in _VARIABLE.findall(text))


@collector("scopes")
def scopes(session):
    """Key: names of the blocks around, and an address. Value: the block, its variables, or where they are."""
    names = session.names()
    for function in session.functions():
        unit = str(function.GetStartAddress().GetCompileUnit().GetFileSpec())
        starts = set()
        name = told(function.GetName) or "?"
        for wanted, text in facts("blocks of " + name, _described, function, name, session.target, starts):
            key = names.key(wanted, text, unit)
            if key is not None:
                yield key, text
        starts.add(function.GetStartAddress().GetFileAddress() + function.GetPrologueByteSize())
        for start in sorted(starts):
            text = told(_located, session, start)
            if text:
                key = names.key("at 0x%x" % start, text, unit)
                if key is not None:
                    yield key, text
