"""The list of collectors: one per query, never two."""

COLLECTORS = {}


def collector(query):
    """Registers the decorated generator function as the answer to `query`.

    It is called with one `Session` and yields (key, value) pairs of text. It may raise
    `Unavailable` if this gdb cannot be asked.
    """

    def register(function):
        if query in COLLECTORS:
            raise ValueError("two collectors for the query %r" % query)
        COLLECTORS[query] = function
        return function

    return register


class Unavailable(Exception):
    """This gdb cannot answer here; the text says why."""
