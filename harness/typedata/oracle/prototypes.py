"""Test oracle: whether typedata has the prototypes and object types that the original file has.

usage: prototypes.py MAIN FULL EXTRACTED

Two readers, neither of which is the program's own. pyelftools: for each export, the entry in EXTRACTED is
compared with the DIEs that describe it in FULL (see described.py): returned type, parameters with name and
type, `...`, prototyped, noreturn; for an object its type. pfunct: what it prints as a prototype for a
function in EXTRACTED must be among what it prints for FULL, where it knows that name, with or without
names of parameters; it prints the first declaration it meets, so what FULL spells in more than one way, or
has from an assembler too, is left to the first reader. Prints the counts and the first differences; exits 1 if there are any, 2 if there was nothing to compare.
"""

import re
import subprocess
import sys

from described import C, Described, entries, language, origin
from exports import exports, open_elf

QUALIFIERS = {
    "DW_TAG_const_type": "const",
    "DW_TAG_volatile_type": "volatile",
    "DW_TAG_restrict_type": "restrict",
    "DW_TAG_atomic_type": "_Atomic",
}
POINTERS = {
    "DW_TAG_pointer_type": "*",
    "DW_TAG_reference_type": "&",
    "DW_TAG_rvalue_reference_type": "&&",
}
TAGS = {
    "DW_TAG_structure_type": "struct",
    "DW_TAG_class_type": "class",
    "DW_TAG_union_type": "union",
    "DW_TAG_enumeration_type": "enum",
}
DEEPEST = 40


def inherited(die, name):
    """An attribute of a DIE or of the ones it completes, with the DIE that has it; or (None, None)."""
    while die is not None:
        if name in die.attributes:
            return die.attributes[name], die
        die = origin(die)
    return None, None


def text(die, name="DW_AT_name"):
    """A string attribute, or an empty string."""
    attribute, _ = inherited(die, name)
    return attribute.value.decode("utf-8", "replace") if attribute is not None else ""


def target(die, depth):
    """What the DIE's DW_AT_type spells."""
    attribute, holder = inherited(die, "DW_AT_type")
    return "void" if attribute is None else spell(holder.get_DIE_from_attribute("DW_AT_type"), depth + 1)


def prototyped(die):
    """Whether a function or function type has a prototype; only C has others."""
    if language(die.cu.get_top_DIE()) not in C:
        return True
    return inherited(die, "DW_AT_prototyped")[0] is not None


def bounds(array):
    """Dimensions of an array type."""
    found = []
    for child in array.iter_children():
        if child.tag != "DW_TAG_subrange_type":
            continue
        count = child.attributes.get("DW_AT_count")
        upper = child.attributes.get("DW_AT_upper_bound")
        if count is not None and isinstance(count.value, int):
            found.append(str(count.value))
        elif upper is not None and isinstance(upper.value, int) and upper.form.startswith(
            ("DW_FORM_data", "DW_FORM_udata", "DW_FORM_sdata", "DW_FORM_implicit")
        ):
            found.append(str((upper.value + 1) & 0xFFFFFFFF if upper.value > 0xFFFFFFF0 else upper.value + 1))
        else:
            found.append("")
    return "".join("[%s]" % each for each in found) or "[]"


def spell(die, depth=0):
    """A type as text, down to named types."""
    if depth > DEEPEST:
        return "..."
    tag = die.tag
    if tag in QUALIFIERS:
        words = set()
        while die is not None and die.tag in QUALIFIERS:
            words.add(QUALIFIERS[die.tag])
            die = die.get_DIE_from_attribute("DW_AT_type") if "DW_AT_type" in die.attributes else None
        return " ".join(sorted(words)) + " " + ("void" if die is None else spell(die, depth + 1))
    if tag in POINTERS:
        return POINTERS[tag] + " " + target(die, depth)
    if tag == "DW_TAG_typedef":
        return "typedef " + text(die)
    if tag in TAGS:
        return "%s %s" % (TAGS[tag], text(die)) if text(die) else body(die, depth)
    if tag == "DW_TAG_array_type":
        return "array" + bounds(die) + " " + target(die, depth)
    if tag == "DW_TAG_subroutine_type":
        return "(%s %s%s)" % (target(die, depth), parameters(die, depth), "" if prototyped(die) else " K&R")
    size = die.attributes.get("DW_AT_byte_size")
    return "%s:%s" % (text(die) or tag, size.value if size is not None else "")


def body(die, depth):
    """A nameless record or enumeration, whole."""
    parts = []
    for child in die.iter_children():
        if child.tag == "DW_TAG_member":
            parts.append("%s %s" % (text(child), target(child, depth)))
        elif child.tag == "DW_TAG_enumerator":
            parts.append("%s=%s" % (text(child), child.attributes["DW_AT_const_value"].value))
    return "%s {%s}" % (TAGS[die.tag], "; ".join(parts))


