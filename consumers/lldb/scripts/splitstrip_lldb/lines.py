"""Query `lines`: every row of every line table."""

from splitstrip.registry import collector
from splitstrip.safely import facts, told

from .session import path_of


def _rows(unit, name):
    for index in range(unit.GetNumLineEntries()):
        row = unit.GetLineEntryAtIndex(index)
        yield "%s 0x%x" % (name, row.GetStartAddress().GetFileAddress()), told(_row, row)


def _row(row):
    return "%s:%d:%d to 0x%x" % (path_of(row.GetFileSpec()), row.GetLine(), row.GetColumn(),
                                 row.GetEndAddress().GetFileAddress())


@collector("lines")
def lines(session):
    """Key: a unit and an address of its line table. Value: file, line, column, end of the row."""
    seen = {}
    for unit in session.units():
        name = told(path_of, unit.GetFileSpec())
        for key, text in facts("rows of " + name, _rows, unit, name):
            count = seen[key] = seen.get(key, 0) + 1
            yield key if count == 1 else "%s #%d" % (key, count), text
