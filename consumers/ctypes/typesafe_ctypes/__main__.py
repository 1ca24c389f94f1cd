"""python3 -m typesafe_ctypes [--warn | --declare] [--strict] [--debuginfo] (PROGRAM | -m MODULE | -c CODE) [ARGUMENT ...]

Runs a Python program as `python3 PROGRAM ARGUMENT ...` would, with the libraries that it opens by ctypes checked. A
mistake raises TypeError at the first call; with --declare at the declaration; with --warn it is reported once, and
nothing is refused.
"""

import sys

from . import install


def _fail(words):
    sys.stderr.write(f"typesafe_ctypes: {words}\n{__doc__}")
    sys.exit(2)


def _main(arguments):
    options = {}
    while arguments and arguments[0] in ("--warn", "--declare", "--strict", "--debuginfo", "--help"):
        option = arguments.pop(0)
        if option == "--help":
            print(__doc__)
            return
        if option in ("--warn", "--declare"):
            options["mode"] = option[2:]
        else:
            options[option[2:]] = True
    if not arguments:
        _fail("which program?")
    kind = arguments.pop(0) if arguments[0] in ("-m", "-c") else ""
    if not arguments or (not kind and arguments[0].startswith("-")):
        _fail(f"{kind or arguments[0]}: cannot be read")
    install(**options)
    if kind == "-m":
        _run_module(arguments)
    elif kind == "-c":
        sys.argv[:] = ["-c"] + arguments[1:]
        _run_code(compile(arguments[0], "<string>", "exec"), None)
    else:
        _run_file(arguments)


def _run_module(arguments):
    import runpy

    sys.argv[:] = arguments
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)


def _run_file(arguments):
    import os

    sys.argv[:] = arguments
    path = arguments[0]
    if os.path.isdir(path) or path.endswith((".zip", ".pyz", ".pyc")):
        import runpy
        runpy.run_path(path, run_name="__main__")
        return
    if not getattr(sys.flags, "safe_path", False):
        sys.path[0] = os.path.dirname(os.path.realpath(path))
    try:
        with open(path, "rb") as file:
            code = compile(file.read(), path, "exec")
    except OSError as error:
        _fail(f"{path}: {error.strerror}")
    _run_code(code, path)


def _run_code(code, path):
    """Runs it as the module __main__, which stays when it has ended, as threads and exit functions expect."""
    main = sys.modules["__main__"] = type(sys)("__main__")
    main.__dict__["__builtins__"] = __builtins__
    if path is not None:
        main.__file__ = path
        main.__cached__ = None
    exec(code, main.__dict__)


if __name__ == "__main__":
    _main(sys.argv[1:])
