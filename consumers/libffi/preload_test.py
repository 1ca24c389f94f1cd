"""The preloaded library under unmodified runtimes: CPython's ctypes, PyPy's ctypes and cffi, Ruby's Fiddle.

Each wrong call is made three times: without the preload (the control: it must crash or give what the
case says), and with it under warn, abort and raise. A program that calls rightly must hear no word.

Environment: FFI_TYPESAFE_LIBRARY, FFI_TYPESAFE_CALLEE (split), FFI_TYPESAFE_STRIPPED (the same,
without types), FFI_TYPESAFE_OTHER (another library with types). A runtime that is not installed is skipped, and says so.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import unittest

LIBRARY = os.environ["FFI_TYPESAFE_LIBRARY"]
CALLEE = os.environ["FFI_TYPESAFE_CALLEE"]
STRIPPED = os.environ["FFI_TYPESAFE_STRIPPED"]
OTHER = os.environ["FFI_TYPESAFE_OTHER"]


class Ended:
    """How a program ended: its signal or None, its output, what it said."""

    def __init__(self, run):
        self.signal = -run.returncode if run.returncode < 0 else None
        self.status = run.returncode
        self.output = run.stdout.strip()
        self.said = run.stderr


def run(words, policy, callee=CALLEE, extra=()):
    """Runs a program; policy None is without the preload."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FFI_TYPESAFE")}
    environment.update(CALLEE=callee, PYTHONDONTWRITEBYTECODE="1")
    environment.update(extra)
    if policy is not None:
        environment.update(LD_PRELOAD=LIBRARY, FFI_TYPESAFE=policy)
    return Ended(subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60))


def libc():
    """The path of the C library."""
    with open("/proc/self/maps") as maps:
        return next(line.split()[-1] for line in maps if "/libc.so.6" in line)


class Runtime:
    """What every runtime is put through; subclasses say in which words.

    command: the program; wrong: name -> (script, what the message says, what is seen without the
    preload: a signal, the right output, which is not what comes, or None where the machine decides); right: a script that calls rightly, and prints
    "right"; fetch: words that print what ffi_typesafe_error() says, after `before` and a wrong call.
    """

    command = []
    head = ""
    wrong = {}
    right = ""
    raising = ""

    def setUp(self):
        if shutil.which(self.command[0]) is None:
            self.skipTest(self.command[0] + " is not installed")

    def script(self, text, policy, callee=CALLEE):
        return run(self.command + [self.head + text], policy, callee)

    def test_without_the_preload_wrong_calls_go_wrong(self):
        for name, (text, _, harm) in self.wrong.items():
            with self.subTest(name):
                end = self.script(text, None)
                if isinstance(harm, signal.Signals):
                    self.assertEqual(end.signal, harm, end.said)
                elif harm is not None:
                    self.assertEqual(end.status, 0, end.said)
                    self.assertNotEqual(end.output, harm)

    def test_warn_says_it_once_and_makes_the_call(self):
        for name, (text, message, harm) in self.wrong.items():
            with self.subTest(name):
                end = self.script(text, "warn")
                self.assertRegex(end.said, message)
                self.assertEqual(end.said.count("ffi-typesafe: "), 1, end.said)
                if isinstance(harm, signal.Signals):
                    self.assertEqual(end.signal, harm)

    def test_abort_ends_with_message_and_backtrace(self):
        for name, (text, message, _) in self.wrong.items():
            with self.subTest(name):
                end = self.script(text, "abort")
                self.assertEqual(end.signal, signal.SIGABRT, end.said)
                self.assertRegex(end.said, message)
                self.assertRegex(end.said, r"backtrace:\n(.*\n)*.*libffi-typesafe.*ffi_call")

    def test_raise_makes_no_call_and_keeps_the_message(self):
        end = self.script(self.raising, "raise")
        self.assertEqual(end.status, 0, end.said)
        self.assertRegex(end.output, r"^0 \S*length .*size_t length\(const char \*text\)")
        self.assertTrue(end.output.endswith("then nothing"), end.output)
        self.assertNotIn("ffi-typesafe: ", end.said)

    def test_off_says_nothing(self):
        for name, (text, _, harm) in self.wrong.items():
            if isinstance(harm, signal.Signals):
                with self.subTest(name):
                    end = self.script(text, "off")
                    self.assertNotIn("ffi-typesafe: ", end.said)
                    self.assertEqual(end.signal, harm)

    def test_right_calls_hear_no_word(self):
        for policy in (None, "warn", "abort", "raise"):
            with self.subTest(policy):
                end = self.script(self.right, policy)
                self.assertEqual((end.output, end.said, end.status), ("right", "", 0))

    def test_a_library_without_types_is_as_ever(self):
        for name, (text, _, harm) in self.wrong.items():
            if isinstance(harm, signal.Signals):
                with self.subTest(name):
                    end = self.script(text, "warn", STRIPPED)
                    self.assertNotIn("ffi-typesafe: ", end.said)
                    self.assertEqual(end.signal, harm)


