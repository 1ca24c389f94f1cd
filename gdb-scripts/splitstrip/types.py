"""Query `types`: every type that the library itself defines."""

import gdb

from . import typetext, walk
from .naming import place
from .registry import collector
from .safely import facts, told

_TYPEDEF = gdb.SYMBOL_LOC_TYPEDEF
_HOLDERS = frozenset((gdb.SYMBOL_LOC_STATIC, gdb.SYMBOL_LOC_COMPUTED, gdb.SYMBOL_LOC_UNRESOLVED,
                      gdb.SYMBOL_LOC_OPTIMIZED_OUT))


def _named(symbol):
    """(what to call the type, its description) of a symbol that names a type."""
    type_ = symbol.type
    kind = typetext.kind(type_)
    name = symbol.name
    # A typedef of C++ and a class have the same sort of symbol; what differs is the type's name.
    if kind != "typedef" and type_.name != name:
        kind = "name"
    where = place(symbol)
    key = "%s %s [%s]" % (kind, name, where) if where else "%s %s" % (kind, name)
    return key, told(typetext.describe, type_)


def _from_symbol(symbol, prefix):
    """Yields (wanted key, description) of the types that `symbol` alone leads to."""
    address_class = symbol.addr_class
    if address_class == _TYPEDEF:
        key, text = _named(symbol)
        yield prefix + key, text
    elif address_class in _HOLDERS and symbol.type is not None:
        hidden = typetext.anonymous_inside(symbol.type) if "{...}" in typetext.name(symbol.type) else None
        if hidden is not None:
            yield "%stype of %s [%s]" % (prefix, symbol.name, place(symbol)), typetext.describe(hidden)


def _inside(unit, symbol):
    """Yields the types that are defined within a function."""
    block = walk.function_block(symbol)
    if block is None:
        return
    prefix = symbol.name + ": "
    seen = set()
    for pc in unit.landmarks.pcs_within(block.start, block.end):
        for inner in walk.chain(pc):
            mark = (inner.start, inner.end, inner.function is not None and inner.function.name)
            if mark in seen:
                continue
            seen.add(mark)
            for local in inner:
                yield from facts(prefix + "a type", _from_symbol, local, prefix)


def _inside_functions(unit):
    for symbol in walk.functions(unit):
        yield from facts("types within a function of " + unit.name, _inside, unit, symbol)


def _printed(type_):
    """What `ptype` says of a C++ class: gdb's Python does not know methods."""
    # By way of a variable, since the class's name need not be found from everywhere.
    gdb.set_convenience_variable("splitstrip", gdb.Value(0).cast(type_.pointer()))
    return gdb.execute("ptype *$splitstrip", to_string=True)


def _found_by_name(kind, name):
    symbol = walk.type_symbol(kind, name)
    return None if symbol is None else typetext.describe(symbol.type)


def _by_name(session):
    """Yields what is found by asking for a type by its name alone, in no particular unit."""
    for kind, name in session.type_names():
        text = told(_found_by_name, kind, name)
        if text is not None:
            yield "by name: %s %s" % (kind, name), text


@collector("types")
def types(session):
    """Key: kind, name and place of declaration. Value: size, alignment, members, enumerators."""
    names = session.names()
    for unit in session.units():
        for symbol in unit.symbols():
            for wanted, text in facts("a type of " + unit.name, _from_symbol, symbol, ""):
                key = names.key(wanted, text, unit.name)
                if key is None:
                    continue
                yield key, text
                if unit.language == "c++" and wanted.startswith(("struct ", "union ")):
                    yield "as printed: " + key, told(_printed, symbol.type)
        for wanted, text in _inside_functions(unit):
            key = names.key(wanted, text, unit.name)
            if key is not None:
                yield key, text
    # Last: all units have been read by then, in the same order on every run, and that decides
    # which of two types of one name is found by it.
    yield from _by_name(session)
