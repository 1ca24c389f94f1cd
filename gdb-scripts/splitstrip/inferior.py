"""The driver as gdb's inferior: started, stopped, and gone again."""

import os
import signal
import threading

import gdb

from .asleep import READY, wait_asleep
from .registry import Unavailable


class Stop:
    """Why the driver stopped."""

    def __init__(self, why, breakpoints=()):
        self.why = why  # "breakpoint", "signal SIGABRT", "stopped", "exited 0"
        self.breakpoints = breakpoints


class Inferior:
    """Runs the driver with nothing in its environment but what is given.

    with Inferior(session) as inferior:
        point = gdb.Breakpoint("some_function")
        stop = inferior.go("continue")

    It begins at the very first instruction: no library is loaded then, so that breakpoints are
    always set in the same way, by waiting for it.
    """

    _started = 0  # how many drivers at gdbserver

    def __init__(self, session, environment=()):
        self._driver = session.parameters.driver
        self._gdbserver = session.parameters.gdbserver
        self._environment = dict(environment)
        self._stop = None

    def __enter__(self):
        for command in ("set startup-with-shell off", "set disable-randomization on",
                        "set auto-load libthread-db on", "set breakpoint pending on",
                        "set detach-on-fork on", "set stop-on-solib-events 0", "unset environment"):
            gdb.execute(command, to_string=True)
        for name, value in self._environment.items():
            gdb.execute("set environment %s %s" % (name, value), to_string=True)
        gdb.execute("set args " + " ".join(map(_quoted, self._driver.get("arguments", ()))))
        gdb.events.stop.connect(self._stopped)
        gdb.events.exited.connect(self._exited)
        self._begin()
        return self

    def __exit__(self, *_):
        gdb.events.stop.disconnect(self._stopped)
        gdb.events.exited.disconnect(self._exited)
        for breakpoint in gdb.breakpoints() or ():
            breakpoint.delete()
        if gdb.selected_inferior().pid:
            gdb.execute("kill", to_string=True)
        if self._gdbserver:
            gdb.execute("disconnect", to_string=True)

    def _stopped(self, event):
        if isinstance(event, gdb.BreakpointEvent):
            self._stop = Stop("breakpoint", tuple(event.breakpoints))
        elif isinstance(event, gdb.SignalEvent):
            self._stop = Stop("signal " + event.stop_signal)
        else:
            self._stop = Stop("stopped")

    def _exited(self, event):
        self._stop = Stop("exited %s" % getattr(event, "exit_code", "by a signal"))

    def go(self, command):
        """Executes a command that lets the driver run, and returns why it stopped again."""
        self._stop = None
        gdb.execute(command, to_string=True)
        return self._stop or Stop("stopped")

    def go_until_ready(self):
        """Lets it run until it waits to be looked at, and stops it there.

        The driver says that it does on its standard output; see SPLITSTRIP_PAUSE in
        harness/subject/subject.h.
        """
        return self.go("continue")

    def _begin(self):
        """Starts the driver. What it writes to its standard output comes to us."""
        try:
            reading = self._begin_at_gdbserver() if self._gdbserver else self._begin_here()
        except gdb.error as problem:
            if "ptrace" in str(problem):
                raise Unavailable("this machine lets gdb run no program: %s" % problem) from problem
            raise
        pid = gdb.selected_inferior().pid
        threading.Thread(target=_interrupt_when_ready, args=(reading, pid), daemon=True).start()

    @staticmethod
    def _begin_here():
        """The driver's standard output is gdb's."""
        reading, writing = os.pipe()
        saved = os.dup(1)
        os.dup2(writing, 1)
        os.close(writing)
        try:
            gdb.execute("starti", to_string=True)
        finally:
            os.dup2(saved, 1)
            os.close(saved)
        return reading

    def _begin_at_gdbserver(self):
        """The driver's standard output is gdbserver's standard error: its own is the way to gdb.

        gdb would keep that for itself, but the shell that it starts gdbserver with knows better.
        """
        Inferior._started += 1
        # In the working directory, which is the run's own. A pipe for each: one that had been read
        # from before might have a reader still.
        name = "driver-output-%d" % Inferior._started
        os.mkfifo(name)
        reading = os.open(name, os.O_RDONLY | os.O_NONBLOCK)  # without waiting for somebody to write
        os.set_blocking(reading, True)
        gdb.execute("target extended-remote | exec env -i %s --multi --once - 2>%s" % (_quoted(self._gdbserver), name),
                    to_string=True)
        gdb.execute("set remote exec-file " + self._driver["program"], to_string=True)
        gdb.execute("starti", to_string=True)
        return reading


def _interrupt_when_ready(descriptor, pid):
    """Reads what the driver writes, to its end, and interrupts it when it says that it is ready."""
    text = b""
    with open(descriptor, "rb", buffering=0) as output:
        for piece in iter(lambda: output.read(4096), b""):
            text = (text + piece)[-4096:]
            if READY not in text:
                continue
            text = b""
            try:
                wait_asleep(pid)  # it has said so, but is not there yet
                os.kill(pid, signal.SIGINT)
            except OSError:
                pass  # it is gone: nothing to interrupt


def _quoted(argument):
    """An argument as `set args` takes it apart again without a shell."""
    return "'%s'" % argument.replace("'", "'\\''")
