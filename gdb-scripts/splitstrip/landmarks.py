"""Where to look for a library's units and blocks.

gdb's Python can go from an address to the block there and from a name to its symbol, but it lists
neither units nor blocks. The harness lists addresses and names from the unstripped library, the
same for every pair, as lines of fields parted by tabs:

    unit      NAME  LANGUAGE     a compilation unit; the lines below belong to it
    pc        HEX                where a function, a nested block or an inlined call begins
    variable  NAME               a file-scope symbol of the unit, if the unit has no code
    struct    NAME               a type of the unit; also union, enum, class, typedef, base

Addresses are the library's own, before any loading.
"""

from bisect import bisect_left


class UnitLandmarks:
    """What is known beforehand of one compilation unit."""

    __slots__ = ("name", "language", "pcs", "names")

    def __init__(self, name, language):
        self.name = name
        self.language = language
        self.pcs = []
        self.names = []

    def pcs_within(self, start, end):
        """The landmarks in [start, end), ascending."""
        return self.pcs[bisect_left(self.pcs, start) : bisect_left(self.pcs, end)]


TYPES = ("struct", "union", "enum", "class", "typedef")


def _records(path):
    with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        for line in file:
            yield line.rstrip("\n").split("\t")


def type_names(path):
    """Each type's (kind, name) once, in the order of the file; base types are left out."""
    return list(dict.fromkeys(tuple(fields) for fields in _records(path) if fields[0] in TYPES))


def read(path):
    """Yields the UnitLandmarks of the file at `path`."""
    unit = None
    for fields in _records(path):
        if fields[0] == "unit":
            if unit:
                yield unit
            unit = UnitLandmarks(fields[1], fields[2])
        elif fields[0] == "pc":
            unit.pcs.append(int(fields[1], 16))
        else:
            unit.names.append((fields[0], fields[1]))
    if unit:
        yield unit
