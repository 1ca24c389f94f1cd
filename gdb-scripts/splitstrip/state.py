"""Everything that can be asked of a program that stands still: threads, variables, TLS."""

import gdb

from . import frames, typetext, values
from .safely import facts, told


def _variables(session, base):
    """Yields (unit, symbol, is thread-local) of the file-scope variables of the library."""
    for unit in session.units(base):
        for symbol in unit.symbols():
            if symbol.is_variable and symbol.addr_class in (
                    gdb.SYMBOL_LOC_STATIC, gdb.SYMBOL_LOC_COMPUTED):
                yield unit, symbol, symbol.addr_class == gdb.SYMBOL_LOC_COMPUTED


def _value(symbol, place):
    try:
        return values.render(symbol.value(), place)
    except (gdb.error, RuntimeError) as problem:
        return "<%s>" % problem


def _variable(symbol, place):
    return "%s = %s" % (told(typetext.name, symbol.type), told(_value, symbol, place))


def _thread(session, variables, place):
    """Yields the facts of the selected thread."""
    yield from facts("frames", _frames, session.library, place)
    names = session.names()
    for unit, symbol, is_own in variables:
        if is_own:
            text = told(_variable, symbol, place)
            key = names.key("thread-local " + symbol.print_name, text, unit.name)
            if key is not None:
                yield key, text


def _frames(library, place):
    yield from frames.stack(gdb.newest_frame(), library, place)


def state(session, place):
    """Yields the facts of all threads and of all variables.

    gdb numbers threads by when it saw them, which differs from run to run; here they are
    numbered in the order of what they are doing.
    """
    base = place.base_of(session.library)
    variables = list(_variables(session, base)) if base is not None else []
    threads = []
    for thread in gdb.selected_inferior().threads():
        thread.switch()
        threads.append(list(_thread(session, variables, place)))
    threads.sort()
    for number, of_thread in enumerate(threads, 1):
        for key, text in of_thread:
            yield "thread %d %s" % (number, key), text
    names = session.names()
    for unit, symbol, is_own in variables:
        if not is_own:
            text = told(_variable, symbol, place)
            key = names.key("variable " + symbol.print_name, text, unit.name)
            if key is not None:
                yield key, text
