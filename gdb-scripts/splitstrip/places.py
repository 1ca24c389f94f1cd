"""Addresses of a process or a core as text that is the same on every run."""

import os
import re
from bisect import bisect_right

import gdb

_MAPPING = re.compile(r"^\s*0x([0-9a-f]+)\s+0x([0-9a-f]+)\s+0x[0-9a-f]+\s+0x([0-9a-f]+)\s*(?:[-rwxps]{4}\s*)?(.*)$")
_SEGMENT = re.compile(r"^\t0x([0-9a-f]+) - 0x([0-9a-f]+) is load\d+")
_SYMBOL = re.compile(r"^(.+?)(?: \+ (\d+))? in section \S+(?: of .*)?$")

# No mapping begins below, so it is a number and not an address.
_LOWEST = 1 << 16
_ADDRESS = (1 << 64) - 1


class Places:
    """What lies where in the process or core that gdb looks at, as of now."""

    def __init__(self):
        self._regions = {}  # start: (end, file name or "", offset in the file)
        for line in _text("info files").splitlines():
            self._add(_SEGMENT.match(line))
        for line in _text("info proc mappings").splitlines():
            self._add(_MAPPING.match(line))
        self._starts = sorted(self._regions)
        self._stacks = {self._region_of(pointer) for pointer in _stack_pointers()} - {None}
        self._known = {}

    def _add(self, match):
        if match is None:
            return
        groups = match.groups()
        file, offset = (groups[3].strip(), int(groups[2], 16)) if len(groups) == 4 else ("", 0)
        self._regions[int(groups[0], 16)] = (int(groups[1], 16), file, offset)

    def _region_of(self, address):
        index = bisect_right(self._starts, address) - 1
        if index < 0:
            return None
        start = self._starts[index]
        return start if address < self._regions[start][0] else None

    def is_address(self, number):
        """Whether `number` points into something."""
        return number >= _LOWEST and self._region_of(number) is not None

    def base_of(self, path):
        """Where the file `path` is loaded, or None."""
        path = os.path.realpath(path)
        for start in self._starts:
            _, file, offset = self._regions[start]
            if file and os.path.realpath(file) == path:
                return start - offset
        return None

    def __call__(self, address):
        """`address` as <symbol+offset>, a place in a file, "stack", "heap", or a small number."""
        text = self._known.get(address)
        if text is None:
            text = self._known[address] = self._describe(address)
        return text

    def _describe(self, address):
        if address < _LOWEST:
            return "0x%x" % address
        region = self._region_of(address)
        if region is None:
            return "0x%x" % address if address < 1 << 32 else "unmapped"
        symbol = _SYMBOL.match(_text("info symbol 0x%x" % address).partition("\n")[0])
        if symbol is not None:
            name, offset = symbol.groups()
            return "<%s+%s>" % (name, offset) if offset else "<%s>" % name
        if region in self._stacks:
            return "stack"
        _, file, offset = self._regions[region]
        if file.startswith("/"):
            return "<%s file offset 0x%x>" % (os.path.basename(file), address - region + offset)
        return file if file.startswith("[") and file not in ("[heap]", "[stack]") else "heap"


def _text(command):
    try:
        return gdb.execute(command, to_string=True)
    except gdb.error:
        return ""


def _stack_pointers():
    """The stack pointer of every thread."""
    chosen = gdb.selected_thread()
    for thread in gdb.selected_inferior().threads():
        thread.switch()
        try:
            yield int(gdb.newest_frame().read_register("sp")) & _ADDRESS  # whatever the language at hand calls integers
        except (gdb.error, ValueError):
            pass
    if chosen is not None:
        chosen.switch()
