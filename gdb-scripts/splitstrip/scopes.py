"""Query `scopes`: the blocks of every function, inlined calls among them, and what each holds."""

import gdb

from . import typetext, walk
from .naming import place
from .registry import collector
from .safely import facts, told

_CLASSES = {value: name[len("SYMBOL_LOC_") :].lower().replace("_", " ")
            for name, value in vars(gdb).items() if name.startswith("SYMBOL_LOC_")}


def location_kind(symbol):
    """How the symbol is found: "computed", "optimized out", "const" and its value, ..."""
    kind = _CLASSES.get(symbol.addr_class, "class %d" % symbol.addr_class)
    try:
        if symbol.addr_class == gdb.SYMBOL_LOC_STATIC:
            return "%s 0x%x" % (kind, int(symbol.value().address))
        if symbol.addr_class == gdb.SYMBOL_LOC_CONST:
            return "%s %s" % (kind, symbol.value().format_string(raw=True))
    except gdb.error as problem:
        return "%s <%s>" % (kind, problem)
    return kind


def _local(symbol):
    if symbol.addr_class == gdb.SYMBOL_LOC_TYPEDEF:
        return "type %s" % symbol.name
    if symbol.addr_class == gdb.SYMBOL_LOC_LABEL:
        return "label %s %s" % (symbol.name, place(symbol))
    role = "argument " if symbol.is_argument else ""
    return "%s%s %s (%s) %s" % (role, typetext.name(symbol.type), symbol.name, location_kind(symbol), place(symbol))


def _describe(block, outermost):
    """What the block is, and its symbols in gdb's order."""
    function = block.function
    if function is None:
        what = "block"
    elif outermost:
        what = "function %s" % function.print_name
    else:
        # For an inlined call gdb's symbol has the place of the call.
        what = "inlined %s called at %s" % (function.print_name, place(function))
    return "%s: %s" % (what, "; ".join([told(_local, symbol) for symbol in block]) or "nothing")


def _blocks(unit, function):
    """Yields (key, description) of each block of a function, in order of address, then depth."""
    outer = walk.function_block(function)
    if outer is None:
        return
    seen = set()
    for pc in unit.landmarks.pcs_within(outer.start, outer.end):
        path = ()
        for depth, block in enumerate(walk.chain(pc)):
            inner = block.function
            path += ((block.start, block.end, inner.print_name if inner is not None else "",
                      inner.line if inner is not None else 0),)
            if path in seen:
                continue
            seen.add(path)
            text = told(_describe, block, depth == 0)
            label = "/".join(name or "block" for _, _, name, _ in path)
            yield "0x%x to 0x%x, %s" % (block.start, block.end, label), text


def _name(function):
    return function.print_name


@collector("scopes")
def scopes(session):
    """Key: addresses and the names of the blocks around. Value: kind of block, its symbols."""
    names = session.names()
    for unit in session.units():
        for function in walk.functions(unit):
            for wanted, text in facts("blocks of %s" % told(_name, function), _blocks, unit, function):
                key = names.key(wanted, text, unit.name)
                if key is not None:
                    yield key, text
