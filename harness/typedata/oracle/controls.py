"""The oracles' controls: each passes the object built from a small library, and fails one with a mistake.

usage: controls.py BUILD_TOOL

The mistakes are planted by building the object from a library whose source differs in one place, or by
damaging the object's bytes. Exits 1 if an oracle does not see one, or sees one where there is none.
"""

import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

SOURCE = """
struct inner { short s; unsigned bits : 5; unsigned more : 7; };
typedef struct { long a; struct inner in; char tail[3]; } outer_t;
enum colour { red, green = 7 };
union both { int i; double d; };
outer_t object = {0};
__thread int per_thread = 1;
const char *table[4] = {0};
int plain(outer_t *o, const char *name, enum colour c) { return o != 0 && name != 0 && c == red; }
int variadic(const char *format, ...) { return format != 0; }
void (*callback(void (*handler)(union both *), unsigned n))(union both *) { return n ? handler : 0; }
int aliased(int by) { return by + per_thread; }
extern int other_name(int by) __attribute__((alias("aliased")));
"""

# (oracle, what is changed in the source, why that is a mistake)
CHANGES = (
    ("coverage", "int variadic(const char *format, ...) { return format != 0; }", "", "a function is missing"),
    ("coverage", "__thread int per_thread", "static __thread int per_thread", "a thread's object is missing"),
    ("coverage", "extern int other_name(int by) __attribute__((alias(\"aliased\")));", "", "an alias is missing"),
    ("prototypes", "const char *name, enum", "char *name, enum", "a parameter lost its const"),
    ("prototypes", "enum colour c)", "int c)", "a parameter has another type"),
    ("prototypes", "unsigned n)", "unsigned m)", "a parameter has another name"),
    ("prototypes", "*format, ...)", "*format)", "the dots are missing"),
    ("prototypes", "table[4]", "table[5]", "an object has another type"),
    ("layouts", "short s; unsigned", "int s; unsigned", "a member has another offset"),
    ("layouts", "bits : 5", "bits : 6", "a bit-field has another size"),
    ("layouts", "green = 7", "green = 8", "an enumerator has another value"),
    ("layouts", "double d;", "double e;", "a member has another name"),
)


def build(directory, name, source, build_tool):
    """Compiles `source` and builds its typedata; returns (library, object)."""
    path = os.path.join(directory, name)
    with open(path + ".c", "w", encoding="utf-8") as file:
        file.write(source)
    # `n` is read in the body: keep it compiling under another name.
    flags = ["-g", "-O1", "-w", "-fPIC", "-shared", "-Wl,--build-id=sha1"]
    subprocess.run(["gcc", *flags, "-o", path + ".so", path + ".c"], check=True, timeout=60)
    subprocess.run([build_tool, path + ".so", path + ".so", path + ".types"], check=True, timeout=60)
    return path + ".so", path + ".types"


def verdict(oracle, library, extracted):
    """The oracle's exit code and what it printed."""
    operands = {"coverage": [library, library], "prototypes": [library, library], "layouts": [library]}
    command = [sys.executable, os.path.join(HERE, oracle + ".py"), *operands.get(oracle, []), extracted]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    return run.returncode, run.stdout + run.stderr


def damaged(extracted, directory):
    """A copy whose first type refers to an offset beyond everything."""
    with open(extracted, "rb") as file:
        content = bytearray(file.read())
    middle = content.find(b"outer_t") if b"outer_t" in content else len(content) // 2
    content[middle + 8 : middle + 24] = b"\xff" * 16
    path = os.path.join(directory, "damaged.types")
    with open(path, "wb") as file:
        file.write(content)
    return path


def main(arguments):
    """All controls; returns the exit code."""
    (build_tool,) = arguments
    faults = 0

    def expect(what, got, wanted, output):
        nonlocal faults
        print("%s: exit %d" % (what, got))
        if (got == 0) != (wanted == 0):
            faults += 1
            print("  expected %d\n%s" % (wanted, output))

    with tempfile.TemporaryDirectory() as directory:
        library, extracted = build(directory, "right", SOURCE, build_tool)
        for oracle in ("coverage", "prototypes", "layouts", "accepted"):
            code, output = verdict(oracle, library, extracted)
            expect(oracle + ", no mistake", code, 0, output)
        for number, (oracle, before, after, why) in enumerate(CHANGES):
            assert before in SOURCE, before
            source = SOURCE.replace(before, after)
            if before == "unsigned n)":
                source = source.replace("return n ?", "return m ?")
            _, wrong = build(directory, "wrong%d" % number, source, build_tool)
            code, output = verdict(oracle, library, wrong)
            expect("%s, %s" % (oracle, why), code, 1, output)
        code, output = verdict("accepted", library, damaged(extracted, directory))
        expect("accepted, damaged bytes", code, 1, output)
        _, empty = build(directory, "empty", "static int nothing;", build_tool)
        code, output = verdict("layouts", library, empty)
        expect("layouts, nothing to compare", code, 2, output)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
