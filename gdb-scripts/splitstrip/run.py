"""Runs the collectors that the harness asks for."""

import traceback

from . import settings
from . import core, functions, globals, lines, live, macros, scopes, types  # noqa: F401  (they register)
from .channel import Channel
from .parameters import Parameters
from .registry import COLLECTORS, Unavailable
from .session import Session


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
                raise Unavailable("the gdb scripts know no query of this name")
            channel.facts(query, COLLECTORS[query](session))
        except Unavailable as problem:
            channel.record("!unavailable", query, str(problem))
        except Exception as problem:  # whatever it was: it belongs into the report
            traceback.print_exc()
            channel.record("!failed", query, _what_went_wrong(problem))
        else:
            channel.record("!answered", query)
        channel.flush()


def run_parameters(path):
    """Does what the parameters in the file `path` say."""
    parameters = Parameters.load(path)
    channel = Channel.from_descriptor(parameters.channel)
    settings.normalise()
    collect(parameters.queries, Session(parameters), channel)
