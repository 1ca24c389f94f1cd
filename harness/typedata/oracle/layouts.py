"""Test oracle: whether every type in typedata has the layout that the original file gives it.

usage: layouts.py FULL EXTRACTED

gdb describes the types of both files through its type objects: name, size, fields, bit positions, bit
sizes, enumerators, targets. Each type in EXTRACTED must be described exactly as one of that name is in FULL.
That gdb sees them all is checked with pyelftools: whatever EXTRACTED defines under a name has to be among
what was compared. Prints the counts and the first differences; exits 1 if there are any, 2 if there was
nothing to compare.
"""

import json
import os
import subprocess
import sys
import tempfile

from described import C, language
from exports import open_elf

TAGS = {
    "DW_TAG_structure_type": "struct",
    "DW_TAG_union_type": "union",
    "DW_TAG_enumeration_type": "enum",
    "DW_TAG_typedef": "typedef",
}
HERE = os.path.dirname(os.path.abspath(__file__))


def describe(path, directory, names=None):
    """What gdb says: {key: [description]}."""
    out = os.path.join(directory, "out.json")
    environment = dict(os.environ, LAYOUTS_OUT=out, LC_ALL="C")
    environment.pop("DEBUGINFOD_URLS", None)
    environment.pop("LAYOUTS_NAMES", None)
    if names is not None:
        environment["LAYOUTS_NAMES"] = os.path.join(directory, "names.json")
        with open(environment["LAYOUTS_NAMES"], "w", encoding="utf-8") as file:
            json.dump(sorted(names), file)
    command = ["gdb", "-nx", "-nh", "-batch", "-iex", "set auto-load off", "-iex", "set debuginfod enabled off"]
    command += ["-x", os.path.join(HERE, "gdb_layouts.py"), path]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=540, check=False)
    if not os.path.exists(out):
        sys.exit("gdb described nothing in %s:\n%s%s" % (path, run.stdout[-2000:], run.stderr[-2000:]))
    with open(out, encoding="utf-8") as file:
        result = json.load(file)
    os.remove(out)
    return result


def defined(path):
    """Keys of the types that the object defines, C's alone: other languages' names have scopes."""
    found = set()
    for unit in open_elf(path).get_dwarf_info().iter_CUs():
        top = unit.get_top_DIE()
        if language(top) not in C:
            continue
        for die in unit.iter_DIE_children(top):
            if die.tag in TAGS and "DW_AT_name" in die.attributes and "DW_AT_declaration" not in die.attributes:
                found.add("%s %s" % (TAGS[die.tag], die.attributes["DW_AT_name"].value.decode()))
    return found


def main(arguments):
    """The comparison; returns the exit code."""
    full_path, extracted_path = arguments
    with tempfile.TemporaryDirectory() as directory:
        extracted = describe(extracted_path, directory)
        full = describe(full_path, directory, {key.split(" ", 1)[1] for key in extracted})
    compared = differing = 0
    for key in sorted(defined(extracted_path) - set(extracted)):
        differing += 1
        print("  gdb does not see %s" % key)
    for key, variants in sorted(extracted.items()):
        for variant in variants:
            known = full.get(key, [])
            compared += 1
            if variant not in known:
                differing += 1
                if differing <= 20:
                    print("  %s differs\n    typedata: %s" % (key, variant[:600]))
                    for other in known[:4]:
                        print("    original: %s" % other[:600])
    print("types: %d names, %d layouts compared, %d differ" % (len(extracted), compared, differing))
    if compared == 0:
        return 2
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
