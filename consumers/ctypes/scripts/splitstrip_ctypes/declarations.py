"""The query `ffi-types`: what typesafe_ctypes makes of a library's types, and how ctypes lays them out.

The library is only read, never loaded. Where it carries no types its debuginfo is read, which the
environment says the place of: what is told of either has to be the same.
"""

import ctypes
import os
from ctypes import byref, c_bool, c_char_p, c_uint32, c_void_p


def collect(parameters):
    """Yields (key, value) for each exported function and object, and for each record that they reach."""
    from typesafe_ctypes import typedata

    types = _open(typedata, parameters["library"])
    if types is None:
        return
    described = _Records(types)
    for symbol, kind, is_function in _exported(types):
        if is_function:
            yield "function %s" % symbol, _told(_function, types, kind, symbol)
        else:
            yield "object %s" % symbol, "%s | %s" % (types.print(kind, symbol), _told(_object, types, kind))
        described.reach(kind)
    yield from described.facts()


def _open(typedata, path):
    """Types of the library, None if there are none to be had."""
    handle, error = c_void_p(), typedata._Error()
    api = typedata.api()
    status = api.open(path.encode(), typedata.OR_DEBUGINFO, byref(handle), byref(error))
    if status == typedata.ABSENT:
        return None
    if status != typedata.OK:
        raise RuntimeError(typedata.text(error.message))
    return typedata.Types(handle.value)


def _exported(types):
    """(symbol, type, whether it is a function) of everything that is exported."""
    found = []

    def visit(_, symbol, kind, is_function):
        found.append((symbol.decode("utf-8", "backslashreplace"), kind, is_function))
        return True

    visitor = ctypes.CFUNCTYPE(c_bool, c_void_p, c_char_p, c_uint32, c_bool)
    each = ctypes.CDLL(os.environ["TYPESAFE_CTYPES_LIBTYPEDATA"]).typedata_each
    each.argtypes = [c_void_p, visitor, c_void_p]
    each.restype = None
    each(types.handle, visitor(visit), None)
    return found


def _told(tell, *arguments):
    """What `tell` says; of one that cannot be told, why: the others can be."""
    try:
        return tell(*arguments)
    except Exception as error:
        return "none: %s" % (str(error).partition("\n")[0] or type(error).__name__)


def _function(types, kind, symbol):
    """The C prototype, and what ctypes is told: "int f(long a) | c_int (c_long)"."""
    from typesafe_ctypes import check, derive

    function = check.Function(types, kind, symbol)
    result = _told(lambda: _spelled(derive.result(function)))
    arguments = "?" if not function.prototyped else _told(_arguments, derive, function)
    return "%s | %s (%s)" % (function.prototype(), result, arguments)


def _arguments(derive, function):
    return ", ".join([_spelled(each) for each in derive.parameters(function)] + ["..."] * function.variadic)


def _object(types, kind):
    """The ctypes type for in_dll(), None if there is none."""
    from typesafe_ctypes import records

    return _spelled(records._member(types, kind))


def _spelled(kind):
    """A ctypes type in words, the same on every run."""
    if kind is None:
        return "None"
    target = getattr(kind, "_type_", None)
    if isinstance(target, type) and hasattr(kind, "_length_"):
        return "%s * %d" % (_spelled(target), kind._length_)
    if isinstance(target, type):
        return "POINTER(%s)" % _spelled(target)
    return kind.__name__


class _Records:
    """The structures, unions and enumerations that types reach."""

    def __init__(self, types):
        self._types = types
        self._seen = set()
        self._records = []
        self._enumerations = []

    def reach(self, kind):
        """Adds what `kind` reaches."""
        from typesafe_ctypes import typedata

        waiting = [kind]
        while waiting:
            kind = waiting.pop()
            if kind in self._seen or kind == typedata.NONE:
                continue
            self._seen.add(kind)
            info = self._types.describe(kind)
            if info.kind == typedata.KIND_ENUM:
                self._enumerations.append(kind)
            elif info.kind != typedata.KIND_BASE:
                if info.kind in (typedata.KIND_STRUCT, typedata.KIND_UNION):
                    self._records.append(kind)
                waiting.append(info.target)
                waiting.extend(item.type for item in self._types.items(kind))

    def facts(self):
        """Yields what the library says of each, and what ctypes makes of the records."""
        for kind in self._records:
            name = self._types.print(kind)
            yield "record %s" % name, _told(self._layout, kind)
            yield "record %s, in ctypes" % name, _told(self._layout_in_ctypes, kind)
        for kind in self._enumerations:
            named = ("%s = %d" % (item.name, item.value) for item in self._types.items(kind))
            yield "%s" % self._types.print(kind), ", ".join(named)

    def _layout(self, kind):
        """ "16 bytes: int x @0, unsigned int y @64:3", in bits """
        size = self._types.describe(kind).size
        places = []
        for item in self._types.items(kind):
            bits = ":%d" % item.bit_size if item.bit_size else ""
            places.append("%s @%d%s" % (self._types.print(item.type, item.name), item.bit_offset, bits))
        return "%s bytes: %s" % (size, ", ".join(places))

    def _layout_in_ctypes(self, kind):
        """ "16 bytes: x c_int @0, y c_uint @8+0:3": byte, and bit in the unit that lies there """
        from typesafe_ctypes import records

        made = records.pointed_to(self._types, kind)
        places = []
        for field in getattr(made, "_fields_", ()):
            place = getattr(made, field[0])
            bits = "+%d:%d" % (place.size & 0xFFFF, place.size >> 16) if len(field) > 2 else ""
            places.append("%s %s @%d%s" % (field[0], _spelled(field[1]), place.offset, bits))
        return "%d bytes: %s" % (ctypes.sizeof(made), ", ".join(places))
