"""How classes of C++ are passed: what typedata says of each, held against what compilers do.

usage: passing.py SOURCE BUILD_TOOL
       passing.py LIBRARY.so BUILD_TOOL

SOURCE (testdata/passing.cc) has a function take_NAME() for each class. g++ shows at the function's parameter
what it did: without optimisation the place of one that came by its address ends with DW_OP_deref. clang++ says
it of the class (DW_AT_calling_convention). Typedata of what g++ made has to be derived; it may say nothing of
a class, but nothing wrong. Of a library that g++ built without optimisation (Debian's libstdc++6-12-dbg is one)
each class that one of its functions takes is looked at so. Exits 0 if nothing is at fault, 1 if something is, 77 without the compilers.
"""

import os
import shutil
import subprocess
import sys
import tempfile

from elftools.dwarf.dwarf_expr import DWARFExprParser
from elftools.elf.elffile import ELFFile

SKIPPED = 77
BY_REFERENCE, BY_VALUE = 4, 5  # DW_CC_pass_by_reference and DW_CC_pass_by_value
WORDS = {BY_REFERENCE: "by reference", BY_VALUE: "by value", None: "unknown"}
PREFIX = "take_"

# What cannot be told of classes that gcc describes in full. Compilers differ in the most of these.
OPEN = {
    "copied_with_more", "not_a_copy",  # whether a parameter has a default value is not in the DWARF
    "const_move", "volatile_member", "deleted_of_copied_moved", "deleted_changing", "has_changing",
    "has_deleted", "has_hidden", "has_kept", "of_kept",
    "exception_",  # gcc leaves its description to the library that has its virtual functions
}
# In a type unit a class nested in another is told from it by its signature alone.
OPEN_IN_TYPE_UNITS = {"outer"}
FORMS = [
    # (words for g++, whether all but OPEN has to be known)
    (["-std=c++17", "-gdwarf-5"], True),
    (["-std=c++17", "-gdwarf-4"], True),
    (["-std=c++14", "-gdwarf-4", "-fdebug-types-section"], True),
    (["-std=c++20", "-gdwarf-5"], True),
    (["-std=c++17", "-gdwarf-5", "-flto"], True),
    (["-std=c++17", "-gdwarf-4", "-gstrict-dwarf"], False),
    (["-std=c++17", "-gdwarf-3", "-gstrict-dwarf"], False),
    (["-std=c++17", "-gdwarf-5", "-gno-record-gcc-switches"], False),
]


def unnamed(die):
    """The class behind typedefs."""
    while die.tag == "DW_TAG_typedef":
        die = die.get_DIE_from_attribute("DW_AT_type")
    return die


def parameters(path, visit):
    """NAME: what `visit` says of (DIE of the parameter, its place or None) for each take_NAME()."""
    with open(path, "rb") as file:
        dwarf = ELFFile(file).get_dwarf_info()
        found = {}
        for unit in dwarf.iter_CUs():
            parser = DWARFExprParser(unit.structs)
            for die in unit.iter_DIEs():
                name = die.attributes.get("DW_AT_name")
                if die.tag != "DW_TAG_subprogram":
                    continue
                if name is None and "DW_AT_abstract_origin" in die.attributes:
                    name = die.get_DIE_from_attribute("DW_AT_abstract_origin").attributes.get("DW_AT_name")
                if name is None or not name.value.decode().startswith(PREFIX):
                    continue
                for child in die.iter_children():
                    if child.tag != "DW_TAG_formal_parameter":
                        continue
                    place = child.attributes.get("DW_AT_location")
                    if place is not None:
                        place = [operation.op_name for operation in parser.parse_expr(place.value)]
                    if "DW_AT_type" not in child.attributes:
                        child = child.get_DIE_from_attribute("DW_AT_abstract_origin")
                    key = name.value.decode()[len(PREFIX):]
                    if key in found and place is None:
                        continue
                    found[key] = visit(child, place)
        return found


def done(path):
    """What g++ did."""
    def visit(_, place):
        return None if place is None else BY_REFERENCE if place[-1] == "DW_OP_deref" else BY_VALUE

    return {name: way for name, way in parameters(path, visit).items() if way is not None}


def said(path):
    """What the classes in a file say of themselves."""
    def visit(die, _):
        convention = unnamed(die.get_DIE_from_attribute("DW_AT_type")).attributes.get("DW_AT_calling_convention")
        return None if convention is None else convention.value

    return parameters(path, visit)


def faults(answers, truth, whole, where):
    """Each class that is said to be passed otherwise than it is, or not said although it could be."""
    for name in sorted(truth):
        answer = answers.get(name)
        if answer is None and (not whole or name in OPEN or "types-section" in where and name in OPEN_IN_TYPE_UNITS):
            continue
        if answer != truth[name]:
            yield "%s: %s is passed %s, typedata says %s" % (where, name, WORDS[truth[name]], WORDS.get(answer, answer))


