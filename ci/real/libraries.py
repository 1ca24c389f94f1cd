"""Real libraries, unstripped: built from the distribution's own sources with -g -O2.

Only the library itself is built, with the least configuration that gives the interface which the
distribution's has. What is built stays in ${XDG_CACHE_HOME:-~/.cache}/splitstrip/sources, one
directory for each version, and is taken from there as long as the installed version is the same; a
stamp, written last, tells what is whole.
"""

import dataclasses
import fcntl
import os
import pathlib
import shutil
import subprocess

from sources import Missing, cache_directory, fetch, installed_version, run

JOBS = f"-j{os.cpu_count() or 1}"
FLAGS = "-g -O2"
# Debian's patches are newer than what automake made; it need not be made again.
AS_SHIPPED = ["AUTOMAKE=:", "AUTOCONF=:", "ACLOCAL=:", "AUTOHEADER=:"]


@dataclasses.dataclass(frozen=True)
class Recipe:
    """How one library is made of its sources."""

    soname: str
    debian: str  # the installed package, whose version is taken
    debian_source: str
    fedora: str
    fedora_source: str
    steps: tuple  # argument vectors, run in the directory of the sources
    product: str  # a glob there
    recipe_version: int = 1  # another one builds anew


def _ctypes_test(headers, suffix):
    """The extension _ctypes_test for the interpreter with those headers."""
    name = f"_ctypes_test{suffix}.so"
    return Recipe(name, "python3.11", "python3.11", "python3", "python3.11",
                  (["gcc", *FLAGS.split(), "-fPIC", "-shared", f"-I{headers}", "Modules/_ctypes/_ctypes_test.c", "-o", name],),
                  name)


def _netlib(soname, debian, fedora, archive, make):
    """One library of the sources of LAPACK, whose make knows archives alone."""
    fortran = f"FFLAGS={FLAGS} -fPIC -frecursive"
    return Recipe(soname, debian, "lapack", fedora, "lapack",
                  (["cp", "make.inc.example", "make.inc"], ["make", JOBS, fortran, fortran.replace("FFLAGS", "FFLAGS_NOOPT"), *make],
                   ["gfortran", "-shared", f"-Wl,-soname,{soname}", "-Wl,--whole-archive", archive, "-Wl,--no-whole-archive",
                    *([] if soname.startswith("libblas") else ["-l:libblas.so.3"]), "-o", soname]),
                  soname, 2)


