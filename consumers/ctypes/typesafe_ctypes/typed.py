"""Foreign functions that know their types.

A function found in a library that carries types changes its class: to one whose argtypes and restype are held against
the library when they are set, and which is the one that ctypes made in all else. Calls go through no Python code:

- Pending: it was not called yet. The call takes from the library what is not declared; if it succeeds, the class changes
  once more, and if ctypes refuses the arguments, what it says is completed by the function's name and prototype;
- Fixed: without FUNCFLAG_CDECL ctypes itself refuses surplus arguments (the flag has no other meaning on Linux);
- Variadic: with it, for "..." and for functions without a prototype.
"""

from ctypes import ArgumentError, c_int

from _ctypes import FUNCFLAG_CDECL, CFuncPtr

from . import check, declare, derive, modules, typedata
from .funcptr import PYPY, address_of


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
    cls = type(self)
    function = check.Function(types, kind, typedata.text(symbol) or types.symbol_at(address))
    argtypes = getattr(cls, "_argtypes_", None)
    if argtypes is not None:  # made by CFUNCTYPE, which declares all
        check.arguments(function, argtypes)
        check.result(function, cls._restype_)
        function.its_argtypes = function.its_restype = True
    self._typesafe_ = function
    self.__class__ = _family(self).pending


def complete(self):
    """Takes from the library what is not declared. Throws TypeError if that cannot be expressed in ctypes."""
    with declare.lock:
        _complete(self, self._typesafe_)


def _complete(self, function):
    if not function.its_restype:
        inherited = _family(self).base._restype_
        if inherited is c_int:
            CFuncPtr.restype.__set__(self, derive.result(function))
        else:  # a CDLL of the program's own with another default
            check.result(function, inherited)
    if not function.its_argtypes and function.prototyped:
        CFuncPtr.argtypes.__set__(self, tuple(derive.parameters(function)))
    self.__class__ = _family(self).settled(function)


class _Family:
    """The three classes beside one that ctypes made."""

    def __init__(self, base):
        self.base = base
        self.pending = self._derive(_PENDING, base._flags_)
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


def _get_argtypes(self):
    return CFuncPtr.argtypes.__get__(self) if self._typesafe_.its_argtypes else getattr(_family(self).base, "_argtypes_", None)


def _set_argtypes(self, argtypes):
    function = self._typesafe_
    if argtypes is None:
        _delete_argtypes(self)
        return
    if not isinstance(argtypes, (tuple, list)):
        argtypes = tuple(argtypes)
    before = CFuncPtr.argtypes.__get__(self)
    CFuncPtr.argtypes.__set__(self, argtypes)
    try:
        check.arguments(function, argtypes)
    except BaseException:
        CFuncPtr.argtypes.__set__(self, before)
        raise
    function.its_argtypes = True
    self.__class__ = _family(self).pending


def _delete_argtypes(self):
    if PYPY:
        self._ptr, self._argtypes_ = None, getattr(_family(self).base, "_argtypes_", None)
    else:
        CFuncPtr.argtypes.__set__(self, None)
    self._typesafe_.its_argtypes = getattr(_family(self).base, "_argtypes_", None) is not None
    self.__class__ = _family(self).pending


def _get_restype(self):
    return CFuncPtr.restype.__get__(self) if self._typesafe_.its_restype else _family(self).base._restype_


def _set_restype(self, restype):
    function = self._typesafe_
    before = CFuncPtr.restype.__get__(self)
    CFuncPtr.restype.__set__(self, restype)
    try:
        check.result(function, restype)
    except BaseException:
        CFuncPtr.restype.__set__(self, before)
        raise
    function.its_restype = True
    self.__class__ = _family(self).pending


def _delete_restype(self):
    CFuncPtr.restype.__delete__(self)
    self._typesafe_.its_restype = getattr(_family(self).base, "_argtypes_", None) is not None
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
        raise type(error)(f"{function.name}: {error}\n  C:      {function.prototype()}") from None


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
_FIXED = dict(_TYPED, _convert_args=_convert_fixed) if PYPY else _TYPED
