"""Which exports the full DWARF describes, read by pyelftools alone.

An export is described if any unit has a subprogram or variable at its address, or an external one of its
name, at the top or in a namespace or class. What the assembler writes about its sources has no types and
does not count, nor does the resolver at an IFUNC's address.
"""

from elftools.dwarf.descriptions import describe_form_class

SCOPES = ("DW_TAG_namespace", "DW_TAG_class_type", "DW_TAG_structure_type", "DW_TAG_module")
CONTAINERS = ("DW_TAG_namespace", "DW_TAG_module")
DW_OP_ADDR = 0x03
TLS_OPERATORS = (0x9B, 0xE0)  # DW_OP_form_tls_address, DW_OP_GNU_push_tls_address
DW_LANG_MIPS_ASSEMBLER = 0x8001
C = (0x01, 0x02, 0x0C, 0x1D)
CXX = (0x04, 0x1A, 0x21, 0x2B)


class Described:
    """The DIEs that describe the wanted exports, by address and by name."""

    def __init__(self, elf, wanted):
        self.dwarf = elf.get_dwarf_info(follow_links=True)
        self.order = "little" if elf.little_endian else "big"
        self.ranges = self.dwarf.range_lists()
        self.addresses = {"function": {}, "object": {}}
        self.thread_offsets = {}
        self.names = {"function": {}, "object": {}}
        self.assembly = set()  # names in units of the assembler's
        for export in wanted:
            self.names[export.kind][export.name] = []
            if export.tls:
                self.thread_offsets[export.address] = []
            else:
                self.addresses[export.kind][export.address] = []
        for unit in self.dwarf.iter_CUs():
            top = unit.get_top_DIE()
            if language(top) == DW_LANG_MIPS_ASSEMBLER:
                for die in unit.iter_DIE_children(top):
                    self.assembly.update(names_of(die)[0])
            else:
                self._children(unit, top, language(top) in CXX)

    def _children(self, unit, parent, cxx):
        for die in unit.iter_DIE_children(parent):
            if die.tag in ("DW_TAG_subprogram", "DW_TAG_variable"):
                self._add(unit, die)
            elif die.has_children and (die.tag in CONTAINERS or (cxx and die.tag in SCOPES)):
                self._children(unit, die, cxx)

    def _add(self, unit, die):
        kind = "function" if die.tag == "DW_TAG_subprogram" else "object"
        names, external = names_of(die)
        if external:
            for name in names:
                _add_to(self.names[kind], name, die)
        if kind == "function":
            for address in self._entry(unit, die):
                _add_to(self.addresses[kind], address, die)
        else:
            self._location(die)

    def _entry(self, unit, die):
        if "DW_AT_low_pc" in die.attributes:
            attribute = die.attributes["DW_AT_low_pc"]
            # Indices into .debug_addr: split DWARF, found by name only.
            return [attribute.value] if attribute.form == "DW_FORM_addr" else []
        if "DW_AT_ranges" not in die.attributes or self.ranges is None:
            return []
        base = unit.get_top_DIE().attributes.get("DW_AT_low_pc")
        base = base.value if base is not None else 0
        found = []
        for entry in self.ranges.get_range_list_at_offset(die.attributes["DW_AT_ranges"].value, cu=unit):
            if hasattr(entry, "base_address"):
                base = entry.base_address
            else:
                found.append(entry.begin_offset + (0 if getattr(entry, "is_absolute", False) else base))
        return found

    def _location(self, die):
        attribute = die.attributes.get("DW_AT_location")
        if attribute is None or describe_form_class(attribute.form) not in ("exprloc", "block"):
            return
        block = bytes(attribute.value)
        if block[:1] == bytes([DW_OP_ADDR]) and len(block) in (5, 9):
            _add_to(self.addresses["object"], int.from_bytes(block[1:], self.order), die)
        elif block and block[-1] in TLS_OPERATORS and len(block) in (6, 10):
            _add_to(self.thread_offsets, int.from_bytes(block[1:-1], self.order), die)

    def by_address(self, export):
        """The DIEs of what lies at this export's address."""
        if export.ifunc:
            return []
        if export.tls:
            return self.thread_offsets[export.address]
        return self.addresses[export.kind][export.address]

    def of(self, export):
        """The DIEs that describe it: by address, else by name."""
        return self.by_address(export) or self.names[export.kind][export.name]


def _add_to(table, key, die):
    if key in table:
        table[key].append(die)


def language(top):
    """DW_AT_language of a unit's top DIE, or None."""
    attribute = top.attributes.get("DW_AT_language")
    return attribute.value if attribute is not None else None


def origin(die):
    """The DIE that this one completes, or None."""
    for reference in ("DW_AT_abstract_origin", "DW_AT_specification"):
        if reference in die.attributes:
            return die.get_DIE_from_attribute(reference)
    return None


def names_of(die):
    """Names of a DIE, also through the ones it completes, linkage names first; whether it is external."""
    names, external = [], False
    while die is not None:
        for attribute in ("DW_AT_linkage_name", "DW_AT_MIPS_linkage_name", "DW_AT_name"):
            if attribute in die.attributes:
                names.append(die.attributes[attribute].value.decode("utf-8", "replace"))
        external = external or "DW_AT_external" in die.attributes
        die = origin(die)
    return names, external


def entries(elf):
    """{"function": {name: DIE}, "object": {name: DIE}} of an extracted object, by linkage name."""
    found = {"function": {}, "object": {}}
    for unit in elf.get_dwarf_info().iter_CUs():
        stack = [unit.get_top_DIE()]
        while stack:
            for die in unit.iter_DIE_children(stack.pop()):
                if die.tag in ("DW_TAG_subprogram", "DW_TAG_variable"):
                    kind = "function" if die.tag == "DW_TAG_subprogram" else "object"
                    names, _ = names_of(die)
                    if names:
                        found[kind][names[0]] = die
                elif die.tag in CONTAINERS:
                    stack.append(die)
    return found
