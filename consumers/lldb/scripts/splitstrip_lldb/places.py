"""Addresses of a process or a core as text that is the same on every run."""

import lldb

# No mapping begins below, so it is a number and not an address.
_LOWEST = 1 << 16


class Places:
    """What lies where in the process or core that lldb looks at, as of now."""

    def __init__(self, process):
        self._process = process
        self._target = process.GetTarget()
        self._known = {}
        self._stacks = {self._region_of(thread.GetFrameAtIndex(0).GetSP()) for thread in process} - {None}

    def _region_of(self, address):
        region = lldb.SBMemoryRegionInfo()
        if self._process.GetMemoryRegionInfo(address, region).Fail() or not region.IsReadable():
            return None
        return region.GetRegionBase()

    def is_address(self, number):
        """Whether `number` points into something."""
        return number >= _LOWEST and self(number) != "unmapped"

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
        if region in self._stacks:
            return "stack"
        resolved = self._target.ResolveLoadAddress(address)
        module = resolved.GetModule()
        if not module.IsValid():
            return "heap"
        symbol = resolved.GetSymbol()
        if symbol.IsValid():
            offset = resolved.GetFileAddress() - symbol.GetStartAddress().GetFileAddress()
            return "<%s+%d>" % (symbol.GetName(), offset) if offset else "<%s>" % symbol.GetName()
        return "<%s 0x%x>" % (module.GetFileSpec().GetFilename(), resolved.GetFileAddress())
