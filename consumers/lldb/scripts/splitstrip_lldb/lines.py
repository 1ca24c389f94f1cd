"""Query `lines`: every row of every line table."""

from splitstrip.registry import collector

from .session import path_of


@collector("lines")
def lines(session):
    """Key: a unit and an address of its line table. Value: file, line, column, end of the row."""
    seen = {}
    for unit in session.units():
        name = path_of(unit.GetFileSpec())
        for index in range(unit.GetNumLineEntries()):
            row = unit.GetLineEntryAtIndex(index)
            key = "%s 0x%x" % (name, row.GetStartAddress().GetFileAddress())
            count = seen[key] = seen.get(key, 0) + 1
            if count > 1:
                key = "%s #%d" % (key, count)
            file = row.GetFileSpec()
            yield key, "%s:%d:%d to 0x%x" % (path_of(file), row.GetLine(), row.GetColumn(),
                                             row.GetEndAddress().GetFileAddress())
