"""The scene of the query `typedata`: a file in which every export stands at an address of its own.

consumers/gdb/scene.h says how it is made. Its list has one line for each export, fields parted by
tabs: kind; name; address; unit; and of some `fortran` or `other`. The kinds are function, object, shared, elsewhere-function,
elsewhere-object and unreadable.
"""

import os

import gdb


class Export:
    """One exported function or object, and where gdb is to look for it."""

    __slots__ = ("kind", "name", "address", "unit", "is_fortran")

    def __init__(self, kind, name, address, unit, language="other"):
        self.kind = kind
        self.name = name
        self.address = int(address, 16)
        self.unit = unit
        self.is_fortran = language == "fortran"


class Scene:
    """The exports of the scene in a directory; its file is loaded into gdb."""

    def __init__(self, directory):
        with open(os.path.join(directory, "exports"), encoding="utf-8", errors="surrogateescape",
                  newline="\n") as file:
            self.exports = [Export(*line.rstrip("\n").split("\t")) for line in file]
        self._shared = {(each.unit, each.name) for each in self.exports if each.kind == "shared"}
        self.exports = [each for each in self.exports if each.kind != "shared"]
        if os.path.exists(os.path.join(directory, "object")):
            gdb.execute('symbol-file "%s"' % os.path.join(directory, "object"), to_string=True)

    def is_shared(self, unit, name):
        """Whether several types of the unit may have this name."""
        # What split DWARF describes is not sorted by units here.
        name = name.partition("<")[0].rpartition("::")[2]
        # GNAT's packages are a part of the name, which gdb decodes.
        return unit == "0" or (unit, name) in self._shared or (unit, name.replace(".", "__")) in self._shared

    def find(self, export):
        """(symbol, outermost block) of what stands there, the block None for an object; or None."""
        if export.kind == "elsewhere-object":
            symbol = gdb.lookup_global_symbol(export.name.partition("@")[0])
            return (symbol, None) if symbol is not None and _is_at(symbol, export.address) else None
        block = gdb.block_for_pc(export.address)
        while block is not None and block.superblock is not None and not block.superblock.is_static:
            block = block.superblock
        # Not where the block starts: its cold part may lie before the rest.
        if block is None or block.function is None or int(block.function.value().address) != export.address:
            return None
        if export.kind == "object":
            return next(((symbol, None) for symbol in block if symbol.is_variable), None)
        return block.function, block


_REFERENCES = (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF)


def _is_at(symbol, address):
    if not symbol.is_variable or symbol.addr_class != gdb.SYMBOL_LOC_STATIC:
        return False
    # The address of a reference is that of what it refers to, which only a process knows.
    return symbol.type.strip_typedefs().code in _REFERENCES or int(symbol.value().address) == address