def check(where, answers, truth, whole):
    """Prints what is at fault, and returns whether anything is."""
    wrong = list(faults(answers, truth, whole, where))
    for line in wrong:
        print(line)
    unknown = sorted(name for name in truth if answers.get(name) is None)
    print("%s: %d classes, %d by reference, %d unknown%s" % (
        where, len(truth), sum(way == BY_REFERENCE for way in truth.values()), len(unknown),
        ": " + ", ".join(unknown) if whole else ""))
    # The control: each known answer turned round is noticed.
    for name, way in answers.items():
        if way is None or name not in truth:
            continue
        turned = dict(answers)
        turned[name] = BY_REFERENCE + BY_VALUE - way
        if len(list(faults(turned, truth, whole, where))) == len(wrong):
            print("%s: %s turned round is not noticed" % (where, name))
            wrong.append(name)
    return bool(wrong) or not truth


def symbol_of(die):
    """The linkage name, which other DIEs may have."""
    for _ in range(8):
        for name in ("DW_AT_linkage_name", "DW_AT_MIPS_linkage_name"):
            if name in die.attributes:
                return die.attributes[name].value.decode()
        for name in ("DW_AT_abstract_origin", "DW_AT_specification"):
            if name in die.attributes:
                die = die.get_DIE_from_attribute(name)
                break
        else:
            break
    name = die.attributes.get("DW_AT_name")
    return name.value.decode() if name is not None else ""


def taken(path, compiled):
    """SYMBOL: [(name of a class that is a parameter, how it is passed)], in their order. `compiled`: by the
    places of the parameters, else by what the classes say."""
    with open(path, "rb") as file:
        dwarf = ELFFile(file).get_dwarf_info()
        found = {}
        for unit in dwarf.iter_CUs():
            parser = DWARFExprParser(unit.structs)
            for die in unit.iter_DIEs():
                if die.tag != "DW_TAG_subprogram" or compiled and "DW_AT_low_pc" not in die.attributes:
                    continue
                classes = []
                for child in die.iter_children():
                    if child.tag != "DW_TAG_formal_parameter":
                        continue
                    place = child.attributes.get("DW_AT_location")
                    if "DW_AT_type" not in child.attributes and "DW_AT_abstract_origin" in child.attributes:
                        child = child.get_DIE_from_attribute("DW_AT_abstract_origin")
                    kind = child
                    while kind is child or kind.tag in ("DW_TAG_typedef", "DW_TAG_const_type"):
                        if "DW_AT_type" not in kind.attributes:
                            break
                        kind = kind.get_DIE_from_attribute("DW_AT_type")
                    if kind.tag not in ("DW_TAG_structure_type", "DW_TAG_class_type", "DW_TAG_union_type"):
                        continue
                    name = kind.attributes.get("DW_AT_name")
                    way = kind.attributes.get("DW_AT_calling_convention")
                    way = None if way is None else way.value
                    if compiled:
                        if place is None or place.form != "DW_FORM_exprloc":
                            continue
                        way = [operation.op_name for operation in parser.parse_expr(place.value)]
                        way = BY_REFERENCE if way[-1] == "DW_OP_deref" else BY_VALUE
                    classes.append((name.value.decode() if name is not None else "", way))
                if classes:
                    found.setdefault(symbol_of(die), classes)
        return found


def check_library(library, build_tool):
    """Holds what typedata says of a whole library against what its code does."""
    truth = taken(library, True)
    with tempfile.TemporaryDirectory() as directory:
        extracted = os.path.join(directory, "types")
        subprocess.run([build_tool, library, library, extracted], check=True)
        answers = taken(extracted, False)
    wrong = False
    classes, unknown = {}, set()
    looked_at = 0
    for symbol, said_of in answers.items():
        done_to = truth.get(symbol)
        if done_to is None or [name for name, _ in done_to] != [name for name, _ in said_of]:
            continue
        for (name, way), (_, answer) in zip(done_to, said_of):
            looked_at += 1
            classes[name] = way
            if answer is None:
                unknown.add(name)
            elif answer != way:
                wrong = True
                print("%s: %s is passed %s, typedata says %s" % (symbol, name, WORDS[way], WORDS[answer]))
    print("%s: %d parameters, %d classes, %d by reference, %d unknown: %s" % (
        os.path.basename(library), looked_at, len(classes), sum(way == BY_REFERENCE for way in classes.values()),
        len(unknown), ", ".join(sorted(unknown))))
    return wrong or not classes


def main(arguments):
    """All forms, also after one failed; returns the exit code."""
    source, build_tool = arguments
    if ".so" in os.path.basename(source):
        return 1 if check_library(source, build_tool) else 0
    compilers = [shutil.which("g++"), shutil.which("clang++")]
    if None in compilers:
        return SKIPPED
    wrong = False
    with tempfile.TemporaryDirectory() as directory:
        library = os.path.join(directory, "library.so")
        extracted = os.path.join(directory, "types")
        for compiler, words, whole in [("g++", *form) for form in FORMS] + [
            ("clang++", ["-std=c++17", "-gdwarf-%d" % version, "-fstandalone-debug"], True) for version in (4, 5)
        ]:
            subprocess.run(
                [compiler, "-g", "-O0", "-fPIC", "-shared", "-w"] + words + ["-o", library, source], check=True)
            truth = said(library) if compiler == "clang++" else done(library)
            subprocess.run([build_tool, library, library, extracted], check=True)
            wrong |= check(" ".join([compiler] + words), said(extracted), truth, whole)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
