"""Looks into fixtures built in other forms of DWARF: is each what its name says?

usage: claims.py SPLITSTRIP FORM...
       claims.py SPLITSTRIP --default
       claims.py SPLITSTRIP --against OTHER FORM

FORM is as in `splitstrip variants`: types@clang-O0; --default is the selection that `splitstrip check fixtures`
takes. Each axis is read from the files by a way of its own (CLAIMS): sections, unit headers, abbreviations,
producers, the ELF header. A claim may leave several levels possible, where nothing in the files tells them
apart. With --against, the files of FORM are held against what OTHER claims, and the exit code is 0 if every
axis in which the two differ says so: the control. Otherwise 0 if every claim holds, 1 if one does not, 77 if a
form cannot be built here.
"""

import os
import platform
import re
import struct
import subprocess
import sys
import tempfile
import zlib

from elftools.elf.elffile import ELFFile

SKIPPED = 77
MACHINES = {  # e_machine, class, little-endian
    (62, 64, True): "x86_64",
    (183, 64, True): "aarch64",
    (21, 64, True): "ppc64le",
    (22, 64, False): "s390x",
    (3, 32, True): "i686",
    (243, 64, True): "riscv64",
}
SHF_COMPRESSED = 0x800
ZLIB, ZSTD = 1, 2
UT_TYPE, UT_SPLIT_TYPE = 2, 6
TAGS_OF_TYPES = {0x05, 0x0D}  # DW_TAG_formal_parameter, DW_TAG_member
PUSH_RBP = b"\x55\x48\x89\xe5"  # push %rbp; mov %rsp,%rbp
# What only dwz writes: compilers take DW_FORM_ref4 (7.5.6).
FORMS_OF_DWZ = {0x11, 0x12, 0x15}
DWO_NAMES = {0x76, 0x2130}
OF_GCC = re.compile(r"GNU (?:C|Fortran|Ada)")
# Fixtures whose own flags (fixtures/list.cmake) are another base than that of the axes; clang's -g3 alone has
# no macros.
BASES = {"libonly": {"detail": "g3"}}


