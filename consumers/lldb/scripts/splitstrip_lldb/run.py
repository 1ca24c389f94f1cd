"""Runs the collectors that the harness asks for."""

from splitstrip.asking import collect
from splitstrip.channel import Channel
from splitstrip.parameters import Parameters

from . import settings
from . import core, functions, globals, lines, live, made_up, scopes, types  # noqa: F401  (they register)
from .session import Session


def run_parameters(debugger, path):
    """Does what the parameters in the file `path` say."""
    parameters = Parameters.load(path)
    channel = Channel.from_descriptor(parameters.channel)
    settings.normalise(debugger, parameters.debug_root)
    collect(parameters.queries, Session(debugger, parameters), channel)