LIBRARIES = {
    "zlib": Recipe(
        "libz.so.1", "zlib1g", "zlib", "zlib-ng-compat", "zlib-ng",
        (["./configure", "--shared"], ["make", JOBS, "all"]), "libz.so.1.*"),
    "libffi": Recipe(
        "libffi.so.8", "libffi8", "libffi", "libffi", "libffi",
        (["./configure", "--disable-static", "--disable-docs"], ["make", JOBS]), "*/.libs/libffi.so.8.*"),
    "sqlite": Recipe(
        "libsqlite3.so.0", "libsqlite3-0", "sqlite3", "sqlite-libs", "sqlite",
        (["./configure", "--disable-static", "--disable-tcl", "--disable-readline"],
         ["make", JOBS, "libsqlite3.la"]), ".libs/libsqlite3.so.0.*"),
    "libxml2": Recipe(
        "libxml2.so.2", "libxml2", "libxml2", "libxml2", "libxml2",
        (["./configure", "--disable-static", "--without-python", "--without-lzma", "--without-icu",
          "--without-readline"], ["make", JOBS, *AS_SHIPPED, "libxml2.la"]), ".libs/libxml2.so.2.*"),
    "libpq": Recipe(
        "libpq.so.5", "libpq5", "postgresql-15", "libpq", "libpq",
        (["./configure", "--without-readline", "--without-icu", "--with-openssl"],
         ["make", "-C", "src/interfaces/libpq", JOBS, "all"]), "src/interfaces/libpq/libpq.so.5.*"),
    # The reference implementations, in Fortran; of LAPACK what is in double precision, or it takes four times as long.
    "blas": _netlib("libblas.so.3", "libblas3", "blas", "librefblas.a", ["-C", "BLAS/SRC"]),
    "lapack": _netlib("liblapack.so.3", "liblapack3", "lapack", "liblapack.a", ["-C", "SRC", "double"]),
    # What Python modules of the distribution declare: see results/ctypes-mismatches.md.
    "libusb": Recipe(
        "libusb-1.0.so.0", "libusb-1.0-0", "libusb-1.0", "libusb1", "libusb1",
        (["./configure", "--disable-static", "--disable-udev"], ["make", JOBS, *AS_SHIPPED, "-C", "libusb"]),
        "libusb/.libs/libusb-1.0.so.0.*"),
    "libarchive": Recipe(
        "libarchive.so.13", "libarchive13", "libarchive", "libarchive", "libarchive",
        (["./configure", "--disable-static", "--without-openssl", "--without-xml2", "--without-nettle", "--disable-bsdtar",
          "--disable-bsdcpio", "--disable-bsdcat"], ["make", JOBS, *AS_SHIPPED, "libarchive.la"]),
        ".libs/libarchive.so.13.*"),
    "libmagic": Recipe(
        "libmagic.so.1", "libmagic1", "file", "file-libs", "file",
        (["./configure", "--disable-static", "--disable-libseccomp"], ["make", JOBS, *AS_SHIPPED, "-C", "src", "magic.h", "libmagic.la"]),
        "src/.libs/libmagic.so.1.*"),
    # What the programs of harness/e2e/real/packages call: see results/packages.md.
    "libsodium": Recipe(
        "libsodium.so.23", "libsodium23", "libsodium", "libsodium", "libsodium",
        (["autoreconf", "-fi"], ["./configure", "--disable-static"], ["make", JOBS, "-C", "src"]), "src/libsodium/.libs/libsodium.so.23.*"),
    "libdmtx": Recipe(
        "libdmtx.so.0", "libdmtx0b", "libdmtx", "libdmtx", "libdmtx",
        (["autoreconf", "-fi"], ["./configure", "--disable-static"], ["make", JOBS]), ".libs/libdmtx.so.0.*"),
    "capstone": Recipe(
        "libcapstone.so.4", "libcapstone4", "capstone", "capstone", "capstone",
        (["make", JOBS, "CAPSTONE_ARCHS=x86 arm", "CAPSTONE_STATIC=no", "libcapstone.so.4"],), "libcapstone.so.4"),
    "freetype": Recipe(
        "libfreetype.so.6", "libfreetype6", "freetype", "freetype", "freetype",
        (["./configure", "--disable-static", "--without-harfbuzz", "--without-brotli", "--without-bzip2", "--without-png",
          "--with-zlib=no"], ["make", JOBS]), "objs/.libs/libfreetype.so.6.*"),
    "zbar": Recipe(
        "libzbar.so.0", "libzbar0", "zbar", "zbar", "zbar",
        (["autoreconf", "-fi"], ["./configure", "--disable-static", "--without-x", "--without-gtk", "--without-qt", "--without-python",
          "--without-imagemagick", "--without-jpeg", "--disable-video", "--without-dbus", "--without-java", "--disable-doc"],
         ["make", JOBS, "zbar/libzbar.la"]), "zbar/.libs/libzbar.so.0.*"),
    # What the ctypes test suites of both interpreters call. PyPy's package has no source of its own;
    # CPython's has all that the older suite of PyPy calls.
    "ctypes-test": _ctypes_test("/usr/include/python3.11", ""),
    "ctypes-test-pypy": _ctypes_test("/usr/include/pypy3.9", ".pypy39-pp73-x86_64-linux-gnu"),
}


def _build(recipe, version, work):
    """Fetches and builds in `work`; returns the file."""
    fetched, sources = fetch(recipe.debian_source, recipe.fedora_source, version, cache_directory(), work / "fetched")
    environment = dict(os.environ, CFLAGS=FLAGS, PATH="/usr/bin:/bin:/usr/sbin:/sbin")
    for step in recipe.steps:
        run(step, cwd=sources, env=environment, timeout=1500)
    made = [file for file in sources.glob(recipe.product) if file.is_file() and not file.is_symlink()]
    if len(made) != 1:
        raise Missing(f"{sources}: {len(made)} files are {recipe.product}; one was expected")
    return fetched, made[0]


def unstripped(name):
    """The library with all its DWARF, at its soname, built if it is not in the cache."""
    recipe = LIBRARIES[name]
    version = installed_version(recipe.debian, recipe.fedora)
    if version is None:
        raise Missing(f"{name}: {recipe.debian} (Fedora: {recipe.fedora}) is not installed; run ci/install real")
    cache = cache_directory()
    cache.mkdir(parents=True, exist_ok=True)
    home = cache / f"{name}-{version.replace(':', '_')}-{recipe.recipe_version}"
    with open(cache / f"{name}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two tests may ask at once
        if (home / "stamp").exists():
            return home / recipe.soname
        shutil.rmtree(home, ignore_errors=True)
        work = home / "work"
        work.mkdir(parents=True)
        fetched, made = _build(recipe, version, work)
        shutil.copy(made, home / recipe.soname)
        shutil.rmtree(work)
        (home / "stamp").write_text(f"{recipe.debian_source} {fetched}\n", encoding="utf-8")
    return home / recipe.soname


def source_version(name):
    """The version of the sources that unstripped(name) was built from."""
    return (unstripped(name).parent / "stamp").read_text(encoding="utf-8").strip()


def split(splitstrip, name, into):
    """Splits the library: its main, with .gnu_typedata, is `into`/soname. Returns that."""
    into = pathlib.Path(into)
    file = unstripped(name)
    subprocess.run([str(splitstrip), "split", str(file), "-o", str(into)], check=True, timeout=120,
                   stdout=subprocess.DEVNULL)
    return into / file.name
