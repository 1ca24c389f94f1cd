"""When a driver has come to rest, whichever debugger runs it: nothing here knows gdb."""

import glob
import time

# What a driver says on its standard output; see SPLITSTRIP_PAUSE in harness/subject/subject.h.
READY = b"splitstrip: ready\n"


def _state_of(pid):
    """The states of all threads of a process, in letters of proc(5), and the time they have used."""
    states, used = set(), 0
    for file in glob.glob("/proc/%d/task/*/stat" % pid):
        with open(file, encoding="utf-8", errors="replace") as text:
            fields = text.read().rpartition(")")[2].split()
        states.add(fields[0])
        used += int(fields[11]) + int(fields[12])
    return states, used


def wait_asleep(pid):
    """Returns when all threads of the process sleep, and have done so for a while.

    Raises OSError if it is gone.
    """
    still, last = 0, None
    while still < 4:
        time.sleep(0.02)
        now = _state_of(pid)
        if not now[0]:
            raise ProcessLookupError(pid)
        still = still + 1 if now == last and now[0] == {"S"} else 0
        last = now
