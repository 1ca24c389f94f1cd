"""Runs the collectors that the harness asks for."""

from . import settings
from . import core, functions, globals, lines, live, macros, made_up, scopes, typedata, types  # noqa: F401  (they register)
from .asking import collect
from .channel import Channel
from .parameters import Parameters
from .session import Session


def run_parameters(path):
    """Does what the parameters in the file `path` say."""
    parameters = Parameters.load(path)
    channel = Channel.from_descriptor(parameters.channel)
    settings.normalise()
    collect(parameters.queries, Session(parameters), channel)
