"""The distribution's own sources of a package, as it ships them, patches applied.

Debian: `apt-get source` with a list of its own. Most machines have no `deb-src` configured; which
archives the installed system is from, apt knows (`apt-get indextargets`), and the list is derived
from that. It lies in the cache with apt's indices; the system's configuration is not touched.

Fedora: `dnf download --source` and `rpmbuild -bp`. This half is written down from their manuals and
has NOT been run.
"""

import fcntl
import os
import pathlib
import re
import shutil
import subprocess

KEYRING = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")


class Missing(Exception):
    """Sources that cannot be had; the message says what and what to do."""


def run(argv, cwd=None, timeout=600, env=None):
    """Runs argv, at low priority; returns what it prints, or raises Missing with its last lines."""
    argv = ["nice", "-n", "3"] + [str(word) for word in argv]
    env = dict(env or os.environ, LC_ALL="C.UTF-8")
    try:
        done = subprocess.run(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", timeout=timeout, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(f"{' '.join(argv[3:])}: {error}") from error
    if done.returncode != 0:
        last = " / ".join(done.stdout.splitlines()[-8:])
        raise Missing(f"{' '.join(argv[3:])}: ended with {done.returncode}: {last}")
    return done.stdout


def installed_version(debian, fedora):
    """The version of the sources that the installed package was built from, or None."""
    if shutil.which("dpkg-query"):
        argv = ["dpkg-query", "-W", "-f", "${source:Version}", debian]
    else:
        argv = ["rpm", "-q", "--qf", "%{VERSION}-%{RELEASE}", fedora]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 and done.stdout.strip() else None


def upstream(version):
    """The part of a Debian version that upstream gave: 1:1.2.13.dfsg-1 is 1.2.13.dfsg."""
    return re.sub(r"^\d+:", "", version).rpartition("-")[0] or version


class Apt:
    """apt-get with indices of sources, in a directory of its own."""

    def __init__(self, directory):
        directory = pathlib.Path(directory)
        self.directory = directory
        for part in ("lists/partial", "cache/archives/partial"):
            (directory / part).mkdir(parents=True, exist_ok=True)
        self.options = ["-o", f"Dir::Etc::sourcelist={directory / 'sources.list'}",
                        "-o", "Dir::Etc::sourceparts=/dev/null",
                        "-o", f"Dir::State::Lists={directory / 'lists'}",
                        "-o", f"Dir::Cache={directory / 'cache'}",
                        "-o", "APT::Sandbox::User=", "-q"]

    def update(self):
        """Derives the list of sources and fetches their indices."""
        line = "deb-src " + (f"[signed-by={KEYRING}] " if KEYRING.exists() else "")
        line += "$(REPO_URI) $(RELEASE) $(COMPONENT)"
        wanted = ["apt-get", "indextargets", "--format", line, "Created-By: Packages"]
        listed = run(wanted + ["Origin: Debian"]) or run(wanted + ["Origin: Ubuntu"])
        if not listed:
            raise Missing("apt knows no archive of the distribution; run apt-get update first")
        # In the system's order: of two archives with one version, apt asks the first.
        (self.directory / "sources.list").write_text("".join(dict.fromkeys(listed.splitlines(True))), encoding="utf-8")
        run(["apt-get", *self.options, "update"])

    def versions(self, source):
        """All versions that the archives have of a source package."""
        shown = run(["apt-cache", *self.options, "showsrc", "--only-source", source])
        return re.findall(r"^Version: (\S+)", shown, re.MULTILINE)

    def fetch(self, source, version, into):
        """Unpacks the version, or another revision of the same upstream version if the archive does
        not have it (security updates come and go); returns (version, directory)."""
        known = self.versions(source)
        same = sorted((other for other in known if upstream(other) == upstream(version)),
                      key=lambda other: other != version)
        if not same:
            raise Missing(f"{source} {version}: the archive has {', '.join(known)}; upgrade the installed package")
        failure = None
        for other in same:
            shutil.rmtree(into, ignore_errors=True)
            into.mkdir(parents=True)
            try:
                run(["apt-get", *self.options, "source", f"{source}={other}"], cwd=into)
            except Missing as error:
                failure = error
                continue
            return other, next(entry for entry in into.iterdir() if entry.is_dir())
        raise failure


def fetch(debian_source, fedora_source, version, cache, into):
    """Fetches and unpacks sources into a directory; returns (version, directory of the sources)."""
    into = pathlib.Path(into)
    if shutil.which("apt-get"):
        with open(pathlib.Path(cache) / "apt.lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            apt = Apt(pathlib.Path(cache) / "apt")
            try:
                return apt.fetch(debian_source, version, into)
            except Missing:
                apt.update()  # never fetched, or out of date
            return apt.fetch(debian_source, version, into)
    # NOT RUN: no Fedora was at hand.
    into.mkdir(parents=True, exist_ok=True)
    run(["dnf", "download", "--source", "--destdir", into, f"{fedora_source}-{version}"])
    package = next(into.glob("*.src.rpm"))
    top = ["--define", f"_topdir {into}"]
    run(["rpm", "-i", *top, package])
    run(["rpmbuild", "-bp", "--nodeps", *top, *(into / "SPECS").glob("*.spec")])
    return version, next(entry for entry in (into / "BUILD").iterdir() if entry.is_dir())


def cache_directory():
    """Where sources and what is built of them are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(base) / "splitstrip" / "sources"