def parameter_dies(die):
    """Those of the DIE that was written first: the declaration knows them all."""
    earlier = origin(die)
    if earlier is not None:
        found = parameter_dies(earlier)
        if found:
            return found
    return [
        child
        for child in die.iter_children()
        if child.tag in ("DW_TAG_formal_parameter", "DW_TAG_unspecified_parameters")
    ]


def parameters(die, depth=0):
    """The parameters' types in parentheses."""
    words = []
    for child in parameter_dies(die):
        words.append("..." if child.tag == "DW_TAG_unspecified_parameters" else target(child, depth))
    return "(%s)" % ", ".join(words)


def prototype(die):
    """All that is compared of a function or object, names of parameters aside."""
    if die.tag == "DW_TAG_variable":
        return target(die, 0)
    marks = "" if prototyped(die) else " K&R"
    if inherited(die, "DW_AT_noreturn")[0] is not None:
        marks += " noreturn"
    return target(die, 0) + " " + parameters(die) + marks


def parameter_names(die):
    """Names of the parameters, where they have one."""
    return [text(child) for child in parameter_dies(die)]


def compare(main_path, full_path, extracted_path):
    """pyelftools on both; returns (compared, faults, names that FULL spells in one way)."""
    wanted = exports(open_elf(main_path))
    described = Described(open_elf(full_path), wanted)
    have = entries(open_elf(extracted_path))
    compared = faults = 0
    alone, told_once = set(), set()
    aliases = {}
    for export in wanted:
        aliases.setdefault((export.kind, export.tls, export.address), []).append(export.name)
    for export in wanted:
        names = described.names[export.kind]
        known = described.of(export)
        if not known:  # code from an assembler may be declared in C under another of its names
            known = [die for name in aliases[export.kind, export.tls, export.address] for die in names[name]]
        entry = have[export.kind].get(export.key) or have[export.kind].get(export.name)
        if entry is None:
            continue  # the matter of coverage.py
        if not known:
            alone.add(export.name)
            continue
        compared += 1
        mine = prototype(entry)
        theirs = {prototype(die): die for die in known}
        by_name = names[export.name]
        spellings = {(prototype(die), *filter(None, parameter_names(die))) for die in known + by_name}
        if len(spellings) == 1 and by_name and export.name not in described.assembly:
            told_once.add(export.name)
        if mine not in theirs:
            faults += 1
            if faults <= 20:
                print("  %s differs\n    typedata: %s" % (export.key, mine))
                for other in list(theirs)[:3]:
                    print("    original: %s" % other)
            continue
        mine = parameter_names(entry)
        if not any(_agree(mine, parameter_names(die)) for die in known):
            faults += 1
            if faults <= 20:
                original = parameter_names(known[0])
                print("  %s: parameters are named %s, in the original %s" % (export.key, mine, original))
    if alone:
        print("known only by names that are not exported, not compared: %s" % " ".join(sorted(alone)))
    return compared, faults, told_once


def _agree(mine, theirs):
    return mine == theirs or (len(mine) == len(theirs) and all(a == b for a, b in zip(mine, theirs) if b))


def pfunct(path):
    """{name: {prototype}} as pfunct prints them."""
    run = subprocess.run(
        ["pfunct", "--prototypes", path], capture_output=True, text=True, timeout=300, check=False
    )
    found = {}
    for line in run.stdout.splitlines():
        head = line.split("(", 1)[0].replace("*", " ").split()
        if head:
            found.setdefault(head[-1], set()).add(line)
    return found


def squeezed(line, names=()):
    """Without white space and "inline", and without the names of parameters if they are given."""
    for name in names:
        if name:
            line = re.sub(r"(?<=[ *])%s(?=[,)[])" % re.escape(name), "", line, count=1)
    return "".join(line.removeprefix("inline ").split())


def compare_pfunct(full_path, extracted_path, told_once):
    """pfunct on both; returns (compared, faults)."""
    full, extracted = pfunct(full_path), pfunct(extracted_path)
    entry = entries(open_elf(extracted_path))["function"]
    compared = faults = 0
    for name, lines in sorted(extracted.items()):
        if name not in full or name not in entry or name not in told_once:
            continue
        compared += 1
        names = parameter_names(entry[name])
        mine = {squeezed(line) for line in lines} | {squeezed(line, names) for line in lines}
        if not mine & {squeezed(line) for line in full[name]}:
            faults += 1
            if faults <= 20:
                print("  pfunct: %s\n    original: %s" % (sorted(lines), sorted(full[name])[:3]))
    return compared, faults


def main(arguments):
    """Both comparisons; returns the exit code."""
    compared, faults, told_once = compare(*arguments)
    print("prototypes and objects: %d compared, %d differ" % (compared, faults))
    by_pfunct, more = compare_pfunct(*arguments[1:], told_once)
    print("pfunct: %d functions compared, %d differ" % (by_pfunct, more))
    if compared == 0:
        return 2
    return 1 if faults or more else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