CTYPES_HEAD = """
import os
from ctypes import *
lib = CDLL(os.environ["CALLEE"])
"""

CTYPES_WRONG = {
    "pointer returned through int": (
        "wrong = lib.greeting(); lib.greeting.restype = c_void_p; print(wrong == lib.greeting())",
        r"greeting \(.*libcallee.so\): .*const char \*greeting\(void\), called as int greeting\(void\)",
        "True"),
    "integer for a pointer": (
        "lib.length(5)",
        r"length \(.*\): .*size_t length\(const char \*text\), called as int length\(int\)",
        signal.SIGSEGV),
    "integer for a double": (
        "lib.half.restype = c_double; print(lib.half(4))",
        r"half \(.*\): .*double half\(double number\), called as double half\(int\)",
        "2.0"),
    "float for a double": (
        "lib.half.restype = c_double; print(lib.half(c_float(4)))",
        r"half \(.*\): .*called as double half\(float\)",
        "2.0"),
    "one argument too many": (
        "print(lib.twice(1, 2))",
        r"twice \(.*\): .*int twice\(int number\), called as int twice\(int, int\)",
        None),
    "one too few": (
        "print(lib.twice())",
        r"twice \(.*\): .*called as int twice\(void\)",
        None),
    "variadic called as fixed": (
        "print(lib.sum(2, 30, 12))",
        r"sum \(.*\): .*int sum\(int count, \.\.\.\), called as int sum\(int, int, int\)",
        None),
    "structure by pointer instead of by value": (
        "class P(Structure): _fields_ = [('x', c_double), ('y', c_double)]\n"
        "lib.dot.restype = c_double\n"
        "print(lib.dot(byref(P(1, 2)), byref(P(3, 4))))",
        r"dot \(.*\): .*called as double dot\(void \*, void \*\)",
        "11.0"),
    "drifted structure by value": (
        "class P(Structure): _fields_ = [('x', c_float), ('y', c_float)]\n"
        "lib.dot.restype = c_double\n"
        "print(lib.dot(P(1, 2), P(3, 4)))",
        r"dot \(.*\): .*called as double dot\(struct of 8 bytes, struct of 8 bytes\)",
        "11.0"),
    "callback with another prototype": (
        "lib.apply_double.restype = c_double\n"
        "print(lib.apply_double(CFUNCTYPE(c_int, c_int)(lambda n: 2 * n), c_double(3)))",
        r"apply_double \(.*\): the function given as argument 1: .*"
        r"double apply_double\(double \(\*function\)\(double\), double number\), "
        r"given int callback\(int\)",
        "6.0"),
    "int for int64_t": (
        "lib.wide.restype = c_int64; print(lib.wide(5))",
        r"wide \(.*\): .*int64_t wide\(int64_t number\), called as long wide\(int\)",
        None),
}

