"""Under "warn": the arguments of functions that nobody declared are looked at, and handed on as they are."""

from . import derive
from .settings import TypesafeWarning, refuse, warn_once


def undeclared(function):
    """The converter of each parameter; none if the library does not tell."""
    if not function.prototyped or function.hides_place:
        return ()
    return tuple(each.from_param for each in derive.parameters(function))


def call(function, arguments):
    """Says once what is wrong about the arguments of one call."""
    watch = function.watch
    if not watch and not (function.prototyped and function.argtypes is None):
        return
    count = len(function.parameters)
    if len(arguments) < count or (len(arguments) > count and not function.variadic):
        refuse(function, f"takes {count} argument{'s' * (count != 1)} ({len(arguments)} given)")
    for number, (convert, argument) in enumerate(zip(watch, arguments), 1):
        try:
            convert(argument)
        except Exception as error:
            warn_once(f"{function.name}: argument {number}: {error}\n  C:      {function.prototype()}", TypesafeWarning)
