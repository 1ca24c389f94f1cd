"""What a library exports, read from its .dynsym by pyelftools; and files opened with their dwz file."""

import os

from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerDefSection, GNUVerSymSection
from elftools.elf.sections import SymbolTableSection

FUNCTIONS = ("STT_FUNC", "STT_GNU_IFUNC", "STT_LOOS")  # pyelftools calls 10 STT_LOOS
OBJECTS = ("STT_OBJECT", "STT_TLS", "STT_COMMON")
BINDINGS = ("STB_GLOBAL", "STB_WEAK", "STB_LOOS")  # 10 is GNU_UNIQUE
VISIBILITIES = ("STV_DEFAULT", "STV_PROTECTED")


class Export:
    """One exported symbol; key is NAME, or NAME@VERSION where that is not the default version."""

    def __init__(self, name, key, kind, address, symbol_type):
        self.name = name
        self.key = key
        self.default = name == key
        self.kind = kind  # "function" or "object"
        self.address = address
        self.tls = symbol_type == "STT_TLS"
        self.ifunc = symbol_type in ("STT_GNU_IFUNC", "STT_LOOS")


def _versions(elf):
    """Version names by index, and the versym table."""
    names, table = {}, None
    for section in elf.iter_sections():
        if isinstance(section, GNUVerDefSection):
            for definition, auxiliaries in section.iter_versions():
                names[definition["vd_ndx"]] = next(auxiliaries).name
        elif isinstance(section, GNUVerSymSection):
            table = section
    return names, table


def open_elf(path):
    """An ELFFile that finds the common file that dwz made, which the file names relative to where it is
    installed."""

    def load(name):
        name = os.fsdecode(name)
        for directory in (os.path.dirname(os.path.abspath(path)), "/usr/lib/debug/.build-id/00"):
            candidate = os.path.normpath(os.path.join(directory, name))
            if os.path.exists(candidate):
                return open(candidate, "rb")  # closed with the process
        raise FileNotFoundError("%s: its alternate debug file %s is not there" % (path, name))

    return ELFFile(open(path, "rb"), load)  # closed with the process


def exports(elf):
    """All exported functions and objects of an open ELFFile."""
    versions, table = _versions(elf)
    dynsym = elf.get_section_by_name(".dynsym")
    if not isinstance(dynsym, SymbolTableSection):
        return []
    found = []
    for index, symbol in enumerate(dynsym.iter_symbols()):
        info = symbol["st_info"]
        if symbol["st_shndx"] == "SHN_UNDEF" or info["bind"] not in BINDINGS:
            continue
        if symbol["st_other"]["visibility"] not in VISIBILITIES:
            continue
        if info["type"] in FUNCTIONS:
            kind = "function"
        elif info["type"] in OBJECTS:
            kind = "object"
        else:
            continue
        if symbol["st_shndx"] == "SHN_ABS" and symbol["st_value"] == 0:
            continue  # the name of a version
        key = symbol.name
        if table is not None:
            index_of_version = table.get_symbol(index)["ndx"]
            if isinstance(index_of_version, int) and index_of_version & 0x8000:
                key += "@" + versions.get(index_of_version & 0x7FFF, "?")
        found.append(Export(symbol.name, key, kind, symbol["st_value"], info["type"]))
    return found
