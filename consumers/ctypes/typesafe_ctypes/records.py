"""ctypes structures made from the library's, for results that are structures or point to them."""

import ctypes
from ctypes import Structure, Union, c_ubyte, sizeof

from . import derive, typedata



class _Record:
    """A class being made. `exact` is None until its fields are set, then whether ctypes could lay them out."""

    __slots__ = ("made", "kind", "info", "exact")

    def __init__(self, types, kind):
        self.kind, self.info, self.exact = kind, types.describe(kind), None
        base = Union if self.info.kind == typedata.KIND_UNION else Structure
        self.made = type(base)(self.info.name or "anonymous", (base,), {"__module__": "typesafe_ctypes.records"})


def pointed_to(types, kind):
    """The Structure or Union for a record (stripped of qualifiers) that is pointed to. If it is incomplete, or its layout
    cannot be had in ctypes, it has the right size at best, and no fields."""
    found = _find(types, kind)
    queue = types.memo.setdefault("queue", [])
    if found.exact is None:
        queue.append(found)
        if len(queue) == 1:  # else the one who drains it comes to it
            for each in queue:
                _fill(types, each)
            queue.clear()
    return found.made


def by_value(types, kind):
    """The same for one that is handed over whole; None if its layout cannot be had."""
    found = _find(types, kind)
    _fill(types, found)
    return found.made if found.exact else None


def _find(types, kind):
    memo = types.memo.setdefault("records", {})
    if kind not in memo:
        memo[kind] = _Record(types, kind)
    return memo[kind]


def _fill(types, record):
    if record.exact is not None:
        return
    record.exact = False  # also for what would contain itself
    info, made = record.info, record.made
    known = info.size != typedata.UNKNOWN and not info.flags & typedata.DECLARATION
    fields, anonymous, wanted = _fields(types, record.kind) if known else (None, (), ())
    if fields is not None and _fits(made.__base__, fields, wanted, info.size):
        if anonymous:
            made._anonymous_ = anonymous
        made._fields_ = fields
        record.exact = True
    elif known and info.size:
        made._fields_ = [("_opaque", c_ubyte * info.size)]


def _fields(types, kind):
    """_fields_, _anonymous_ and the bit offset that each must have; None if a member has no ctypes type."""
    fields, anonymous, wanted = [], [], []
    for number, item in enumerate(types.items(kind)):
        member = _member(types, item.type)
        if member is None or item.bit_offset == typedata.UNKNOWN:
            return None, (), ()
        name = item.name or f"_{number}"
        if not item.name or item.base_class:
            anonymous.append(name)
        fields.append((name, member, item.bit_size) if item.bit_size else (name, member))
        wanted.append(item.bit_offset)
    return fields, anonymous, wanted


def _member(types, kind):
    info = types.describe(types.strip(kind))
    if info.kind in (typedata.KIND_STRUCT, typedata.KIND_UNION):
        return by_value(types, types.strip(kind))
    if info.kind in (typedata.KIND_POINTER, typedata.KIND_REFERENCE):
        return derive.pointer(types, info.target, False)
    if info.kind == typedata.KIND_ARRAY:
        member = _member(types, info.target)
        for item in reversed(types.items(types.strip(kind))):
            member = member and member * max(item.value, 0)
        return member
    if derive.is_character(info):
        return ctypes.c_char
    return derive.scalar(info)


def _fits(base, fields, wanted, size):
    """Whether ctypes lays the fields out as the library does."""
    if len({field[0] for field in fields}) < len(fields):
        return False
    try:
        trial = type(base)("trial", (base,), {"_fields_": fields})
    except (TypeError, ValueError):  # PyPy has no bit-fields of bool
        return False
    if sizeof(trial) != size:
        return False
    for field, offset in zip(fields, wanted):
        place = vars(trial)[field[0]]
        has = 8 * place.offset + (place.size & 0xFFFF if len(field) > 2 else 0)
        if has != offset:
            return False
    return True
