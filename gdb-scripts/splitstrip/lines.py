"""Query `lines`: which line an address belongs to."""

import re

import gdb

from .registry import collector
from .safely import facts, told

_SYMTAB = re.compile(r"^symtab: (.*) \(\(struct symtab \*\) .*\)$")
_ROW = re.compile(r"^\d+ +(\d+|END) +(0x[0-9a-f]+) *(.*)$")


def _rows():
    """Yields (file, address, "12" or "12 not a statement") of every row of every line table.

    Parsed from text: gdb's Python lists no line tables, and its rows do not tell is-statement.
    """
    file = ""
    for line in gdb.execute("maint info line-table", to_string=True).splitlines():
        row = _ROW.match(line)
        if row is None:
            symtab = _SYMTAB.match(line)
            if symtab is not None:
                file = symtab.group(1)
            continue
        number, address, flags = row.groups()
        if number == "END":
            number = "end"
        elif "Y" not in flags:
            number += " not a statement"
        yield file, int(address, 16), number


def _tables():
    """Joins the rows of one file and address into one fact; they stand one after the other."""
    last, numbers = None, []
    for file, address, number in _rows():
        if (file, address) != last:
            if last is not None:
                yield last, numbers
            last, numbers = (file, address), []
        numbers.append(number)
    if last is not None:
        yield last, numbers


def _row_at(pc):
    """The row that covers `pc`; None if none does."""
    sal = gdb.find_pc_line(pc)
    if sal.symtab is None:
        return None
    return "%s:%d, 0x%x to 0x%x" % (sal.symtab.filename, sal.line, sal.pc, sal.last or sal.pc)


def _resolved(unit):
    """Yields what gdb makes of each landmark."""
    for pc in unit.landmarks.pcs:
        text = told(_row_at, pc)
        if text is not None:
            yield "0x%x" % pc, text


@collector("lines")
def lines(session):
    """Key: a file and an address of its line table, or an address alone. Value: line numbers."""
    names = session.names()
    for unit in session.units():
        for wanted, text in _resolved(unit):
            key = names.key(wanted, text, unit.name)
            if key is not None:
                yield key, text
    yield from facts("the line tables", _numbered)


def _numbered():
    """Yields a fact for each file and address of the line tables."""
    seen = {}
    for (file, address), numbers in _tables():
        # Two units may have rows for the same file; an empty one may end where another begins.
        count = seen[file, address] = seen.get((file, address), 0) + 1
        key = "%s 0x%x" % (file, address)
        yield key if count == 1 else "%s #%d" % (key, count), ", ".join(numbers)
