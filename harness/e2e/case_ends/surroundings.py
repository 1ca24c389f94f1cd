"""What a case is played under: what differs from machine to machine and from run to run, put on one machine."""

import struct


class Surrounding:
    """`name`, what stands in front of the interpreter, what is in its environment; `busy` processes beside it; the
    working directory; and whether only one interpreter has it."""

    def __init__(self, name, prefix=(), environment=None, busy=False, directory=None, interpreter=None):
        self.name = name
        self.prefix = list(prefix)
        self.environment = environment or {}
        self.busy = busy
        self.directory = directory
        self.interpreter = interpreter


def _double(value):
    return hex(struct.unpack("<Q", struct.pack("<d", value))[0])


def _variables(name, *values, interpreter=None):
    return [Surrounding(f"{name}={value or 'nothing'}", environment={name: value}, interpreter=interpreter)
            for value in values]


def surroundings(paint):
    """All, the plain one first. `paint` is the library of paint.c."""
    tunables = ("glibc.malloc.tcache_count=0", "glibc.malloc.mmap_threshold=64", "glibc.malloc.perturb=90",
                "glibc.malloc.check=3", "glibc.malloc.mxfast=0:glibc.malloc.tcache_count=0",
                # Other processors' string functions: in which order memory is touched, and in which registers.
                "glibc.cpu.hwcaps=-AVX512VL,-AVX512BW,-AVX2,-AVX,-ERMS,-FSRM,-SSSE3,-SSE4_1,-SSE4_2,-BMI2,-RTM,-MOVBE",
                "glibc.cpu.hwcaps=-AVX512VL,-AVX512BW,-ERMS,-FSRM", "glibc.cpu.x86_non_temporal_threshold=0x4040")
    paints = ("0x0", "0x1", "0x5", "0xffffffffffffffff", "0x2020202020202020", "last", "readable",
              *map(_double, (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 25.0)))
    return [
        Surrounding("plain"),
        Surrounding("no ASLR", ["setarch", "-R"]),
        Surrounding("legacy layout of the address space", ["setarch", "-L"]),
        Surrounding("legacy layout, no ASLR", ["setarch", "-L", "-R"]),
        Surrounding("read implies execute", ["setarch", "-X"]),
        Surrounding("stack without limit", ["prlimit", "--stack=unlimited:unlimited"]),
        Surrounding("stack of 1 MiB, no ASLR", ["prlimit", "--stack=1048576:1048576", "setarch", "-R"]),
        Surrounding("busy machine", ["nice", "-n", "19"], busy=True),
        Surrounding("one processor", ["taskset", "-c", "0"]),
        Surrounding("directory /", directory="/"),
        *(Surrounding(f"{size} bytes more in the environment", environment={"CASE_ENDS_PAD": "x" * size})
          for size in (1, 8, 24, 100, 4096, 100000)),
        *_variables("MALLOC_PERTURB_", "1", "85", "170", "255"),
        *_variables("MALLOC_ARENA_MAX", "1"),
        *_variables("MALLOC_TOP_PAD_", "0"),
        *_variables("MALLOC_MMAP_THRESHOLD_", "0"),
        *_variables("GLIBC_TUNABLES", *tunables),
        *_variables("LD_BIND_NOW", "1"),
        *_variables("LC_ALL", "C", "C.UTF-8"),
        *_variables("TZ", "Pacific/Kiritimati"),
        *_variables("PYTHONHASHSEED", "0", "1", "4294967295"),
        *_variables("PYTHONFAULTHANDLER", "1"),
        *_variables("PYTHONDEVMODE", "1", interpreter="ctypes"),
        *_variables("PYTHONMALLOC", "malloc", "debug", "malloc_debug", interpreter="ctypes"),
        # Of the processor's cache by default.
        *_variables("PYPY_GC_NURSERY", "64K", "1M", "4M", "32M", "64M", "256M", interpreter="pypy"),
        *_variables("PYPY_GC_MIN", "1M", "1G", interpreter="pypy"),
        *_variables("PYPY_GC_MAJOR_COLLECT", "1.1", interpreter="pypy"),
        *_variables("PYPY_GC_INCREMENT_STEP", "64K", interpreter="pypy"),
        *_variables("PYPY_DISABLE_JIT", "1", interpreter="pypy"),
        *(Surrounding(f"painted {word}", environment={"LD_PRELOAD": str(paint), "CASE_ENDS_PAINT": word})
          for word in paints),
        *(Surrounding(f"processor {model}", ["qemu-x86_64", "-cpu", model]) for model in
          ("qemu64", "Nehalem", "Haswell", "Skylake-Server", "Icelake-Server", "EPYC", "EPYC-Rome", "max")),
    ]
