"""ctypes types as declarations that libtypedata can hold against a library's types."""

import ctypes
import weakref
from ctypes import Array, Structure, Union

from _ctypes import CFuncPtr, _Pointer
from _thread import RLock

from . import shapes, typedata

# libtypedata lets nobody else at declarations while some are added.
lock = RLock()

_BASES = {
    "c": ("char", typedata.SIGNED_CHAR), "b": ("signed char", typedata.SIGNED_CHAR), "B": ("unsigned char", typedata.UNSIGNED_CHAR),
    "?": ("_Bool", typedata.BOOLEAN), "h": ("short", typedata.SIGNED), "H": ("unsigned short", typedata.UNSIGNED),
    "i": ("int", typedata.SIGNED), "I": ("unsigned int", typedata.UNSIGNED), "l": ("long", typedata.SIGNED),
    "L": ("unsigned long", typedata.UNSIGNED), "q": ("long long", typedata.SIGNED), "Q": ("unsigned long long", typedata.UNSIGNED),
    "u": ("wchar_t", typedata.SIGNED), "f": ("float", typedata.FLOAT), "d": ("double", typedata.FLOAT),
    "g": ("long double", typedata.FLOAT), "v": ("short", typedata.SIGNED),
}
_POINTERS = {"z": "c", "Z": "u"}  # all other letters are a void *


class Untold(Exception):
    """Nothing can be told of a type: it is not held against anything."""


class Declarations(typedata.Types):
    """The declarations of this process, one for each Python type. Use it under `lock`."""

    def __init__(self):
        super().__init__(typedata.api().new())  # of no library: `path` is empty
        # Each type's declaration, and the types within it that were incomplete: it holds while they are.
        self._known = weakref.WeakKeyDictionary()
        self._bases = {}
        self._pending = None     # what one call of type() has made so far
        self._incomplete = None  # and which incomplete types it met

    def type(self, kind):
        """The declaration of a ctypes type, or of None for void. Throws Untold."""
        if self._pending is not None:
            return self._build(kind)
        self._pending, self._incomplete = {}, {}
        try:
            made = self._build(kind)
            incomplete = [weakref.ref(each) for each in self._incomplete]
            for each, declared in self._pending.items():
                self._known[each] = (declared, incomplete)
            return made
        finally:
            self._pending = None

    def parameter(self, kind):
        """The same for a type in argtypes: arrays are handed over as pointers. Throws Untold."""
        if not shapes.is_type(kind) or shapes.has_own_conversion(kind):
            raise Untold(shapes.spell(kind))
        return self.pointer(kind._type_) if issubclass(kind, Array) else self.type(kind)

    def pointer(self, kind):
        """The declaration of a pointer to the type; to an array's element if it is an array."""
        while kind is not None and issubclass(kind, Array):
            kind = kind._type_
        return self.api.add_pointer(self.handle, self.type(kind))

    @property
    def unknown(self):
        """A type that nothing is held against."""
        if "unknown" not in self._bases:
            self._bases["unknown"] = self.api.add_base(self.handle, b"?", typedata.UNKNOWN, 0)
        return self._bases["unknown"]

    def function(self, result, parameters=None, variadic=False):
        """The declaration of a function; without parameters, of its result alone."""
        flags = 0 if parameters is None else typedata.PROTOTYPED | (typedata.VARIADIC if variadic else 0)
        made = self.api.add_function(self.handle, result, flags)
        for each in parameters or ():
            self.api.add_parameter(self.handle, made, b"", each)
        return made

    def _build(self, kind):
        if kind is None:
            return typedata.VOID
        made = self._pending.get(kind)
        if made is None:
            known, incomplete = self._known.get(kind, (None, ()))
            if known is not None and all(_is_incomplete(each()) for each in incomplete):
                self._incomplete.update((each(), True) for each in incomplete if each() is not None)
                made = known
            else:
                made = self._add(kind)
            self._pending[kind] = made
        return made

    def _add(self, kind):
        if not shapes.is_type(kind):
            raise Untold(shapes.spell(kind))
        if issubclass(kind, (Structure, Union)):
            return self._record(kind)
        if issubclass(kind, Array):
            return self.api.add_array(self.handle, self._build(kind._type_), kind._length_)
        if issubclass(kind, _Pointer):
            if _is_incomplete(kind):
                self._incomplete[kind] = True
            return self.api.add_pointer(self.handle, self._build(None if _is_incomplete(kind) else kind._type_))
        if issubclass(kind, CFuncPtr):
            return self.api.add_pointer(self.handle, self._function(kind))
        return self._simple(shapes.code(kind))

    def _simple(self, letter):
        made = self._bases.get(letter)
        if made is None:
            if letter in _BASES:
                name, encoding = _BASES[letter]
                made = self.api.add_base(self.handle, name.encode(), ctypes.sizeof(_simple_type(letter)), encoding)
            else:
                target = self._simple(_POINTERS[letter]) if letter in _POINTERS else typedata.VOID
                made = self.api.add_pointer(self.handle, target)
            self._bases[letter] = made
        return made

    def _function(self, kind):
        parameters = getattr(kind, "_argtypes_", None)
        result = getattr(kind, "_restype_", None)
        if result is not None and not shapes.is_type(result):  # a callable gets an int
            result = ctypes.c_int
        result = self._build(result)
        return self.function(result, None if parameters is None else [self.parameter(each) for each in parameters])

    def _record(self, kind):
        is_union, name = issubclass(kind, Union), kind.__name__.encode("utf-8", "replace")
        if not shapes.has_size(kind):
            self._incomplete[kind] = True
            return self.api.add_record(self.handle, is_union, name, typedata.UNKNOWN, 0)
        alignment = getattr(kind, "_align_", 0)  # since Python 3.13
        made = self.api.add_record(self.handle, is_union, name, ctypes.sizeof(kind), alignment)
        self._pending[kind] = made
        for base in reversed(kind.__mro__):
            for field in vars(base).get("_fields_", ()):
                place = vars(base).get(field[0])
                if not hasattr(place, "offset"):  # a program has put something of its own there
                    raise Untold(shapes.spell(kind))
                offset, bits = 8 * place.offset, 0
                if len(field) > 2:
                    bits = place.size >> 16
                    offset += place.size & 0xFFFF
                self.api.add_member(self.handle, made, field[0].encode("utf-8", "replace"), self._build(field[1]), offset, bits)
        return made


def _is_incomplete(kind):
    """Whether it is a structure without fields, or a POINTER("name") that was not told yet of what; they may be later."""
    if kind is None:  # collected
        return True
    return not shapes.is_type(getattr(kind, "_type_", None)) if issubclass(kind, _Pointer) else not shapes.has_size(kind)


def _simple_type(letter):
    for name in ("c_char", "c_byte", "c_ubyte", "c_bool", "c_short", "c_ushort", "c_int", "c_uint", "c_long", "c_ulong", "c_longlong",
                 "c_ulonglong", "c_wchar", "c_float", "c_double", "c_longdouble"):
        if getattr(ctypes, name)._type_ == letter:
            return getattr(ctypes, name)
    return ctypes.c_short


_declarations = None


def declarations():
    """The one Declarations of the process. Use it under `lock`."""
    global _declarations
    if _declarations is None:
        _declarations = Declarations()
    return _declarations
