"""Puts queries to collectors, whichever debugger they run in: nothing here knows gdb."""

import traceback

from .registry import COLLECTORS, Unavailable
from .safely import Watch


def _what_went_wrong(problem):
    """One line: the error and the place in these scripts."""
    where = traceback.extract_tb(problem.__traceback__)[-1]
    file = where.filename.rpartition("/")[2]
    return "%s: %s (%s:%d)" % (type(problem).__name__, " ".join(str(problem).split()), file, where.lineno)


def collect(queries, session, channel):
    """Asks every query to its end; one that fails does not stop the others."""
    for query in queries:
        try:
            if query not in COLLECTORS:
                raise Unavailable("the scripts know no query of this name")
            channel.facts(query, Watch(COLLECTORS[query](session)))
        except Unavailable as problem:
            channel.record("!unavailable", query, str(problem))
        except Exception as problem:  # whatever it was: it belongs into the report
            traceback.print_exc()
            channel.record("!failed", query, _what_went_wrong(problem))
        else:
            channel.record("!answered", query)
        channel.flush()