def uleb(data, at):
    """An unsigned LEB128 number and the offset after it."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def parameters_of(die):
    """How many a function is described with."""
    return sum(child.tag == "DW_TAG_formal_parameter" for child in die.iter_children())


class Seen:
    """What the files of one form hold."""

    def __init__(self, directory, fixture):
        self.sections, self.files, self.compressed = set(), set(os.listdir(directory)), set()
        self.versions, self.unit_types, self.offset_sizes = set(), set(), set()
        self.tables, self.tags, self.attributes, self.forms = [], set(), set(), set()
        self.producers, self.symbols, self.machine, self.package = set(), set(), "", False
        self.beginnings = []  # of functions, four bytes each
        self.pruned = 0  # functions that are described with fewer parameters than their class declares
        library = "lib%s.so" % fixture
        self.counts_pruned = "pruned" in os.path.basename(os.path.normpath(directory))
        self.read(os.path.join(directory, library), True)
        packed = library + ".dwp"
        dwo_files = [name for name in sorted(self.files) if name.endswith(".dwo")]
        for name in ["common.debug", packed] + dwo_files:
            if name in self.files:
                self.read(os.path.join(directory, name), False)
        self.package = packed in self.files and ".debug_cu_index" in self.sections

    def read(self, path, is_library):
        """Adds one file to what is seen."""
        with open(path, "rb") as stream:
            elf = ELFFile(stream)
            order = "<" if elf.little_endian else ">"
            if is_library:
                stream.seek(18)
                number = struct.unpack(order + "H", stream.read(2))[0]
                self.machine = MACHINES.get((number, elf.elfclass, elf.little_endian), "unknown")
                if self.counts_pruned:
                    self.count_pruned(elf)
            contents = {}
            for section in elf.iter_sections():
                self.sections.add(section.name)
                if section["sh_type"] == "SHT_SYMTAB" and is_library:
                    self.read_symbols(elf, section)
                if section["sh_type"] == "SHT_NOBITS" or not section.name.startswith(".debug"):
                    continue
                stream.seek(section["sh_offset"])
                data = stream.read(section["sh_size"])
                if section["sh_flags"] & SHF_COMPRESSED:
                    word = struct.unpack(order + "I", data[:4])[0]
                    self.compressed.add(word)
                    header = 24 if elf.elfclass == 64 else 12
                    data = zlib.decompress(data[header:]) if word == ZLIB else unzstd(data[header:])
                contents[section.name] = data
        for name, data in contents.items():
            if name in (".debug_info", ".debug_info.dwo", ".debug_types", ".debug_types.dwo"):
                self.read_units(data, order, is_library and name == ".debug_info")
            if name in (".debug_abbrev", ".debug_abbrev.dwo"):
                self.read_abbreviations(data)
            if "str" in name or "info" in name:
                for text in re.findall(rb"(?:GNU (?:C|Fortran|Ada|GIMPLE)|[ -~]*clang version)[ -~]*(?=\0)", data):
                    self.producers.add(text.decode())

    def read_symbols(self, elf, table):
        """Names, and how functions begin."""
        for symbol in table.iter_symbols():
            self.symbols.add(symbol.name)
            index = symbol["st_shndx"]
            if symbol["st_info"]["type"] == "STT_FUNC" and symbol["st_size"] and isinstance(index, int):
                section = elf.get_section(index)
                at = symbol["st_value"] - section["sh_addr"]
                self.beginnings.append(section.data()[at:at + 4])

    def count_pruned(self, elf):
        """What only clang does (it has .debug_addr), and here only with all DWARF in the library."""
        info = elf.get_section_by_name(".debug_info")
        if elf.get_section_by_name(".debug_addr") is None or info["sh_flags"] & SHF_COMPRESSED:
            return
        for unit in elf.get_dwarf_info().iter_CUs():
            for die in unit.iter_DIEs():
                if die.tag == "DW_TAG_subprogram" and {"DW_AT_low_pc", "DW_AT_specification"} <= die.attributes.keys():
                    declared = die.get_DIE_from_attribute("DW_AT_specification")
                    self.pruned += parameters_of(die) < parameters_of(declared)

    def read_units(self, data, order, is_main):
        """The unit headers (DWARF 5, 7.5.1)."""
        at = 0
        while at < len(data):
            length, size = struct.unpack_from(order + "I", data, at)[0], 4
            at += 4
            if length == 0xFFFFFFFF:
                length, size = struct.unpack_from(order + "Q", data, at)[0], 8
                at += 8
            version = struct.unpack_from(order + "H", data, at)[0]
            self.versions.add(version)
            self.offset_sizes.add(size)
            after = at + 2
            of_types = False
            if version >= 5:
                of_types = data[after] in (UT_TYPE, UT_SPLIT_TYPE)
                self.unit_types.add(data[after])
                after += 2
            if is_main and not of_types:
                self.tables.append(struct.unpack_from(order + ("Q" if size == 8 else "I"), data, after)[0])
            at += length

    def read_abbreviations(self, data):
        """Tags, attributes and forms of all tables (7.5.3)."""
        at = 0
        while at < len(data):
            code, at = uleb(data, at)
            if code == 0:
                continue
            tag, at = uleb(data, at)
            self.tags.add(tag)
            at += 1
            while True:
                attribute, at = uleb(data, at)
                form, at = uleb(data, at)
                if form == 0x21:  # DW_FORM_implicit_const: the value follows
                    while data[at] >= 0x80:
                        at += 1
                    at += 1
                if (attribute, form) == (0, 0):
                    break
                self.attributes.add(attribute)
                self.forms.add(form)

    def by(self, word):
        """Whether a producer's name or options have `word`."""
        return any(word in producer for producer in self.producers)

    def by_gcc(self):
        """Whether a producer is gcc, in some language."""
        return any(OF_GCC.match(producer) for producer in self.producers)


