"""Runs the collectors that the harness asks for."""

from splitstrip.asking import collect
from splitstrip.channel import Channel
from splitstrip.parameters import Parameters

from . import made_up, named  # noqa: F401  (they register)
from .session import Session


def run_parameters(path):
    """Does what the parameters in the file `path` say."""
    parameters = Parameters.load(path)
    channel = Channel.from_descriptor(parameters.channel)
    collect(parameters.queries, Session(parameters), channel)
