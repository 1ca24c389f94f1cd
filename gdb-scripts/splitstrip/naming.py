"""Keys: what a thing is called, unique within a query, and the same on every run."""


def place(symbol):
    """Where `symbol` is declared: "file:line", or "" if gdb does not know."""
    symtab = symbol.symtab
    if symtab is None or not symbol.line:
        return ""
    return "%s:%d" % (symtab.filename, symbol.line)


class Names:
    """Gives out keys, each for one answer only.

    Many units define the same thing (a struct of a header): the same answer is given once. A
    different answer under the same name gets the unit's name added, then a number; units are
    always visited in the same order, so keys do not move between runs.
    """

    def __init__(self):
        self._given = {}

    def key(self, wanted, answer, unit_name):
        """The key for `answer`, or None if the same has been said already."""
        mark = hash(answer)
        given = self._given
        if wanted not in given:
            given[wanted] = {mark}
            return wanted
        marks = given[wanted]
        if mark in marks:
            return None
        marks.add(mark)
        key = "%s in %s" % (wanted, unit_name)
        count = 1
        while key in given:
            count += 1
            key = "%s in %s #%d" % (wanted, unit_name, count)
        given[key] = {mark}
        return key
