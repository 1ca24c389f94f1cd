"""A C program calls C++ with the prototypes that are printed, and gets the right answers.

usage: called_from_c.py BUILD_TOOL PRINT_TOOL VALIDATE SCHEMA

The library takes and returns classes that go by the address of a copy, by value, and, built so that the DWARF does
not tell (-gstrict-dwarf), in one of the two ways. What C cannot call rightly must not compile. Of x86-64, since there
it is run. Exits 0 if all is so, 1 if something is not, 77 on another machine.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile

SKIPPED = 77

LIBRARY = """
struct NT { int x; NT(const NT &o); NT(int i); };
NT::NT(const NT &o) : x(o.x) {}
NT::NT(int i) : x(i) {}
struct large { long a, b, c; large(long by) : a(by), b(by * 2), c(by * 3) {} ~large(); };
large::~large() {}
struct both { int one, two; };
typedef NT renamed;
class Counter {
  int at;
 public:
  Counter(int start) : at(start) {}
  NT then(const NT more, int factor) const;
};
NT Counter::then(const NT more, int factor) const { return NT((at + more.x) * factor); }
extern "C" {
int take(NT n) { return n.x; }
NT make(int i) { return NT(i); }
renamed twice(renamed n) { return NT(n.x * 2); }
long sum(int before, large l, int after) { return before + l.a + l.b + l.c + after; }
large grow(long by) { return large(by); }
both swap(both b) { return {b.two, b.one}; }
int around(NT (*handler)(NT, int), int i) { return handler(NT(i), i).x; }
Counter *counter(int start) { return new Counter(start); }
}
"""

CALLER = """
#include <stdio.h>
#include "printed.h"
static struct NT *handler(struct NT *result, struct NT *n, int i) { result->x = n->x * 100 + i; return result; }
int main(void) {
  struct NT n = {42}, m = {0}, k = {0};
  struct large l = {1, 20, 300}, g = {0, 0, 0};
  struct both b = {1, 2};
  struct NT *made = make(&m, 7);
  twice(&k, &n);
  grow(&g, 4);
  b = swap(b);
  printf("%d %d %d %d %ld %ld %d%d %d ", take(&n), m.x, made == &m, k.x, sum(1000, &l, 2000), g.a + g.b + g.c,
         b.one, b.two, around(handler, 3));
  THEN(&m, counter(5), &n, 2);
  printf("%d\\n", m.x);
  return 0;
}
"""
ANSWER = "42 7 1 84 3321 24 21 303 94"

# What must not compile, with whatever is known of NT.
BY_VALUE = "#include \"printed.h\"\nint f(struct NT n) { return take(n); }\n"
BY_POINTER = "#include \"printed.h\"\nint f(struct NT *n) { return take(n); }\n"
RETURNED = "#include \"printed.h\"\nvoid f(struct NT *n) { make(n, 3); }\n"
WHOLE = "#include \"printed.h\"\nint f(struct both b) { return swap(b).one; }\n"


class Library:
    """The library in one form, and the header that is printed of it."""

    def __init__(self, directory, tools, words):
        self.directory = directory
        self.path = os.path.join(directory, "libthings.so")
        source = os.path.join(directory, "library.cc")
        with open(source, "w", encoding="utf-8") as file:
            file.write(LIBRARY)
        subprocess.run(["g++", "-g", "-O1", "-fPIC", "-shared", *words, "-o", self.path, source], check=True)
        types = os.path.join(directory, "types")
        subprocess.run([tools[0], self.path, self.path, types], check=True)
        with open(os.path.join(directory, "printed.h"), "w", encoding="utf-8") as file:
            subprocess.run([tools[1], types], stdout=file, check=True)
        self.json = subprocess.run([tools[1], "--json", types], stdout=subprocess.PIPE, check=True).stdout

    def header(self):
        """The text that is printed."""
        with open(os.path.join(self.directory, "printed.h"), encoding="utf-8") as file:
            return file.read()

    def compiles(self, source, compiler):
        """Whether a compiler takes the source."""
        path = os.path.join(self.directory, "caller.c")
        with open(path, "w", encoding="utf-8") as file:
            file.write(source)
        done = subprocess.run([compiler, "-std=gnu17", "-fsyntax-only", path], stderr=subprocess.DEVNULL, check=False)
        return done.returncode == 0

    def runs(self, source, compiler):
        """What the program that is made of a source prints."""
        path = os.path.join(self.directory, "caller.c")
        program = os.path.join(self.directory, "caller")
        with open(path, "w", encoding="utf-8") as file:
            file.write(source)
        method = [word for word in self.header().split("(")[0:] if "then" in word][0].split()[-1].lstrip("*")
        subprocess.run([compiler, "-std=gnu17", "-Werror", "-DTHEN=" + method, "-o", program, path, self.path,
                        "-Wl,-rpath," + self.directory], check=True)
        return subprocess.run([program], stdout=subprocess.PIPE, universal_newlines=True, check=False).stdout.strip()

    def passed(self):
        """NAME: what JSON says of each class; None where it says nothing."""
        return {each["name"]: each.get("passed") for each in json.loads(self.json)["types"]
                if each["kind"] in ("struct", "class", "union")}


def main(arguments):
    """Returns the exit code."""
    if platform.machine() != "x86_64":
        return SKIPPED
    tools, schema = arguments[:2], arguments[2:]
    wrong = []

    def expect(what, right):
        if not right:
            wrong.append(what)

    for words in ([], ["-gdwarf-4"]):
        with tempfile.TemporaryDirectory() as directory:
            library = Library(directory, tools, words)
            said = library.passed()
            expect("JSON: %s" % said, said == {"NT": "by_reference", "large": "by_reference", "both": None,
                                               "Counter": None})
            path = os.path.join(directory, "types.json")
            with open(path, "wb") as file:
                file.write(library.json)
            expect("the schema", subprocess.run([sys.executable, *schema, path], check=False).returncode == 0)
            for compiler in ("gcc", "clang"):
                answer = library.runs(CALLER, compiler)
                expect("%s: the answers are %s" % (compiler, answer), answer == ANSWER)
                expect("%s calls by value" % compiler, not library.compiles(BY_VALUE, compiler))
                expect("%s does not call by pointer" % compiler, library.compiles(BY_POINTER, compiler))
            # The control: the prototypes as the source has them.
            header = library.header().replace("int take(struct NT *n", "int take(struct NT n")
            with open(os.path.join(directory, "printed.h"), "w", encoding="utf-8") as file:
                file.write(header)
            expect("a call by value is right", library.runs(CALLER.replace("take(&n)", "take(n)"), "gcc") != ANSWER)
    with tempfile.TemporaryDirectory() as directory:
        library = Library(directory, tools, ["-gdwarf-4", "-gstrict-dwarf"])
        said = library.passed()
        expect("JSON: %s" % said, said["NT"] == "unknown" and said["both"] is None)
        for compiler in ("gcc", "clang"):
            for name, source in (("value", BY_VALUE), ("pointer", BY_POINTER), ("result", RETURNED)):
                expect("%s calls by %s what is unknown" % (compiler, name), not library.compiles(source, compiler))
            expect("%s does not call what is known" % compiler, library.compiles(WHOLE, compiler))
        expect("C says nothing of it: " + library.header(), "in C++ passed by value or by address" in library.header())
    for each in wrong:
        print(each)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
