"""What all collectors of one run share."""

from . import landmarks, walk
from .naming import Names


class Session:
    """The library that is asked about and the parameters of the run."""

    def __init__(self, parameters):
        self.parameters = parameters
        self.library = parameters.library
        self.backtrace = None  # facts of made-up stacks, once they have been walked
        self._units = None  # of the library as a file

    def units(self, base=0):
        """The library's units, in the order of the landmarks; `base` is where it is loaded."""
        if base:
            # Not kept: they go with the process.
            return walk.units(self.parameters.landmarks, base)
        if self._units is None:
            walk.read_all()
            self._units = list(walk.units(self.parameters.landmarks))
        return self._units

    def names(self):
        """A fresh keeper of unique keys."""
        return Names()

    def type_names(self):
        """(kind, name) of each type that the landmarks name."""
        return landmarks.type_names(self.parameters.landmarks)