CTYPES_RIGHT = """
lib.greeting.restype = c_char_p
assert lib.greeting() == b"good morning"
lib.length.restype = c_size_t
assert lib.length(b"four") == 4
assert lib.length(create_string_buffer(b"three")) == 5
assert lib.length((c_char * 4)(b"a", b"b")) == 2
for declared in (c_char_p, c_void_p, POINTER(c_char), POINTER(c_ubyte)):
    lib.length.argtypes = [declared]
    assert lib.length(cast(b"four", declared)) == 4
lib.length.argtypes = [c_size_t]
assert lib.length(addressof(create_string_buffer(b"three"))) == 5
assert lib.twice(21) == 42
assert lib.is_null(None) == 1
assert lib.is_null(byref(c_int())) == 0
lib.narrow.restype = c_short
assert lib.narrow(-5, -300, True) == -304
lib.narrow.argtypes = [c_byte, c_short, c_bool]
assert lib.narrow(-5, -300, True) == -304
assert lib.shade(7) == 70
lib.half.restype = c_double
assert lib.half(c_double(5)) == 2.5
lib.half.argtypes = [c_double]
assert lib.half(5) == 2.5
if CPYTHON:
    lib.third.restype, lib.third.argtypes = c_longdouble, [c_longdouble]
    assert lib.third(9) == 3
lib.count(2)
lib.count.restype = None
lib.count(3)
assert lib.counted_so_far() == 5
class P(Structure): _fields_ = [("x", c_double), ("y", c_double)]
lib.dot.restype, lib.dot.argtypes = c_double, [P, P]
assert lib.dot(P(1, 2), P(3, 4)) == 11
lib.turned.restype, lib.turned.argtypes = P, [P]
assert lib.turned(P(1, 2)).x == -2
class M(Structure): _fields_ = [("cell", c_long * 5)]
lib.scaled.restype, lib.scaled.argtypes = M, [M, c_long]
assert lib.scaled(M((1, 2, 3, 4, 5)), 10).cell[4] == 50
class Mixed(Structure): _fields_ = [("count", c_int), ("weight", c_float), ("total", c_double)]
lib.weigh.restype = c_double
assert lib.weigh(Mixed(2, 1.5, 0.5)) == 3.5
class Name(Structure): _fields_ = [("text", c_char * 12), ("length", c_short)]
assert lib.name_length(Name(b"hello", 3)) == 503
lib.sum.argtypes = [c_int]
assert lib.sum(2, 30, 12) == 42
assert lib.sum(0) == 0
callback = CFUNCTYPE(c_int, c_int)(lambda n: n + 1)
assert lib.apply(callback, 41) == 42
of_double = CFUNCTYPE(c_double, c_double)(lambda n: n + 1)
lib.apply_double.restype = c_double
assert lib.apply_double(of_double, c_double(41)) == 42
assert CFUNCTYPE(c_int, c_int)(cast(lib.twice, c_void_p).value)(4) == 8
print("right")
"""

CTYPES_RAISING = """
error = CDLL(None).ffi_typesafe_error
error.restype = c_char_p
print(lib.length(5), error().decode(), "then", error() or "nothing")
"""


class CPython(Runtime, unittest.TestCase):
    command = ["/usr/bin/python3", "-c"]
    head = CTYPES_HEAD + "CPYTHON = True\n"
    wrong = CTYPES_WRONG
    right = CTYPES_RIGHT
    raising = CTYPES_RAISING

    def test_a_function_is_told_of_once_however_it_is_called(self):
        text = "import ctypes\nfor text in (b'one', ctypes.create_string_buffer(3), ctypes.c_char_p(b'two'), ctypes.c_void_p()) * 2:\n" \
               "    text and lib.length(text)\n"
        end = self.script(text, "warn")
        self.assertEqual(end.said.count("ffi-typesafe: "), 1, end.said)
        self.assertIn("where nothing is declared, ctypes takes an int", end.said)

    def test_a_library_function_called_by_closing_libraries_through_libffi(self):
        """dlclose() of libc itself, which the preload does not stand in for."""
        end = self.script(
            "import _ctypes\n"
            "lib.length.restype = c_size_t\n"
            "lib.length(b'')\n"
            "closing = CDLL('libc.so.6').dlclose\n"
            "closing.argtypes = [c_void_p]\n"
            "assert closing(lib._handle) == 0\n"
            "lib = CDLL(os.environ['CALLEE'])\n"
            "lib.length.restype = c_size_t\n"
            "print(lib.length(b'four'))", "abort")
        self.assertEqual((end.output, end.said), ("4", ""))

    def test_threads_and_fork(self):
        end = self.script(
            "import threading\n"
            "lib.length.restype = c_size_t\n"
            "def work():\n"
            "    for _ in range(2000): assert lib.length(b'four') == 4 and lib.twice(2) == 4\n"
            "threads = [threading.Thread(target=work) for _ in range(4)]\n"
            "for t in threads: t.start()\n"
            "for _ in range(5):\n"
            "    child = os.fork()\n"
            "    if child == 0: work(); os._exit(0)\n"
            "    assert os.waitpid(child, 0)[1] == 0\n"
            "for t in threads: t.join()\n"
            "print('right')", "abort")
        self.assertEqual((end.output, end.said), ("right", ""))

    def test_a_program_that_uses_no_libffi_is_let_alone(self):
        for policy in ("warn", "abort"):
            end = run(["/bin/echo", "right"], policy)
            self.assertEqual((end.output, end.said), ("right", ""))

    def test_an_unknown_policy_is_told_and_warns(self):
        end = self.script("print(lib.twice(1, 2))", "shout")
        self.assertIn("FFI_TYPESAFE=shout is none of warn, abort, raise, off", end.said)
        self.assertIn("twice (", end.said)

    def test_a_message_that_nobody_fetches_is_told(self):
        end = self.script("print(lib.twice(1, 2))", "raise")
        self.assertEqual(end.output, "0")
        self.assertIn("this call was not made, and nobody asked why: twice (", end.said)


