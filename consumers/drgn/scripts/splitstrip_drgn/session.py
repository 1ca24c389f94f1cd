"""What all collectors of one run share."""

import re

import drgn

from splitstrip.naming import Names

# drgn says in which file and where in it something went wrong: that is the pair's own.
_PLACE = re.compile(r"^\S+: \.(?:debug|eh)_\w+\+0x[0-9a-f]+: ")


class Session:
    """The library that is asked about and the parameters of the run."""

    def __init__(self, parameters):
        self.parameters = parameters
        self._program = None

    @property
    def program(self):
        """A drgn.Program that knows of the library alone, as a file."""
        if self._program is None:
            self._program = drgn.Program(drgn.host_platform)
            _load(self._program, [self.parameters.library])
        return self._program

    def named(self, *kinds):
        """(kind, name, file of declaration) of all that the harness names, of these kinds."""
        with open(self.parameters.landmarks, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            for line in file:
                kind, name, where = line.rstrip("\n").split("\t")
                if kind in kinds:
                    yield kind, name, where

    def names(self):
        """A fresh keeper of unique keys."""
        return Names()


def _load(program, paths, **more):
    try:
        program.load_debug_info(paths, **more)
    except drgn.MissingDebugInfoError:
        pass  # what is asked next shows what is missing


def open_core(path):
    """A drgn.Program of a core file, with what it finds of the files that are mapped there."""
    program = drgn.Program()
    program.set_core_dump(path)
    _load(program, None, default=True)
    return program


def problem_text(problem):
    """An exception as text that does not depend on the order of things in the debug file."""
    return "<%s>" % _PLACE.sub("", str(problem))
