"""gdb.Value as text that is the same on every run."""

import gdb

from .safely import error_text

DEEPEST = 5
MOST_ELEMENTS = 16
LONGEST_STRING = 80

_STRUCT, _UNION, _ENUM = gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION, gdb.TYPE_CODE_ENUM
_PTR, _ARRAY = gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_ARRAY
_REFERENCES = frozenset((gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF))
_NUMBERS = frozenset((gdb.TYPE_CODE_INT, gdb.TYPE_CODE_CHAR, _ENUM))
_ADDRESS = (1 << 64) - 1
_CODE = frozenset((gdb.TYPE_CODE_FUNC, gdb.TYPE_CODE_METHOD))


def _as_it_is(address):
    return "0x%x" % address


def render(value, place=_as_it_is, depth=0):
    """The value, its members and elements, down to a depth.

    `place` turns an address into text; the default is for files that nobody has loaded.
    """
    try:
        return _render(value, place, depth)
    except (gdb.error, gdb.MemoryError, RuntimeError) as problem:
        return "<%s>" % problem
    except Exception as problem:  # a value that is not what its type says: of dynamic bounds, or no text
        return error_text(problem)


def _render(value, place, depth):
    if value.is_optimized_out:
        return "<optimized out>"
    type_ = value.type.strip_typedefs()
    code = type_.code
    if code == _PTR:
        return _pointer(value, type_, place)
    if code in _REFERENCES:
        return "@" + render(value.referenced_value(), place, depth + 1) if depth < DEEPEST else "@..."
    if code in (_STRUCT, _UNION):
        return _members(value, type_, place, depth)
    if code == _ARRAY:
        return _elements(value, type_, place, depth)
    if code in _CODE:
        return place(int(value.address))
    if code == gdb.TYPE_CODE_INT and type_.sizeof == 8:
        # What nobody has set may hold an address of this run.
        number = int(value)
        if getattr(place, "is_address", _never)(number):
            return place(number)
    return value.format_string(raw=True)


def _hide_halves(value, shown, parts, place):
    """Two 4-byte integers that nobody has set may hold an address of this run."""
    is_address = getattr(place, "is_address", _never)
    for index in shown[1:]:
        halves = [int(value[at]) & 0xFFFFFFFF for at in (index - 1, index)]
        if is_address(halves[0] | halves[1] << 32):
            parts[index - shown[0] - 1] = parts[index - shown[0]] = "half of an address"


def _never(_):
    return False


def _pointer(value, type_, place):
    address = _number(value)
    text = place(address)
    target = type_.target().strip_typedefs()
    if address and target.code in (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_CHAR) and target.sizeof == 1:
        # gdb writes the address, then the characters up to the NUL; or the address alone.
        _, quote, string = value.format_string(
            raw=True, symbols=False, max_elements=LONGEST_STRING).partition('"')
        if quote:
            text += ' "' + string
    return text


def _quoted(array):
    return array.format_string(raw=True, max_elements=LONGEST_STRING)


def _members(value, type_, place, depth):
    if depth >= DEEPEST:
        return "{...}"
    fields = [field for field in type_.fields() if hasattr(field, "bitpos")]  # a static member is a variable of its own
    hidden = type_.code == _UNION and _holds_address(value, fields, place)
    parts = []
    for field in fields:
        label = "<%s>" % field.name if field.is_base_class else field.name or ""
        narrow = hidden and field.type.strip_typedefs().code in _NUMBERS and field.type.sizeof < 8
        text = "part of an address" if narrow else render(value[field], place, depth + 1)
        parts.append("%s = %s" % (label, text))
    return "{%s}" % ", ".join(parts)


def _holds_address(value, fields, place):
    """Whether some member of a union is an address of this run, so that the narrower ones are a part of it."""
    is_address = getattr(place, "is_address", _never)
    for field in fields:
        type_ = field.type.strip_typedefs()
        if type_.sizeof == 8 and type_.code in (_PTR, gdb.TYPE_CODE_INT) and is_address(_number(value[field])):
            return True
    return False


def _number(value):
    """An integer, or a pointer as one."""
    # Not by a cast: `unsigned long` is no type of Ada.
    number = int(value)
    return number & _ADDRESS if value.type.strip_typedefs().code == _PTR else number


def _elements(value, type_, place, depth):
    target = type_.target().strip_typedefs()
    if target.code in (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_CHAR) and target.sizeof == 1:
        return _quoted(value)
    if depth >= DEEPEST:
        return "{...}"
    low, high = type_.range()
    shown = range(low, min(high, low + MOST_ELEMENTS - 1) + 1)
    parts = [render(value[index], place, depth + 1) for index in shown]
    if target.code == gdb.TYPE_CODE_INT and target.sizeof == 4:
        _hide_halves(value, shown, parts, place)
    if high - low >= MOST_ELEMENTS:
        parts.append("...")
    return "{%s}" % ", ".join(parts)
