"""Where to look for a library's units and blocks.

gdb's Python can go from an address to the block there and from a name to its symbol, but it lists
neither units nor blocks. The harness lists addresses and names from the unstripped library, the
same for every pair, as lines of fields parted by tabs:

    unit      NAME  LANGUAGE     a compilation unit; the lines below belong to it
    pc        HEX                where a function, a nested block or an inlined call begins
    variable  NAME               a file-scope symbol of the unit
    struct    NAME               a type with a tag, or (C++) a class
    typedef   NAME

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


def read(path):
    """Yields the UnitLandmarks of the file at `path`."""
    unit = None
    with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        for line in file:
            fields = line.rstrip("\n").split("\t")
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
