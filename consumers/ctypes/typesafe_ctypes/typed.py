"""Foreign functions that know their types.

A function found in a library that carries types changes its class: to one whose argtypes and restype are held against
the library, and which is the one that ctypes made in all else. Calls go through no Python code:

- Pending: it was not called yet, or something else was declared since. The call holds what is declared against the
  library and takes the rest from there; if it succeeds, the class changes once more, and if ctypes refuses the
  arguments, what it says is completed by the function's name and prototype;
- Fixed: without FUNCFLAG_CDECL ctypes itself refuses surplus arguments (the flag has no other meaning on Linux);
- Variadic: with it, for "..." and for functions without a prototype;
- Watched, under "warn": as ctypes made it, but that each call is looked at before.
"""

from ctypes import ArgumentError, c_int

from _ctypes import FUNCFLAG_CDECL, CFuncPtr

from . import check, declare, derive, funcptr, modules, rules, typedata, watch
from .funcptr import PYPY, address_of
from .settings import settings


def get_ready():
    """Functions that are looked up from now on are given their types."""
    funcptr._attach = attach


def attach(self, source):
    """Gives a function just made its types, if its library carries them. Throws TypeError if its class declares others."""
    address = address_of(self)
    types = modules.types_at(address) if address else None
    if types is None:
        return
    name = source[0] if isinstance(source, tuple) else None
    symbol = name.encode() if isinstance(name, str) else name if isinstance(name, bytes) else None
    kind = types.function(symbol, address)
    if kind == typedata.NONE:
        return
    function = check.Function(types, kind, typedata.text(symbol) or types.symbol_at(address))
    if rules.is_ignored(types.path, function.name):
        return
    cls = type(self)
    argtypes = getattr(cls, "_argtypes_", None)
    if argtypes is not None:  # made by CFUNCTYPE, which declares all
        function.argtypes, function.restype = argtypes, cls._restype_
        _check_when_declared(function)
    self._typesafe_ = function
    self.__class__ = _family(self).pending


def _check_when_declared(function, what=("argtypes", "restype")):
    """Under "declare", throws TypeError for what the program has declared."""
    if settings.mode == "declare":
        if "argtypes" in what and function.argtypes is not None:
            check.arguments(function, function.argtypes)
        if "restype" in what and function.restype is not check.UNDECLARED:
            check.result(function, function.restype)


def complete(self):
    """Holds what is declared against the library, and takes from there what is not. Throws TypeError for a wrong
    declaration, and for what cannot be expressed in ctypes."""
    with declare.lock:
        _complete(self, self._typesafe_)


def _complete(self, function):
    family = _family(self)
    inherited = family.base._restype_
    if function.restype is not check.UNDECLARED:
        _set_whole(self, CFuncPtr.restype, check.result(function, function.restype))
    elif inherited is not c_int:  # a CDLL of the program's own with another default
        check.result(function, inherited)
    elif settings.mode == "warn":
        check.result(function, c_int, "nothing is declared, so that ctypes takes an int")
    else:
        CFuncPtr.restype.__set__(self, derive.result(function))
    if function.argtypes is not None:
        _set_whole(self, CFuncPtr.argtypes, check.arguments(function, function.argtypes))
    elif settings.mode == "warn":
        function.watch = watch.undeclared(function)
    elif function.prototyped:
        CFuncPtr.argtypes.__set__(self, tuple(derive.parameters(function)))
    self.__class__ = family.watched if settings.mode == "warn" else family.settled(function)


def _set_whole(self, attribute, wanted):
    if wanted != attribute.__get__(self):
        attribute.__set__(self, wanted)


class _Family:
    """The four classes beside one that ctypes made."""

    def __init__(self, base):
        self.base = base
        self.pending = self._derive(_PENDING, base._flags_)
        self.watched = self._derive(_WATCHED, base._flags_)
        self._fixed = self._variadic = None

    def settled(self, function):
        """The class of a function whose types are set."""
        if function.variadic or not function.prototyped:
            self._variadic = self._variadic or self._derive(_TYPED, self.base._flags_)
            return self._variadic
        self._fixed = self._fixed or self._derive(_FIXED, self.base._flags_ & ~FUNCFLAG_CDECL)
        return self._fixed

    def _derive(self, members, flags):
        base = self.base
        namespace = dict(members, _flags_=flags, _restype_=base._restype_, __module__=base.__module__,
                         __qualname__=base.__qualname__, _typesafe_family_=self)
        if getattr(base, "_argtypes_", None) is not None:
            namespace["_argtypes_"] = base._argtypes_
        return type(base)(base.__name__, (base,), namespace)


