"""Query `functions`: every function with code in the library."""

from . import typetext, walk
from .naming import place
from .registry import collector
from .safely import fact, told


def _parameter(local):
    return "%s %s" % (typetext.name(local.type), local.name)


def signature(symbol, block):
    """The type of the function and, one by one, its parameters with their names."""
    parameters = ", ".join(told(_parameter, local) for local in block if local.is_argument)
    return "%s; parameters: %s" % (told(typetext.name, symbol.type), parameters or "none")


def _function(symbol):
    """(name, description) of a function, or None if it has no code of its own."""
    block = walk.function_block(symbol)
    if block is None:
        return None
    start = int(symbol.value().address)
    return symbol.print_name, "%s; %s; at 0x%x, %d bytes; linkage name %s" % (
        signature(symbol, block), place(symbol), start, block.end - block.start, symbol.linkage_name)


@collector("functions")
def functions(session):
    """Key: name. Value: type, parameters, place of declaration, address, size, linkage name."""
    names = session.names()
    for unit in session.units():
        for symbol in walk.functions(unit):
            found = fact("a function of " + unit.name, _function, symbol)
            key = names.key(*found, unit.name) if found is not None else None
            if key is not None:
                yield key, found[1]
