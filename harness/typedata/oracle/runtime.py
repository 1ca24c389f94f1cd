"""Test oracle: whether libtypedata tells what other readers find in the same typedata.

usage: runtime.py NAME BUILD_TOOL LIBTYPEDATA [OTHER]

Builds typedata for the installed library NAME, opens it with libtypedata, and compares, for every function
and object, name by name: which entry is found, returned type, parameters with name and type, flags; for every
type its kind, size and name, and each member's type, offset and width, each enumerator's value and each
dimension's length, as pyelftools has them. What is printed for a function must be what pfunct prints for it.
Each function must be the same as itself. Prints the counts and the first faults; exits 1 if there are any, 2
if there was nothing to compare, 77 if the library or its debug package is not installed. With OTHER it is its
own control: the other readers are given the typedata of that library, and it fails if it finds no faults.
"""

import ctypes
import os
import sys
import tempfile

from check_library import SKIPPED, installed, run
from described import entries
from exports import open_elf
from prototypes import pfunct, squeezed

TYPE, SIZE, NONE, UNKNOWN = ctypes.c_uint32, ctypes.c_uint64, 2**32 - 1, 2**64 - 1
VARIADIC, PROTOTYPED = 1, 2
KINDS = (
    "", "base_type", "unspecified_type", "pointer_type", "reference_type", "ptr_to_member_type", "const_type",
    "volatile_type", "restrict_type", "atomic_type", "typedef", "structure_type", "union_type",
    "enumeration_type", "array_type", "subroutine_type",
)
SAME_KIND = {"class_type": "structure_type", "rvalue_reference_type": "reference_type"}


class Info(ctypes.Structure):
    """typedata_info."""

    _fields_ = [
        ("kind", ctypes.c_int), ("flags", ctypes.c_uint), ("encoding", ctypes.c_uint), ("target", TYPE),
        ("size", SIZE), ("alignment", SIZE), ("count", SIZE), ("name", ctypes.c_char_p),
    ]


class Item(ctypes.Structure):
    """typedata_item."""

    _fields_ = [
        ("name", ctypes.c_char_p), ("type", TYPE), ("base_class", ctypes.c_bool), ("bit_offset", SIZE),
        ("bit_size", SIZE), ("value", ctypes.c_int64),
    ]


class Types:
    """A library's types as libtypedata tells them."""

    def __init__(self, library, path):
        self.api = ctypes.CDLL(library)
        self.handle = ctypes.c_void_p()
        error = ctypes.create_string_buffer(512)
        if self.api.typedata_open(path.encode(), 0, ctypes.byref(self.handle), error) != 0:
            raise RuntimeError(error.value.decode())
        self.api.typedata_find_function.restype = self.api.typedata_find_object.restype = TYPE
        self.api.typedata_describe.restype = ctypes.c_bool
        self.api.typedata_items.restype = ctypes.c_size_t

    def function(self, name):
        """The function's type."""
        return self.api.typedata_find_function(self.handle, name.encode())

    def object(self, name):
        """The object's type."""
        return self.api.typedata_find_object(self.handle, name.encode())

    def describe(self, number):
        """Its Info, or None."""
        info = Info()
        return info if self.api.typedata_describe(self.handle, TYPE(number), ctypes.byref(info)) else None

    def items(self, number, count):
        """Its items."""
        items = (Item * count)()
        return list(items)[: self.api.typedata_items(self.handle, TYPE(number), items, ctypes.c_size_t(count))]

    def print(self, number, name):
        """It as C."""
        text = ctypes.create_string_buffer(16 * 1024)
        self.api.typedata_print(self.handle, TYPE(number), name.encode(), text, ctypes.c_size_t(len(text)))
        return text.value.decode("utf-8", "replace")

    def compare(self, number, flags):
        """What it differs in from itself, or None."""
        words = ctypes.create_string_buffer(512)
        verdict = self.api.typedata_compare(
            self.handle, TYPE(number), self.handle, TYPE(number), flags, words, ctypes.c_size_t(len(words))
        )
        return words.value.decode() or str(verdict) if verdict else None


def value(die, name):
    """An attribute's value, or None."""
    attribute = die.attributes.get("DW_AT_" + name)
    return None if attribute is None else attribute.value


def text(die):
    """The DIE's name."""
    return value(die, "name") or b""


def reference(die):
    """The offset of its DW_AT_type; 0 for void."""
    return die.get_DIE_from_attribute("DW_AT_type").offset if "DW_AT_type" in die.attributes else 0


def children(die, *tags):
    """Those of its children that have one of the tags."""
    return [child for child in die.iter_children() if child.tag in ["DW_TAG_" + tag for tag in tags]]


def member(die):
    """(name, type, bit offset, bit width) of a member."""
    location, bits = value(die, "data_member_location"), value(die, "data_bit_offset")
    if bits is None:
        bits = UNKNOWN if isinstance(location, list) else (location or 0) * 8
    return (text(die), reference(die), bits, value(die, "bit_size") or 0)


