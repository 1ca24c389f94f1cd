"""Plays one part of a crash case in a child process and tells how it ended."""

import ctypes
import os
import resource
import runpy
import signal

SECONDS = 60  # wall clock, for each part: they take milliseconds, on a busy machine a second


class Ending:
    """How a part ended: `text` is the fact, `message` what an exception said."""

    def __init__(self, text, message=""):
        self.text = text
        self.message = message


def play(library, script, part, prepare=None, afterwards=None):
    """Calls the function `part` of `script` with `library` loaded, in a forked process.

    `prepare` is called first; what `afterwards` says when the part has returned is the ending's message.
    The text of the ending is "returns" and the result's repr, "raises" and the exception's class, "killed by" and the signal's name, or "exits
    with" and the status. ctypes.ArgumentError is what ctypes makes of the TypeError of a conversion,
    and counts as one.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reader)
            os.write(writer, _ending_of(library, script, part, prepare, afterwards).encode("utf-8", "backslashreplace"))
            status = 0
        finally:
            os._exit(status)  # nothing of the parent's is to be done twice
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read().decode("utf-8", "replace")
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGALRM:
            return Ending("does not end within %d s" % SECONDS)
        return Ending("killed by %s" % signal.Signals(number).name)
    if os.WEXITSTATUS(status) != 0 or not told:
        return Ending("exits with %d" % os.WEXITSTATUS(status))
    text, _, message = told.partition("\n")
    return Ending(text, message)


def _ending_of(library, script, part, prepare, afterwards):
    """In the child: "returns 5", or "raises TypeError", a newline and the message."""
    signal.alarm(SECONDS)  # nobody handles it
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        if prepare:
            prepare()
        function = runpy.run_path(script)[part]
        text = "returns %s" % _one_line(repr(function(ctypes.CDLL(library))))
        return "%s\n%s" % (text, afterwards()) if afterwards else text
    except Exception as error:
        refused = isinstance(error, (TypeError, ctypes.ArgumentError))
        kind = "TypeError" if refused else type(error).__name__
        return "raises %s\n%s" % (kind, error)


def _one_line(text):
    return text.replace("\n", " ")
