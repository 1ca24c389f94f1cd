"""A PostgreSQL server of its own, on loopback, gone when it is no longer wanted.

    with Cluster() as cluster:
        psycopg.connect(cluster.conninfo)

The database cluster lies in a temporary directory. The server listens on 127.0.0.1, on a port that
was free a moment ago, and asks for a password (scram-sha-256). PostgreSQL refuses to run as root:
then it runs as the user `postgres`, or `nobody`. Should this process be killed, the kernel tells
the server to stop (PR_SET_PDEATHSIG).
"""

import os
import pathlib
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time

USER = "tester"
STARTED_WITHIN = 30.0  # seconds
STOPPED_WITHIN = 10.0


class NoServer(Exception):
    """PostgreSQL is not installed, or does not start; the message says what to do."""


def programs():
    """The directory of initdb and postgres."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres")) + [pathlib.Path("/usr/bin/postgres")]
    for server in found:
        if server.exists() and (server.parent / "initdb").exists():
            return server.parent
    raise NoServer("PostgreSQL's server is not installed; run ci/install real")


def free_port():
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Cluster:
    """A running server; conninfo is how to reach it."""

    def __init__(self):
        self._bin = programs()
        self._home = None
        self._server = None
        self.conninfo = None

    def __enter__(self):
        self._home = pathlib.Path(tempfile.mkdtemp(prefix="splitstrip-pg-"))
        try:
            self._create()
            for attempt in range(3):  # somebody may have taken the port meanwhile
                if self._start(free_port(), last=attempt == 2):
                    break
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_):
        self._stop()
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home = None

    def _as_user(self, argv):
        """argv as somebody whom PostgreSQL accepts, to be stopped when this process ends."""
        prefix = ["setpriv", "--pdeathsig", "INT"]
        if os.geteuid() == 0:
            account = self._account()
            prefix += [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
        return prefix + [str(word) for word in argv]

    @staticmethod
    def _account():
        for name in ("postgres", "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise NoServer("root cannot run PostgreSQL, and there is no user postgres nor nobody")

    def _environment(self):
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self._home), "TZ": "UTC"}

    def _create(self):
        password = secrets.token_hex(16)
        secret = self._home / "password"
        secret.write_text(password + "\n", encoding="ascii")
        if os.geteuid() == 0:
            account = self._account()
            for path in (self._home, secret):
                os.chown(path, account.pw_uid, account.pw_gid)
        argv = [self._bin / "initdb", "-D", self._home / "data", "-U", USER, f"--pwfile={secret}", "-E", "UTF8",
                "--auth=scram-sha-256", "--no-sync", "--no-instructions", "--locale=C.UTF-8"]
        done = subprocess.run(self._as_user(argv), cwd=self._home, env=self._environment(), capture_output=True,
                              text=True, timeout=120, check=False)
        if done.returncode != 0:
            raise NoServer(f"initdb ended with {done.returncode}: {done.stderr.strip()}")
        self._password = password

    def _start(self, port, last):
        """Whether the server came up at the port."""
        log = self._home / "log"
        argv = [self._bin / "postgres", "-D", self._home / "data", "-p", port, "-k", self._home,
                "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=10",
                "-c", "shared_buffers=16MB", "-c", "password_encryption=scram-sha-256"]
        with open(log, "wb") as output:
            self._server = subprocess.Popen(self._as_user(argv), cwd=self._home, env=self._environment(),
                                            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                            start_new_session=True)
        self.conninfo = f"host=127.0.0.1 port={port} user={USER} password={self._password} dbname=postgres"
        deadline = time.monotonic() + STARTED_WITHIN
        while time.monotonic() < deadline and self._server.poll() is None:
            if b"ready to accept connections" in log.read_bytes():
                return True
            time.sleep(0.05)
        self._stop()
        text = log.read_text(encoding="utf-8", errors="replace").strip()
        if last or "Address already in use" not in text:
            raise NoServer(f"postgres did not start: {text}")
        return False

    def _stop(self):
        """Fast shutdown, then immediate, then SIGKILL."""
        if self._server is None:
            return
        for wanted in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self._server.poll() is not None:
                break
            self._server.send_signal(wanted)
            try:
                self._server.wait(STOPPED_WITHIN)
            except subprocess.TimeoutExpired:
                continue
        # What is left of its children, should it have been killed.
        try:
            os.killpg(self._server.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        self._server = None
