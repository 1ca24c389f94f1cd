"""The driver as lldb's process: started, stopped, and gone again."""

import os
import signal
import threading
import time

import lldb

from splitstrip.asleep import READY, wait_asleep
from splitstrip.registry import Unavailable

_OUTPUT = "driver-output"  # in the working directory, which is the run's own


class Inferior:
    """Runs the driver with nothing in its environment but what is given.

    with Inferior(session) as inferior:
        point = inferior.break_at("some_function")
        inferior.go()
    """

    def __init__(self, session, environment=()):
        self._session = session
        self._environment = list(environment)
        self.process = None
        self.target = None

    def __enter__(self):
        self.target = self._session.create_target(self._session.parameters.driver["program"])
        return self

    def __exit__(self, *_):
        if self.process is not None:
            self.process.Kill()
        self._session.debugger.DeleteTarget(self.target)

    def break_at(self, spec):
        """A breakpoint at a function of the library or a FILE:LINE in it."""
        library = lldb.SBFileSpecList()
        library.Append(lldb.SBFileSpec(self._session.library))
        file, colon, line = spec.rpartition(":")
        if colon and line.isdigit():
            return self.target.BreakpointCreateByLocation(
                lldb.SBFileSpec(file, False), int(line), 0, 0, library)
        return self.target.BreakpointCreateByName(
            spec, lldb.eFunctionNameTypeAuto, library, lldb.SBFileSpecList())

    def start(self):
        """Lets the driver run until it stops for the first time."""
        launch = lldb.SBLaunchInfo(list(self._session.parameters.driver.get("arguments", ())))
        launch.SetEnvironmentEntries(self._environment, False)
        launch.SetLaunchFlags(lldb.eLaunchFlagDisableASLR)
        launch.AddOpenFileAction(0, "/dev/null", True, False)
        with open(_OUTPUT, "wb"):
            pass
        for descriptor in (1, 2):
            launch.AddOpenFileAction(descriptor, os.path.abspath(_OUTPUT), False, True)
        gone = threading.Event()
        if self._environment:
            threading.Thread(target=_interrupt_when_ready, args=(self.target, gone), daemon=True).start()
        problem = lldb.SBError()
        try:
            self.process = self.target.Launch(launch, problem)
        finally:
            gone.set()
        if not problem.Success():
            raise Unavailable("this machine lets lldb run no program: %s" % problem)
        return self.why()

    def go(self):
        """Lets the driver run on, and returns why it stopped again."""
        if self.process is None:
            return self.start()
        self.process.Continue()
        return self.why()

    def thread(self):
        """The thread that stopped, or None."""
        for thread in self.process:
            if thread.GetStopReason() not in (lldb.eStopReasonNone, lldb.eStopReasonInvalid):
                return thread
        return None

    def why(self):
        """ "breakpoint", "signal SIGINT", "exited 0" and the like."""
        if self.process.GetState() == lldb.eStateExited:
            return "exited %d" % self.process.GetExitStatus()
        thread = self.thread()
        if thread is None:
            return "stopped"
        if thread.GetStopReason() == lldb.eStopReasonBreakpoint:
            return "breakpoint"
        if thread.GetStopReason() == lldb.eStopReasonSignal:
            return thread.GetStopDescription(64)
        return "stopped"


def _interrupt_when_ready(target, gone):
    """Interrupts the driver once it says that it is ready."""
    while not gone.is_set():
        time.sleep(0.02)
        with open(_OUTPUT, "rb") as output:
            if READY not in output.read():
                continue
        pid = target.GetProcess().GetProcessID()
        try:
            wait_asleep(pid)  # it has said so, but is not there yet
            os.kill(pid, signal.SIGINT)
        except OSError:
            pass  # it is gone: nothing to interrupt
        return
