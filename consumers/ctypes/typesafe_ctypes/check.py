"""Holds declared argtypes and restype against a function's types, and says what is wrong."""

import ctypes
import os

from _ctypes import _Pointer

from . import declare, guard, shapes, typedata
from .settings import TypesafeStrictWarning, complain, complaint, refuse, settings, warn_once

# Where "..." takes a floating-point argument as a declared parameter would: elsewhere it goes into other registers.
_VARIADIC_LIKE_FIXED = os.uname().machine in ("x86_64", "i686", "i386", "aarch64", "s390x")


UNDECLARED = object()


class Function:
    """What the library says of a function, and which of it the program has declared.

    `result` and `parameters` (Items) are of `types`; `argtypes` and `restype` are what the program declared, None and
    UNDECLARED where it did not: what is derived from the library is in effect then. `hides_place`: it returns a class of
    C++ where a pointer says that comes before its parameters."""

    __slots__ = ("types", "kind", "name", "result", "parameters", "variadic", "prototyped", "hides_place",
                 "argtypes", "restype", "watch")

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
        self.argtypes, self.restype = None, UNDECLARED
        self.watch = ()  # under "warn": what looks at each argument

    def prototype(self):
        """The C prototype."""
        return self.types.print(self.kind, self.name)


def result(function, restype, remark=""):
    """Holds a declared restype against the function; what to set in its place. Throws TypeError."""
    declared = restype
    if restype is not None and not shapes.is_type(restype):
        declared = ctypes.c_int  # ctypes calls it with the result as an int
    with declare.lock:
        declarations = declare.declarations()
        try:
            given = declarations.type(declared)
        except declare.Untold:
            return restype
        pair = (function.result, given, "result", settings.strict)
        fitting = function.types.memo.setdefault("fitting", set())
        if pair in fitting:
            return restype
        verdict, words = function.types.compare(function.kind, declarations, declarations.function(given))
        if not _matters(verdict) and verdict != typedata.HANDLE:
            fitting.add(pair)
    if verdict == typedata.HANDLE and not _can_be_guarded(declared):
        verdict = typedata.HARMFUL
    declaration = f"{function.name}.restype = {shapes.spell(restype)}"
    _act(function, verdict, f"{words}; {remark}" if remark else words, declaration)
    if verdict == typedata.HANDLE and issubclass(declared, _Pointer):
        return guard.result(function, restype, words, declaration)
    if verdict == typedata.HANDLE and shapes.is_integer(declared) and declared is restype:
        return guard.number(function, restype, words, declaration)
    return restype


def _can_be_guarded(restype):
    """Whether it can be seen that a result which is only a handle is followed. What c_char_p points to ctypes reads at
    once; a number that may be cut off is worth a report, where nothing is refused."""
    if shapes.is_integer(restype):
        return settings.mode == "call"
    return issubclass(restype, _Pointer) or shapes.code(restype) in ("P", "O")


def arguments(function, argtypes):
    """Holds declared argtypes against the function; what to set in their place. Throws TypeError."""
    if not function.prototyped:
        return argtypes
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
        worst, words = _compare(function, declarations, parts)
        if not _matters(worst) and worst != typedata.HANDLE:
            fitting.update(pairs)
        handles = _handles(function, declarations, parts) if worst == typedata.HANDLE else {}
    for number, argtype in enumerate(argtypes[len(named):], count + 1):
        verdict, said = _verdict_on_variadic(argtype)
        if verdict > worst:
            worst, words = verdict, f"parameter {number} {said}"
    declaration = f"{function.name}.argtypes = [{', '.join(shapes.spell(each) for each in argtypes)}]"
    _act(function, worst, words, declaration)
    if not handles:
        return argtypes
    if settings.mode != "call" and any(_is_narrow(function, index, argtypes[index]) for index in handles):
        refuse(function, words, declaration)
    return tuple(guard.argument(function, index, argtype, handles[index], declaration) if index in handles else argtype
                 for index, argtype in enumerate(argtypes))


def _is_narrow(function, index, argtype):
    """Whether the parameter is a number that is declared too narrow."""
    return shapes.is_integer(argtype) and ctypes.sizeof(argtype) < function.types.describe(
        function.types.strip(function.parameters[index - function.hides_place].type)).size


def _compare(function, declarations, parts, flags=0):
    made = declarations.function(declarations.unknown, parts, function.variadic)
    return function.types.compare(function.kind, declarations, made, flags)


def _handles(function, declarations, parts):
    """Which of the parameters declare a handle, and why it is one: {index: words}."""
    found = {}
    for index, part in enumerate(parts):
        verdict, words = _compare(function, declarations, _alone(declarations, parts, index, part))
        if verdict == typedata.HANDLE:
            found[index] = words
    return found


def _alone(declarations, parts, index, part):
    alone = [declarations.unknown] * len(parts)
    alone[index] = part
    return alone


def shallow(function, index, kind):
    """Why a pointer to an object of the ctypes type will not do for what it holds itself; "" if it will."""
    with declare.lock:
        declarations = declare.declarations()
        try:
            given = declarations.pointer(kind)
        except declare.Untold:
            return ""
        parts = [None] * (len(function.parameters) + function.hides_place)
        verdict, words = _compare(function, declarations, _alone(declarations, parts, index, given), typedata.SHALLOW)
    return words if verdict >= typedata.HANDLE else ""


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
        parts = [None] * len(function.parameters)
        verdict, words = _compare(function, declarations, _alone(declarations, parts, index, given))
    # One converter serves all parameters of a type: which one it was at first says nothing, and ctypes names the argument.
    return words.partition(": ")[2] if verdict >= typedata.HANDLE else ""


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
    if verdict == typedata.HARMFUL:
        complain(text)
    else:
        warn_once(text, TypesafeStrictWarning)


def _matters(verdict):
    return verdict == typedata.HARMFUL or (verdict != typedata.SAME and settings.strict)


def _act(function, verdict, words, declaration):
    if verdict == typedata.HARMFUL:
        refuse(function, words, declaration)
    elif _matters(verdict):
        warn_once(complaint(function, words, declaration), TypesafeStrictWarning)