class BadInput(unittest.TestCase):
    """Types that cannot be used: one line says why, and the program runs as without the preload."""

    script = CTYPES_HEAD + "print(lib.twice(1, 2), lib.twice(3, 4, 5))"

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.copy = os.path.join(self.directory.name, "libcallee.so")
        shutil.copy(CALLEE, self.copy)

    def falls_back(self, why, script=script):
        end = run(CPython.command + [script], "abort", self.copy)
        self.assertEqual(end.output, "2 6", end.said)
        self.assertEqual(end.said.count("ffi-typesafe: "), 1, end.said)
        self.assertRegex(end.said, "ffi-typesafe: calls are not checked: .*libcallee.so.*" + why)

    def test_the_control_ends_where_the_types_are_good(self):
        end = run(CPython.command + [self.script], "abort", self.copy)
        self.assertEqual(end.signal, signal.SIGABRT)

    def test_a_damaged_section(self):
        with open(self.copy, "rb") as file:
            bytes_ = bytearray(file.read())
        start = bytes_.index(bytes.fromhex("28b52ffd"))  # zstd
        for i in range(start + 40, start + 300, 7):
            bytes_[i] ^= 0x5A
        with open(self.copy, "wb") as file:
            file.write(bytes_)
        self.falls_back("damaged")

    def test_the_section_of_another_library(self):
        section = os.path.join(self.directory.name, "section")
        subprocess.run(["objcopy", "--dump-section", ".gnu_typedata=" + section, OTHER,
                        os.path.join(self.directory.name, "unused")], check=True)
        subprocess.run(["objcopy", "--update-section", ".gnu_typedata=" + section, self.copy], check=True)
        self.falls_back("")

    def test_a_library_replaced_while_it_is_loaded(self):
        shutil.copy(OTHER, self.copy + ".new")
        self.falls_back("", CTYPES_HEAD + "os.replace(os.environ['CALLEE'] + '.new', os.environ['CALLEE'])\n"
                        "print(lib.twice(1, 2), lib.twice(3, 4, 5))")

    def test_a_library_removed_while_it_is_loaded(self):
        self.falls_back("", CTYPES_HEAD + "os.remove(os.environ['CALLEE'])\n"
                        "print(lib.twice(1, 2), lib.twice(3, 4, 5))")


class Debuginfo(unittest.TestCase):
    """The C library carries no types; its debuginfo may be installed."""

    script = "from ctypes import *; lib = CDLL('libc.so.6'); lib.strlen(5)"

    def setUp(self):
        notes = subprocess.run(["readelf", "-n", libc()], capture_output=True, text=True, check=True).stdout
        id_ = notes.split("Build ID: ")[1].split()[0]
        if not os.path.exists(f"/usr/lib/debug/.build-id/{id_[:2]}/{id_[2:]}.debug"):
            self.skipTest("the C library's debuginfo is not installed")

    def test_it_is_read_if_that_is_asked_for(self):
        end = run(["/usr/bin/python3", "-c", self.script], "abort", extra={"FFI_TYPESAFE_DEBUGINFO": "1"})
        self.assertRegex(end.said, r"strlen \(.*\): .*size_t strlen\(const char \*\), called as int strlen\(int\)")
        self.assertEqual(end.signal, signal.SIGABRT)

    def test_it_is_not_read_otherwise(self):
        end = run(["/usr/bin/python3", "-c", self.script], "abort")
        self.assertNotIn("ffi-typesafe: ", end.said)
        self.assertEqual(end.signal, signal.SIGSEGV)


