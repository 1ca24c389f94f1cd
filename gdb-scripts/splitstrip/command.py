"""gdb's command `splitstrip`, for people: what the collectors can tell, in a session of one's own."""

import gdb

from . import frames, typetext
from .places import Places


class Splitstrip(gdb.Command):
    """What splitstrip's collectors see, as text that is the same on every run."""

    def __init__(self):
        super().__init__("splitstrip", gdb.COMMAND_DATA, prefix=True)


class State(gdb.Command):
    """Frames of all threads, with arguments and locals, addresses shown as what lies there.

    splitstrip state [LIBRARY]

    Without LIBRARY the file whose code the selected frame runs is the one whose frames are shown
    in full."""

    def __init__(self):
        super().__init__("splitstrip state", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        """Prints to gdb's output."""
        chosen = gdb.selected_thread()
        if chosen is None:
            raise gdb.GdbError("The program is not being run.")
        pc = gdb.selected_frame().pc()
        library = argument or gdb.solib_name(pc) or gdb.current_progspace().filename
        place = Places()
        for thread in sorted(gdb.selected_inferior().threads(), key=lambda one: one.num):
            thread.switch()
            gdb.write("thread %d\n" % thread.num)
            for key, text in frames.stack(gdb.newest_frame(), library, place):
                gdb.write("  %s\t%s\n" % (key, text))
        chosen.switch()


class Type(gdb.Command):
    """How a type is described in the query `types`.

    splitstrip type NAME"""

    def __init__(self):
        super().__init__("splitstrip type", gdb.COMMAND_DATA, gdb.COMPLETE_SYMBOL)

    def invoke(self, argument, from_tty):
        """Prints to gdb's output."""
        gdb.write(typetext.describe(gdb.lookup_type(argument)) + "\n")


class Where(gdb.Command):
    """What lies at an address: a symbol, a place in a file, the stack, the heap.

    splitstrip where EXPRESSION"""

    def __init__(self):
        super().__init__("splitstrip where", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, from_tty):
        """Prints to gdb's output."""
        gdb.write(Places()(int(gdb.parse_and_eval(argument))) + "\n")


def define():
    """Makes the commands known to gdb."""
    for one in (Splitstrip, State, Type, Where):
        one()
