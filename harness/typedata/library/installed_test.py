"""Whether a C program can be built with what is installed of libtypedata, and runs.

usage: installed_test.py CMAKE BUILD_DIRECTORY BUILD_TOOL
"""

import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
EXPECTED = """char *name_of(int number, const char *fallback)
number
fallback
the function takes 2 parameters there, 1 here: 'char *name_of(int number, const char *fallback)'
"""


def run(*command, **options):
    """A command's output; raises for an exit code."""
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def main(arguments):
    """Installs, builds, runs; returns the exit code."""
    cmake, build, build_tool = arguments
    with tempfile.TemporaryDirectory() as root:
        script = os.path.join(build, "cmake_install.cmake")
        run(cmake, "-DCMAKE_INSTALL_PREFIX=" + root, "-DCMAKE_INSTALL_LOCAL_ONLY=1", "-P", script)
        library, program = os.path.join(root, "l.so"), os.path.join(root, "program")
        source = "char *name_of(int number, const char *fallback) { return (char *)fallback + number; }\n"
        run("cc", "-g", "-shared", "-fPIC", "-xc", "-", "-o", library, "-Wl,--build-id", input=source)
        run(build_tool, library, library, os.path.join(root, "types"), library + ".typed")
        (packages,) = [place for place, _, files in os.walk(root) if "typedata.pc" in files]
        environment = dict(os.environ, PKG_CONFIG_PATH=packages)
        flags = run("pkg-config", "--define-variable=prefix=" + root, "--cflags", "--libs", "typedata", env=environment)
        directory = run("pkg-config", "--define-variable=prefix=" + root, "--variable=libdir", "typedata", env=environment)
        run(
            "cc", "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", os.path.join(HERE, "installed_test.c"),
            "-o", program, *flags.split(), "-Wl,-rpath," + directory.strip(),
        )
        told = run(program, library + ".typed", "name_of")
        loaded = run("ldd", program)
        if os.path.realpath(root) not in os.path.realpath(loaded.split("libtypedata.so.1 => ")[1].split()[0]):
            print("another libtypedata was loaded:\n" + loaded)
            return 1
        if not os.path.exists(os.path.join(directory.strip(), "typedata", "debuginfo.so")):
            print("its part that reads debuginfo is not installed")
            return 1
    if told != EXPECTED:
        print("got:\n%s\nexpected:\n%s" % (told, EXPECTED))
        return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except subprocess.CalledProcessError as error:
        sys.exit("%s\n%s" % (error, error.stderr))