class GObject(unittest.TestCase):
    """GObject's signals hand C handlers more arguments than they take, and that is its way."""

    head = CTYPES_HEAD + """
gobject = CDLL("libgobject-2.0.so.0")
for name in "g_cclosure_new", "g_value_init": getattr(gobject, name).restype = c_void_p
class Value(Structure): _fields_ = [("type", c_size_t), ("data", c_uint64 * 2)]
def invoke(handler, kinds):
    closure = c_void_p(gobject.g_cclosure_new(handler, c_void_p(), c_void_p()))
    gobject.g_closure_ref(closure)
    gobject.g_closure_sink(closure)
    gobject.g_closure_set_marshal(closure, gobject.g_cclosure_marshal_generic)
    values = (Value * len(kinds))()
    for value, kind in zip(values, kinds): gobject.g_value_init(byref(value), c_size_t(kind << 2))
    gobject.g_closure_invoke(closure, c_void_p(), c_uint(len(kinds)), values, c_void_p())
INT, DOUBLE, POINTER_ = 6, 15, 17
"""

    def setUp(self):
        if run(CPython.command + ["from ctypes import *; CDLL('libgobject-2.0.so.0')"], None).status != 0:
            self.skipTest("libgobject is not installed")

    def test_more_arguments_than_the_handler_takes(self):
        end = run(CPython.command + [self.head + "invoke(lib.is_null, [POINTER_, INT, DOUBLE]); print('right')"],
                  "abort")
        self.assertEqual((end.output, end.said), ("right", ""))

    def test_other_arguments_than_the_handler_takes(self):
        end = run(CPython.command + [self.head + "invoke(lib.half, [POINTER_, INT]); print('called')"], "warn")
        self.assertEqual(end.output, "called", end.said)
        self.assertRegex(end.said, r"half \(.*\): ")


class PyPyCtypes(Runtime, unittest.TestCase):
    # PyPy's ctypes has no long double, and says of all calls without argtypes that they are variadic.
    command = ["pypy3", "-c"]
    head = CTYPES_HEAD + "CPYTHON = False\n"
    wrong = {k: v for k, v in CTYPES_WRONG.items() if k != "variadic called as fixed"}
    right = CTYPES_RIGHT
    raising = CTYPES_RAISING


