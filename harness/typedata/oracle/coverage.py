"""Test oracle: whether typedata has each exported function and object that the full DWARF describes.

usage: coverage.py MAIN FULL EXTRACTED

Reads everything with pyelftools alone. MAIN has the exports, FULL the DWARF as built, EXTRACTED is
what was in MAIN's .gnu_typedata. See described.py for what counts as described. NAME@VERSION needs no
entry of its own where it is the very code or data that NAME stands for, or is described by its name
alone. Prints the counts and what is missing; exits 1 if anything is, 2 if there was nothing to check.
"""

import sys

from described import Described, entries
from exports import exports, open_elf


def main(arguments):
    """The check; returns the exit code."""
    main_path, full_path, extracted_path = arguments
    wanted = exports(open_elf(main_path))
    described = Described(open_elf(full_path), wanted)
    have = entries(open_elf(extracted_path))
    # Where the versions lie that have to make do with the entry of the plain name.
    plain = {}
    for export in wanted:
        if export.default or export.key not in have[export.kind]:
            plain.setdefault(export.name, set()).add(export.address)
    faults = checked = 0
    for kind in ("function", "object"):
        mine = [export for export in wanted if export.kind == kind]
        known = [export for export in mine if described.of(export)]
        lost = []
        for export in known:
            if export.key in have[kind]:
                continue
            same = len(plain[export.name]) == 1 or not described.by_address(export)
            if export.name not in have[kind] or not same:
                lost.append(export)
        print(
            "%ss: %d exported, %d described by the full DWARF, %d of these typed; %d entries"
            % (kind, len(mine), len(known), len(known) - len(lost), len(have[kind]))
        )
        for export in lost:
            die = described.of(export)[0]
            print(
                "  missing %s %s at %#x: described by the DIE at %#x in the unit at %#x"
                % (kind, export.key, export.address, die.offset, die.cu.cu_offset)
            )
        names = {export.key for export in mine} | {export.name for export in mine}
        unknown = sorted(set(have[kind]) - names)
        for name in unknown:
            print("  not exported: %s %s" % (kind, name))
        faults += len(lost) + len(unknown)
        checked += len(known)
    if checked == 0:
        print("nothing to check: the full DWARF describes no export")
        return 2
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
