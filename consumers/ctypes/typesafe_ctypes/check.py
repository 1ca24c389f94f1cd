"""Holds declared argtypes and restype against a function's types, and says what is wrong."""

import ctypes
import os

from . import declare, shapes, typedata
from .settings import TypesafeStrictWarning, settings, warn

# Where "..." takes a floating-point argument as a declared parameter would: elsewhere it goes into other registers.
_VARIADIC_LIKE_FIXED = os.uname().machine in ("x86_64", "i686", "i386", "aarch64", "s390x")


class Function:
    """What the library says of a function, and which of it the program has declared.

    `result` and `parameters` (Items) are of `types`; `its_argtypes` and `its_restype` say that the program's declaration
    is in effect, instead of what was derived. `hides_place`: it returns a class of C++ where a pointer says that comes
    before its parameters."""

    __slots__ = ("types", "kind", "name", "result", "parameters", "variadic", "prototyped", "hides_place",
                 "its_argtypes", "its_restype")

    def __init__(self, types, kind, name):
        info = types.describe(types.strip(kind))
        self.types, self.kind, self.name = types, kind, name
        self.result = info.target
        self.parameters = types.items(types.strip(kind))
        self.variadic = bool(info.flags & typedata.VARIADIC)
        # In C++ and in DWARF of old, a function without parameters may not be marked.
        self.prototyped = bool(info.flags & typedata.PROTOTYPED) or bool(self.parameters)
        returned = types.describe(types.strip(self.result))
        self.hides_place = (returned.kind in (typedata.KIND_STRUCT, typedata.KIND_UNION)
                            and bool(returned.flags & typedata.BY_ADDRESS))
        self.its_argtypes = self.its_restype = False

    def prototype(self):
        """The C prototype."""
        return self.types.print(self.kind, self.name)


def result(function, restype):
    """Holds a declared restype against the function. Throws TypeError."""
    declared = restype
    if restype is not None and not shapes.is_type(restype):
        declared = ctypes.c_int  # ctypes calls it with the result as an int
    with declare.lock:
        declarations = declare.declarations()
        try:
            given = declarations.type(declared)
        except declare.Untold:
            return
        pair = (function.result, given, "result", settings.strict)
        fitting = function.types.memo.setdefault("fitting", set())
        if pair in fitting:
            return
        verdict, words = function.types.compare(function.kind, declarations, declarations.function(given))
        if not _matters(verdict):
            fitting.add(pair)
    _act(function, verdict, words, f"restype = {shapes.spell(restype)}")


def arguments(function, argtypes):
    """Holds declared argtypes against the function. Throws TypeError."""
    if not function.prototyped:
        return
    wanted = [parameter.type for parameter in function.parameters]
    if function.hides_place:
        wanted.insert(0, ("place", function.result))
    count = len(wanted)
    named = argtypes[:count] if function.variadic else argtypes
    with declare.lock:
        declarations = declare.declarations()
        # What was found to fit a parameter of the same type need not be looked at again: types may reach far.
        fitting = function.types.memo.setdefault("fitting", set())
        parts, pairs = [], []
        for index, argtype in enumerate(named):
            part = _parameter(declarations, argtype)
            pair = (wanted[index] if index < count else None, part, "parameter", settings.strict)
            parts.append(declarations.unknown if pair in fitting else part)
            pairs.append(pair)
        made = declarations.function(declarations.unknown, parts, function.variadic)
        worst, words = function.types.compare(function.kind, declarations, made)
        if not _matters(worst):
            fitting.update(pairs)
    for number, argtype in enumerate(argtypes[len(named):], count + 1):
        verdict, said = _verdict_on_variadic(argtype)
        if verdict > worst:
            worst, words = verdict, f"parameter {number} {said}"
    _act(function, worst, words, f"argtypes = [{', '.join(shapes.spell(each) for each in argtypes)}]")


def _parameter(declarations, argtype):
    try:
        return declarations.parameter(argtype)
    except declare.Untold:
        return declarations.unknown


def argument(function, index, kind, is_target):
    """Why an object of a ctypes type (or, with `is_target`, a pointer to one) will not do as an argument that nobody
    declared; "" if it will."""
    with declare.lock:
        declarations = declare.declarations()
        try:
            given = declarations.pointer(kind) if is_target else declarations.parameter(kind)
        except declare.Untold:
            return ""
        parts = [declarations.unknown] * len(function.parameters)
        parts[index] = given
        made = declarations.function(declarations.unknown, parts, function.variadic)
        verdict, words = function.types.compare(function.kind, declarations, made)
    # One converter serves all parameters of a type: which one it was at first says nothing, and ctypes names the argument.
    return words.partition(": ")[2] if verdict == typedata.HARMFUL else ""


def _verdict_on_variadic(argtype):
    """On what is declared for one of the arguments that C has as "..."."""
    letter = shapes.code(argtype) if shapes.is_type(argtype) else ""
    if letter == "f":
        return typedata.HARMFUL, 'is one of "...", which takes no float, it takes a double'
    if letter in ("d", "g") and not _VARIADIC_LIKE_FIXED:
        return typedata.HARMFUL, 'is one of "...", which takes floating-point arguments otherwise here; leave it out of argtypes'
    return typedata.COMPATIBLE, 'is one of "..."; leave it out of argtypes'


def data(types, its, kind, name):
    """Holds the type of an in_dll() against an object of the library. Throws TypeError."""
    with declare.lock:
        declarations = declare.declarations()
        try:
            verdict, words = types.compare(its, declarations, declarations.type(kind))
        except declare.Untold:
            return
    if not _matters(verdict):
        return
    text = f"{name}: {words}\n  C:      {types.print(its, name)}\n  Python: {shapes.spell(kind)}.in_dll({name!r})"
    _say(verdict, text)


def _matters(verdict):
    return verdict == typedata.HARMFUL or (verdict == typedata.COMPATIBLE and settings.strict)


def _act(function, verdict, words, declaration):
    if not _matters(verdict):
        return
    _say(verdict, f"{function.name}: {words}\n  C:      {function.prototype()}\n  Python: {function.name}.{declaration}")


def _say(verdict, text):
    if verdict == typedata.HARMFUL:
        raise TypeError(text)
    warn(text, TypesafeStrictWarning)