class PyPyCffi(Runtime, unittest.TestCase):
    command = ["pypy3", "-c"]
    head = """
import os
from cffi import FFI
ffi = FFI()
def declared(text):
    ffi.cdef(text)
    return ffi.dlopen(os.environ["CALLEE"])
"""
    wrong = {
        "pointer returned through int": (
            "print(declared('int greeting(void);').greeting() > 0xffffffff)",
            r"greeting \(.*\): .*called as int greeting\(void\)", "True"),
        "integer for a pointer": (
            "declared('size_t length(int);').length(5)",
            r"length \(.*\): .*called as unsigned long length\(int\)", signal.SIGSEGV),
        "drifted structure by value": (
            "lib = declared('struct p { float x, y; }; double dot(struct p, struct p);')\n"
            "print(lib.dot(ffi.new('struct p *', [1, 2])[0], ffi.new('struct p *', [3, 4])[0]))",
            r"dot \(.*\): .*called as double dot\(struct of 8 bytes, struct of 8 bytes\)", "11.0"),
        "one argument too many": (
            "print(declared('int twice(int, ...);').twice(2, ffi.cast('int', 3)))",
            r"twice \(.*\): .*called as int twice\(int, int\)", None),
    }
    right = """
lib = declared('''
  const char *greeting(void); size_t length(const char *); int twice(int); int sum(int, ...);
  short narrow(signed char, short, _Bool); enum colour { red, green = 7 }; int shade(enum colour);
  double half(double); struct point { double x, y; };
  double dot(struct point, struct point); struct point turned(struct point);
  struct matrix { long cell[5]; }; struct matrix scaled(struct matrix, long);
  struct name { char text[12]; short length; }; int name_length(struct name);
  int apply(int (*)(int), int); void count(int);''')
assert ffi.string(lib.greeting()) == b"good morning"
assert lib.length(b"four") == 4
assert lib.twice(21) == 42
assert lib.sum(2, ffi.cast("int", 30), ffi.cast("int", 12)) == 42
assert lib.narrow(-5, -300, True) == -304
assert lib.shade(lib.green) == 70
assert lib.half(5) == 2.5
assert lib.dot(ffi.new("struct point *", [1, 2])[0], ffi.new("struct point *", [3, 4])[0]) == 11
assert lib.turned(ffi.new("struct point *", [1, 2])[0]).x == -2
assert lib.scaled(ffi.new("struct matrix *", [[1, 2, 3, 4, 5]])[0], 10).cell[4] == 50
assert lib.name_length(ffi.new("struct name *", [b"hello", 3])[0]) == 503
assert lib.apply(ffi.callback("int(int)", lambda n: n + 1), 41) == 42
lib.count(1)
print("right")
"""
    raising = """
lib = declared("size_t length(int);")
ffi.cdef("const char *ffi_typesafe_error(void);")
error = ffi.dlopen(None).ffi_typesafe_error
print(lib.length(5), ffi.string(error()).decode(), "then", error() or "nothing")
""".replace('error() or "nothing"', '"something" if error() else "nothing"')


class RubyFiddle(Runtime, unittest.TestCase):
    command = ["ruby", "-e"]
    head = """
require 'fiddle'
include Fiddle
LIB = dlopen(ENV['CALLEE'])
def function(name, arguments, result) = Function.new(LIB[name], arguments, result)
"""
    wrong = {
        "pointer returned through int": (
            "puts function('greeting', [], TYPE_INT).call > 0xffffffff",
            r"greeting \(.*\): .*called as int greeting\(void\)", "true"),
        "integer for a pointer": (
            "function('length', [TYPE_INT], TYPE_SIZE_T).call(5)",
            r"length \(.*\): .*called as unsigned long length\(int\)", signal.SIGABRT),  # Ruby's own, at SIGSEGV
        "float for a double": (
            "puts function('half', [TYPE_FLOAT], TYPE_DOUBLE).call(4.0)",
            r"half \(.*\): .*called as double half\(float\)", "2.0"),
        "one argument too many": (
            "puts function('twice', [TYPE_INT, TYPE_INT], TYPE_INT).call(1, 2)",
            r"twice \(.*\): .*called as int twice\(int, int\)", None),
    }
    right = """
raise unless function('greeting', [], TYPE_VOIDP).call.to_s == 'good morning'
raise unless function('length', [TYPE_VOIDP], TYPE_SIZE_T).call('four') == 4
raise unless function('twice', [TYPE_INT], TYPE_INT).call(21) == 42
raise unless function('narrow', [TYPE_CHAR, TYPE_SHORT, TYPE_CHAR], TYPE_SHORT).call(-5, -300, 1) == -304
raise unless function('half', [TYPE_DOUBLE], TYPE_DOUBLE).call(5.0) == 2.5
raise unless function('sum', [TYPE_INT, TYPE_VARIADIC], TYPE_INT).call(2, TYPE_INT, 30, TYPE_INT, 12) == 42
more = Class.new(Closure) { def call(number) = number + 1 }.new(TYPE_INT, [TYPE_INT])
raise unless function('apply', [TYPE_VOIDP, TYPE_INT], TYPE_INT).call(more, 41) == 42
puts 'right'
"""
    raising = """
error = Function.new(Handle::DEFAULT['ffi_typesafe_error'], [], TYPE_VOIDP)
result = function('length', [TYPE_INT], TYPE_SIZE_T).call(5)
puts "#{result} #{error.call} then #{error.call.null? ? 'nothing' : 'something'}"
"""


if __name__ == "__main__":
    unittest.main()
