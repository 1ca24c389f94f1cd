"""Finds what a library consists of: its units, their symbols, and the blocks of a function."""

import gdb

from . import landmarks


class Unit:
    """A compilation unit that gdb has symbols for."""

    __slots__ = ("name", "language", "static_block", "global_block", "landmarks")

    def __init__(self, known, static_block):
        self.name = known.name
        self.language = known.language
        self.static_block = static_block
        self.global_block = static_block.superblock
        self.landmarks = known

    def symbols(self):
        """Every file-scope symbol: first those that other units see, then the unit's own."""
        yield from self.global_block
        yield from self.static_block


_DOMAINS = dict.fromkeys(("struct", "union", "enum", "class"), gdb.SYMBOL_STRUCT_DOMAIN)


def type_symbol(kind, name):
    """The symbol that gdb finds for a type by its name alone, or None."""
    domain = _DOMAINS.get(kind, gdb.SYMBOL_VAR_DOMAIN)
    # In this order, as gdb has it for C; a type of C++ is known to all units.
    return gdb.lookup_static_symbol(name, domain) or gdb.lookup_global_symbol(name, domain)


def _static_blocks_by_name(kind, name):
    """The static blocks of all units that have a file-scope symbol `name`."""
    domain = _DOMAINS.get(kind, gdb.SYMBOL_VAR_DOMAIN)
    found = []
    if hasattr(gdb, "lookup_static_symbols"):  # gdb 10
        found.extend(gdb.lookup_static_symbols(name, domain))
    else:
        found.append(gdb.lookup_static_symbol(name, domain))
    found.append(gdb.lookup_global_symbol(name, domain))
    return [symbol.symtab.static_block() for symbol in found if symbol is not None and symbol.symtab is not None]


def read_all():
    """Has gdb read all units now, in the order of the file.

    Where a linker has folded functions to one address (--icf), gdb takes for an address the function of a
    unit that it has read already: then the answer would depend on what was asked before.
    """
    gdb.execute("maint expand-symtabs", to_string=True)


def units(path, base=0):
    """Yields a Unit for each unit of the landmarks file `path` that gdb knows.

    `base` is where the library is loaded.
    """
    asked = set()
    for known in landmarks.read(path):
        for pc in known.pcs:
            block = gdb.block_for_pc(base + pc)
            if block is not None:
                yield Unit(known, block.static_block)
                break
        if known.pcs:
            continue
        # A unit without code is reached by a name, which brings all units that have it.
        for kind, name in known.names:
            if (kind, name) in asked:
                break
            asked.add((kind, name))
            blocks = [one for one in _static_blocks_by_name(kind, name) if one.start == one.end]
            for static_block in blocks:
                yield Unit(known, static_block)
            if blocks:
                break


def function_block(symbol):
    """The outermost block of the function `symbol`, or None if it has no code of its own."""
    block = gdb.block_for_pc(int(symbol.value().address))
    while block is not None and block.superblock is not None and not block.superblock.is_static:
        block = block.superblock
    return block if block is not None and block.function is not None else None


def functions(unit):
    """Yields the symbol of each function in `unit`; what has no code of its own is among them."""
    for symbol in unit.symbols():
        if symbol.addr_class == gdb.SYMBOL_LOC_BLOCK:
            yield symbol


def chain(pc):
    """The blocks around `pc` within its function, outermost first."""
    blocks = []
    block = gdb.block_for_pc(pc)
    while block is not None and not block.is_static and not block.is_global:
        blocks.append(block)
        block = block.superblock
    blocks.reverse()
    return blocks