def unzstd(data):
    """Python's library has no zstd."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        return subprocess.run(["zstd", "-dcq"], stdin=file, stdout=subprocess.PIPE, check=True).stdout


def compiler(seen):
    return {"gcc"} if seen.by_gcc() and not seen.by("clang") else {"clang"} if seen.by("clang version") else set()


def optimisation(seen):
    levels = set()
    for producer in seen.producers:
        options = re.findall(r" -(O[0-9s])\b", producer)
        if OF_GCC.match(producer):
            levels.add(options[-1] if options else "O0")
    if seen.by_gcc():
        return levels if len(levels) == 1 else set()
    # clang tells no options. Without optimisation it keeps a frame pointer in every function.
    if seen.machine != "x86_64" or not seen.beginnings:
        return {"O0", "O2", "Os"}
    framed = sum(beginning == PUSH_RBP for beginning in seen.beginnings)
    return {"O0"} if framed * 2 > len(seen.beginnings) else {"O2", "Os"}


def version_of_dwarf(seen):
    return {"dwarf%d" % version for version in seen.versions} if len(seen.versions) == 1 else set()


def detail(seen):
    if any(name.startswith((".debug_macro", ".debug_macinfo")) for name in seen.sections):
        return {"g3"}
    return {"g2"} if TAGS_OF_TYPES & seen.tags else {"g1"}


def units(seen):
    has = {".debug_types", ".debug_types.dwo"} & seen.sections or {UT_TYPE, UT_SPLIT_TYPE} & seen.unit_types
    return {"typeunits"} if has else {"compileunits"}


def packing(seen):
    return {frozenset(): {"uncompressed"}, frozenset({ZLIB}): {"zlib"}, frozenset({ZSTD}): {"zstd"}}.get(
        frozenset(seen.compressed), set())


def code(seen):
    if seen.by_gcc():
        found = set()
        if seen.by("GIMPLE"):
            found.add("lto")
        moved = any(".cold" in name for name in seen.symbols)
        if seen.by("-fprofile-use") and seen.by("-freorder-blocks-and-partition") and moved:
            found.add("hotcold")
        return found if len(found) == 1 else set() if found else {"straight"}
    # One module makes one table of abbreviations; dwz may merge those of several.
    if seen.forms & FORMS_OF_DWZ or len(seen.tables) < 2:
        return {"straight", "lto"}
    # (Type units share the table of their compile unit.)
    return {"lto"} if len(set(seen.tables)) == 1 and seen.pruned == 0 else {"straight"}


def parameters(seen):
    return {"pruned"} if seen.pruned > 0 else {"described"}


def split(seen):
    if not seen.attributes & DWO_NAMES:
        return {"whole"}
    if seen.package:
        return {"dwp"}
    return {"dwo"} if any(name.endswith(".dwo") for name in seen.files) else set()


def sharing(seen):
    if ".gnu_debugaltlink" in seen.sections:
        return {"dwzmulti"} if "common.debug" in seen.files else set()
    return {"dwz"} if seen.forms & FORMS_OF_DWZ else {"unshared"}


def index(seen):
    found = {word for word, name in (("gdbindex", ".gdb_index"), ("debugnames", ".debug_names"))
             if name in seen.sections}
    return found or {"unindexed"}


def offsets(seen):
    return {frozenset({4}): {"dwarf32"}, frozenset({8}): {"dwarf64"}}.get(frozenset(seen.offset_sizes), set())


def linker(seen):
    return {"gold"} if ".note.gnu.gold-version" in seen.sections else {"linked"}


def types(seen):
    return {"ctf"} if ".ctf" in seen.sections else {"dwarfalone"}


def machine(seen):
    return {"native" if seen.machine == platform.machine() else seen.machine}


CLAIMS = {
    "compiler": compiler, "optimisation": optimisation, "dwarf": version_of_dwarf, "detail": detail,
    "units": units, "packing": packing, "code": code, "parameters": parameters, "split": split, "sharing": sharing, "index": index,
    "offsets": offsets, "linker": linker, "types": types, "machine": machine,
}


def all_axes(splitstrip):
    """{axis: [words]}, the first that of a fixture as it is."""
    said = subprocess.run([splitstrip, "variants", "--axes"], stdout=subprocess.PIPE,
                          universal_newlines=True, check=True).stdout
    axes = {}
    for line in said.splitlines():
        if not line.startswith(" "):
            axes[line.split()[0]] = []
        axes[list(axes)[-1]].append(line[14:].split()[0])
    return axes


def levels_of(form, axes):
    """{axis: word} that the name of a form claims, or its fixture's own flags."""
    words = form.split("@")[1].split("-") if "@" in form else []
    known = {word for levels in axes.values() for word in levels}
    if set(words) - known:
        raise SystemExit("%s: no such form" % form)
    bases = {} if "clang" in words else BASES.get(form.split("@")[0], {})
    return {axis: next((word for word in words if word in known_words), bases.get(axis, known_words[0]))
            for axis, known_words in axes.items()}


def build(splitstrip, selected):
    """[(form, directory)], and those that cannot be built here as [(form, reason)]."""
    said = subprocess.run([splitstrip, "variants", "--build", "--where"] + selected, stdout=subprocess.PIPE,
                          universal_newlines=True, check=False).stdout
    built, missing = [], []
    for line in said.splitlines():
        directory, _, reason = line.partition(": ")
        (missing if reason else built).append((os.path.basename(directory), reason or directory))
    return built, missing


def main(arguments):
    """Returns the exit code."""
    splitstrip, forms = arguments[0], arguments[1:]
    axes = all_axes(splitstrip)
    if set(axes) != set(CLAIMS):
        print("axes without a claim, or claims without an axis: %s" % sorted(set(axes) ^ set(CLAIMS)))
        return 1
    against = None
    if forms[0] == "--against":
        against, forms = forms[1], forms[2:]
    built, missing = [], []
    if forms == ["--default"]:
        built, missing = build(splitstrip, [])
    else:
        for form in forms:
            fixture, variant = form.split("@")
            some, others = build(splitstrip, [fixture, "--variants", variant])
            built, missing = built + some, missing + others
    failed = not built and not missing
    for form, reason in missing:
        print("%s: %s" % (form, reason))
        failed |= not reason.startswith("needs ")
    built = [(form, directory) for form, directory in built if "@" in form]
    for form, directory in built:
        seen = Seen(directory, form.split("@")[0])
        own, claimed = levels_of(form, axes), levels_of(against or form, axes)
        for axis, possible in ((axis, CLAIMS[axis](seen)) for axis in axes):
            differs = claimed[axis] not in possible
            wanted = own[axis] != claimed[axis]
            if differs != wanted:
                print("%s: %s: %s is claimed, the files say %s" % (
                    form, axis, claimed[axis], " or ".join(sorted(possible)) or "neither"))
                failed = True
    print("%d forms looked at" % len(built))
    return 1 if failed else SKIPPED if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
