"""From the parameters to the facts of each query."""

from splitstrip_ctypes import cases, declarations

_COLLECTORS = {"ffi-crash": cases.collect, "ffi-types": declarations.collect}


def run(parameters, channel):
    """Answers each of `parameters["queries"]` on `channel`."""
    for query in parameters["queries"]:
        try:
            channel.facts(query, _COLLECTORS[query](parameters))
        except Exception as error:  # whatever it was, the other queries can be answered
            channel.record("!failed", query, "%s: %s" % (type(error).__name__, error))
        else:
            channel.record("!answered", query)