def _family(self):
    cls = type(self)
    family = getattr(cls, "_typesafe_family_", None)
    if family is None or not (cls is family.base or family.base in cls.__bases__ and "_typesafe_family_" in vars(cls)):
        family = cls._typesafe_family_ = _Family(cls)
    return family


def _declared_by_class(self):
    """The argtypes of a function made by CFUNCTYPE, None of others."""
    return getattr(_family(self).base, "_argtypes_", None)


def _get_argtypes(self):
    argtypes = self._typesafe_.argtypes
    return _declared_by_class(self) if argtypes is None else argtypes


def _set_argtypes(self, argtypes):
    function = self._typesafe_
    if argtypes is None:
        _delete_argtypes(self)
        return
    if not isinstance(argtypes, (tuple, list)):
        argtypes = tuple(argtypes)
    before, declared = CFuncPtr.argtypes.__get__(self), function.argtypes
    CFuncPtr.argtypes.__set__(self, argtypes)
    function.argtypes = CFuncPtr.argtypes.__get__(self)
    _declare(self, CFuncPtr.argtypes, before, "argtypes", declared)


def _delete_argtypes(self):
    if PYPY:
        self._ptr, self._argtypes_ = None, _declared_by_class(self)
    else:
        CFuncPtr.argtypes.__set__(self, None)
    self._typesafe_.argtypes = _declared_by_class(self)
    self.__class__ = _family(self).pending


def _get_restype(self):
    restype = self._typesafe_.restype
    return _family(self).base._restype_ if restype is check.UNDECLARED else restype


def _set_restype(self, restype):
    function = self._typesafe_
    before, declared = CFuncPtr.restype.__get__(self), function.restype
    CFuncPtr.restype.__set__(self, restype)
    function.restype = restype
    _declare(self, CFuncPtr.restype, before, "restype", declared)


def _declare(self, attribute, before, name, declared):
    """Checks what was just declared if that is wanted now; if it is refused, all is as before."""
    try:
        _check_when_declared(self._typesafe_, (name,))
    except BaseException:
        attribute.__set__(self, before)
        setattr(self._typesafe_, name, declared)
        raise
    self.__class__ = _family(self).pending


def _delete_restype(self):
    CFuncPtr.restype.__delete__(self)
    by_class = _declared_by_class(self) is not None
    self._typesafe_.restype = _family(self).base._restype_ if by_class else check.UNDECLARED
    self.__class__ = _family(self).pending


def _first_call(self, *args, **keywords):
    complete(self)
    try:
        return self(*args, **keywords)
    except (TypeError, ArgumentError) as error:
        function = self._typesafe_
        self.__class__ = _family(self).pending
        if not isinstance(error, ArgumentError) and not str(error).startswith(_COUNTED):
            raise  # an errcheck's
        if "\n  C:      " in str(error):
            raise type(error)(str(error)) from None
        raise type(error)(f"{function.name}: {error}\n  C:      {function.prototype()}") from None


def _watched_call(self, *args, **keywords):
    """Under "warn": what is wrong about the arguments is said, and the call made."""
    watch.call(self._typesafe_, args)
    return CFuncPtr.__call__(self, *args, **keywords)


# How ctypes' own complaints about the number of arguments begin.
_COUNTED = ("this function takes", "not enough arguments", "call takes", "required argument")


def _convert_args(self, argtypes, args, keywords, *more):
    """PyPy's: it does not say which argument is wrong."""
    try:
        return CFuncPtr._convert_args(self, argtypes, args, keywords, *more)
    except ArgumentError:
        for number, (argtype, argument) in enumerate(zip(argtypes, args), 1):
            try:
                self._conv_param(argtype, argument)
            except (UnicodeError, TypeError, ValueError) as error:
                raise ArgumentError(f"argument {number}: {type(error).__name__}: {error}") from None
        raise


def _convert_fixed(self, argtypes, args, keywords, *more):
    """PyPy's: it lets surplus arguments pass whatever the flags."""
    if len(args) > len(argtypes):
        raise TypeError(f"this function takes {len(argtypes)} argument{'s' * (len(argtypes) != 1)} ({len(args)} given)")
    return _convert_args(self, argtypes, args, keywords, *more)


_TYPED = {"argtypes": property(_get_argtypes, _set_argtypes, _delete_argtypes),
          "restype": property(_get_restype, _set_restype, _delete_restype)}
if PYPY:
    _TYPED["_convert_args"] = _convert_args
_PENDING = dict(_TYPED, __call__=_first_call)
_WATCHED = dict(_TYPED, __call__=_watched_call)
_FIXED = dict(_TYPED, _convert_args=_convert_fixed) if PYPY else _TYPED
