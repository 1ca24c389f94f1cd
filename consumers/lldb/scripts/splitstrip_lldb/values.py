"""lldb.SBValue as text that is the same on every run."""

import lldb

from splitstrip.safely import told

DEEPEST = 5
MOST_ELEMENTS = 16

_POINTERS = lldb.eTypeClassPointer | lldb.eTypeClassReference


def _as_it_is(address):
    return "0x%x" % address


def render(value, place=_as_it_is, depth=0):
    """The value, its members and elements, down to a depth.

    `place` turns an address into text; the default is for files that nobody has loaded.
    """
    return told(_render, value.GetNonSyntheticValue(), place, depth)


def _render(value, place, depth):
    problem = value.GetError()
    if problem.Fail():
        return "<%s>" % problem.GetCString()
    type_ = value.GetType().GetCanonicalType()
    if type_.GetTypeClass() & _POINTERS:
        return _pointer(value, type_, place)
    text = value.GetSummary()
    if text is None and value.GetNumChildren():
        return _children(value, place, depth)
    if text is not None:
        return text
    text = value.GetValue()
    if text is None:
        return "<none>"
    if type_.GetByteSize() == 8 and not type_.GetTypeFlags() & lldb.eTypeIsFloat:
        # What nobody has set may hold an address of this run, or its stack guard.
        number = value.GetValueAsUnsigned()
        if getattr(place, "is_address", _never)(number):
            return place(number)
        if hasattr(place, "is_address") and _looks_like_a_guard(number):
            return "stack guard"
    return text


def _looks_like_a_guard(number):
    """Whether this may be the random number that guards stacks: its last byte is 0, it fills the rest."""
    return not number & 0xFF and number & 0xFFFFFFFF and 0 < number >> 48 < 0xFFFF


def _never(_):
    return False


def _pointer(value, type_, place):
    address = value.GetValueAsUnsigned()
    text = place(address)
    target = type_.GetPointeeType()
    summary = value.GetSummary() if address and target.GetByteSize() == 1 else None
    return "%s %s" % (text, summary) if summary else text


def _children(value, place, depth):
    if depth >= DEEPEST:
        return "{...}"
    count = value.GetNumChildren()
    parts = []
    for index in range(min(count, MOST_ELEMENTS if value.GetType().IsArrayType() else count)):
        child = value.GetChildAtIndex(index)
        label = child.GetName() or ""
        parts.append("%s = %s" % (label, render(child, place, depth + 1)))
    if count > len(parts):
        parts.append("...")
    return "{%s}" % ", ".join(parts)