def dimension(die):
    """The number of elements, -1 if it is not told."""
    count, upper = value(die, "count"), value(die, "upper_bound")
    if count is not None:
        return count if isinstance(count, int) else -1
    if not isinstance(upper, int):
        return -1
    return 0 if upper in (-1, 2**32 - 1, 2**64 - 1) else upper + 1


def expected_items(die, tag):
    """What typedata_items() is to tell of a type."""
    if tag in ("structure_type", "union_type"):
        static = lambda child: "DW_AT_external" in child.attributes or "DW_AT_declaration" in child.attributes
        return [member(child) for child in children(die, "member", "inheritance") if not static(child)]
    if tag == "enumeration_type":
        return [(text(child), value(child, "const_value")) for child in children(die, "enumerator")]
    if tag == "array_type":
        return [dimension(child) for child in children(die, "subrange_type")] or [-1]
    if tag in ("subroutine_type", "subprogram"):
        return [(text(child), reference(child)) for child in children(die, "formal_parameter")]
    return []


def told_items(items, tag):
    """The same from libtypedata."""
    if tag in ("structure_type", "union_type"):
        return [(item.name, item.type, item.bit_offset, item.bit_size) for item in items]
    if tag == "enumeration_type":
        return [(item.name, item.value) for item in items]
    if tag == "array_type":
        return [item.value for item in items]
    return [(item.name, item.type) for item in items]


class Faults:
    """Counts, and prints the first ones."""

    def __init__(self):
        self.count = 0

    def add(self, what, mine, theirs):
        """One of them."""
        self.count += 1
        if self.count <= 20:
            print("  %s: %s instead of %s" % (what, mine, theirs))

    def expect(self, what, mine, theirs):
        """A fault unless both are equal."""
        if mine != theirs:
            self.add(what, mine, theirs)


def check_type(types, die, faults):
    """One DIE that is a type or function; returns whether it is one."""
    tag = die.tag.removeprefix("DW_TAG_")
    tag = SAME_KIND.get(tag, tag)
    kind = "subroutine_type" if tag == "subprogram" else tag
    if kind not in KINDS:
        return False
    what = "%#x %s %s" % (die.offset, tag, text(die).decode("utf-8", "replace"))
    info = types.describe(die.offset)
    if info is None:
        faults.add(what, "nothing", "a type")
        return True
    faults.expect(what + " kind", KINDS[info.kind], kind)
    faults.expect(what + " name", info.name, text(die))
    faults.expect(what + " target", info.target, reference(die))
    if isinstance(value(die, "byte_size"), int):
        faults.expect(what + " size", info.size, value(die, "byte_size"))
    items = told_items(types.items(die.offset, info.count), tag)
    faults.expect(what + " items", items, expected_items(die, tag))
    if kind == "subroutine_type":
        variadic = bool(children(die, "unspecified_parameters"))
        faults.expect(what + " variadic", bool(info.flags & VARIADIC), variadic)
    return True


def main(arguments):
    """All comparisons; returns the exit code."""
    name, build_tool, libtypedata, *other = arguments
    pair = installed(name)
    others = installed(other[0]) if other else pair
    if pair is None or others is None:
        print("%s or its debug package is not installed" % name)
        return SKIPPED
    faults = Faults()
    with tempfile.TemporaryDirectory() as directory:
        extracted, carrier = os.path.join(directory, "types"), os.path.join(directory, name)
        if not run("build", [build_tool, pair[1], pair[0], extracted, carrier]):
            return 1
        if other and not run("build", [build_tool, others[1], others[0], extracted]):
            return 1
        types = Types(os.path.abspath(libtypedata), carrier)
        elf = open_elf(extracted)
        count = sum(
            check_type(types, die, faults)
            for unit in elf.get_dwarf_info().iter_CUs()
            for die in unit.iter_DIEs()
            if not die.is_null()
        )
        entry = entries(elf)
        for symbol, die in entry["function"].items():
            faults.expect("function " + symbol, types.function(symbol), die.offset)
            for flags in (0, 1):
                faults.expect("%s compared with itself" % symbol, types.compare(die.offset, flags), None)
        for symbol, die in entry["object"].items():
            faults.expect("object " + symbol, types.object(symbol), reference(die))
        printed = 0
        for symbol, lines in pfunct(extracted).items():
            if symbol not in entry["function"]:
                continue
            mine = types.print(types.function(symbol), symbol)
            if "struct {...}" in mine or "va_list" in mine:
                continue  # pfunct writes the members out
            printed += 1
            theirs = {squeezed(line).rstrip(";").replace("__attribute__((noreturn))", "") for line in lines}
            if squeezed(mine) not in theirs:
                faults.add("printed", mine, sorted(lines)[:2])
    print(
        "%s: %d types and functions, %d functions and %d objects by name, %d printed: %d faults"
        % (name, count, len(entry["function"]), len(entry["object"]), printed, faults.count)
    )
    if other:
        return 0 if faults.count > 100 else 1
    return 2 if not printed else 1 if faults.count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
