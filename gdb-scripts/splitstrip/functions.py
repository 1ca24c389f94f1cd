"""Query `functions`: every function with code in the library."""

from . import typetext, walk
from .naming import place
from .registry import collector


def signature(symbol, block):
    """The type of the function and, one by one, its parameters with their names."""
    parameters = ", ".join(
        "%s %s" % (typetext.name(local.type), local.name) for local in block if local.is_argument)
    return "%s; parameters: %s" % (typetext.name(symbol.type), parameters or "none")


@collector("functions")
def functions(session):
    """Key: name. Value: type, parameters, place of declaration, address, size, linkage name."""
    names = session.names()
    for unit in session.units():
        for symbol, block in walk.functions(unit):
            start = int(symbol.value().address)
            text = "%s; %s; at 0x%x, %d bytes; linkage name %s" % (
                signature(symbol, block), place(symbol), start, block.end - block.start, symbol.linkage_name)
            key = names.key(symbol.print_name, text, unit.name)
            if key is not None:
                yield key, text
