"""Query `globals`: variables of the library that live as long as it does."""

import gdb

from . import typetext, values
from .naming import place
from .registry import collector
from .safely import fact, told

_CONSTANTS = frozenset((gdb.SYMBOL_LOC_CONST, gdb.SYMBOL_LOC_CONST_BYTES))
# A table of a megabyte says no more about DWARF than its first elements.
_LARGEST_VALUE = 1 << 16


def _is_enumerator(symbol):
    return symbol.addr_class == gdb.SYMBOL_LOC_CONST and symbol.type.code == gdb.TYPE_CODE_ENUM


def _whereabouts(symbol):
    """Where the variable is and what the file says that it holds."""
    if symbol.addr_class in _CONSTANTS:
        return "constant = " + values.render(symbol.value())
    if symbol.addr_class == gdb.SYMBOL_LOC_OPTIMIZED_OUT:
        return "optimised out"
    try:
        value = symbol.value()
        if value.address is None:
            return "computed = " + values.render(value)
        text = "at 0x%x" % int(value.address)
    except gdb.error as problem:
        # At file scope nothing else needs a thread, or its registers, to be found.
        if "without registers" in str(problem) or "thread-local" in str(problem):
            return "thread-local"
        return "no address: " + str(problem)
    if value.type.sizeof <= _LARGEST_VALUE:
        text += " = " + values.render(value)
    return text


def _variable(symbol):
    """(name, description) of a variable or constant; None of anything else."""
    if not symbol.is_variable and symbol.addr_class not in _CONSTANTS:
        return None
    if _is_enumerator(symbol):
        return None  # a part of its type
    return symbol.print_name, "%s; %s; %s" % (
        told(typetext.name, symbol.type), place(symbol), told(_whereabouts, symbol))


@collector("globals")
def globals_(session):
    """Key: name. Value: type, place of declaration, address or thread-local, initial value."""
    names = session.names()
    for unit in session.units():
        for symbol in unit.symbols():
            found = fact("a variable of " + unit.name, _variable, symbol)
            key = names.key(*found, unit.name) if found is not None else None
            if key is not None:
                yield key, found[1]
