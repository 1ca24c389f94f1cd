"""Query `typedata`: what is said of every exported name, and of all types that they reach."""

import functools
import hashlib
import re

import gdb

from . import typetext
from .registry import collector
from .safely import told
from .scene import Scene

_COMPOSITES = frozenset((gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION, gdb.TYPE_CODE_ENUM))
_BEHIND = frozenset((gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_ARRAY, gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF))
_INTEGERS = frozenset((gdb.TYPE_CODE_INT, gdb.TYPE_CODE_CHAR))
_RECORDS = frozenset((gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION))
_CALLS = frozenset((gdb.TYPE_CODE_FUNC, gdb.TYPE_CODE_METHOD))
_CLASS = re.compile(r"\bclass (?=[\w(])")
# What typedata, and the scene, call that which Fortran passes and keeps for an array.
_DESCRIPTOR = re.compile(r"array_descriptor(_\d+)?")


def _fields(type_):
    """The fields that have a type."""
    return [field for field in type_.fields() if field.type is not None]


def named(type_, depth=0):
    """Yields the types with a name that `type_` is made of, without looking into those."""
    while type_.code in _BEHIND:
        type_ = type_.target()
    code = type_.code
    if code in _CALLS:
        yield from named(type_.target(), depth)
        for field in _fields(type_):
            yield from named(field.type, depth)
    elif code in _COMPOSITES and not type_.name:
        # Without a name it is told with what it is part of.
        if code != gdb.TYPE_CODE_ENUM and depth < typetext.DEEPEST:
            for field in _fields(type_):
                yield from named(field.type, depth + 1)
    elif code == gdb.TYPE_CODE_MEMBERPTR:
        yield from named(type_.target(), depth)
    elif code == gdb.TYPE_CODE_STRING:
        yield gdb.lookup_type("char")  # Fortran's characters have no DIE
    elif _is_descriptor(type_):
        for field in _fields(type_)[:1]:
            yield from named(field.type, depth)
    elif type_.name and not _is_void(type_):
        yield type_.unqualified()


def _is_void(type_):
    # icc's `void` is a base type of no size; gdb knows that of icc's own units alone.
    return type_.code == gdb.TYPE_CODE_VOID or \
        type_.code == gdb.TYPE_CODE_INT and type_.name == "void" and not type_.sizeof


def _inside(type_):
    """Yields the named types that the named type `type_` is made of."""
    if type_.code == gdb.TYPE_CODE_TYPEDEF:
        yield from named(type_.target())
    elif type_.code in _COMPOSITES and type_.code != gdb.TYPE_CODE_ENUM:
        for field in _fields(type_):
            yield from named(field.type)


def _settled(text):
    """What is said without what is only known at run time: the size of an array."""
    return text.replace("[variable length]", "[]")


def _alignment(type_, depth=0):
    """The alignment, also where the unit only declares a base or a member's class: there gdb counts it as 1."""
    type_ = type_.strip_typedefs()  # which finds the definition, too
    found = getattr(type_, "alignof", 0)
    if depth < typetext.DEEPEST:
        if type_.code == gdb.TYPE_CODE_ARRAY:
            return max(found, _alignment(type_.target(), depth + 1))
        if type_.code in _RECORDS:
            return max([found] + [_alignment(field.type, depth + 1) for field in _fields(type_) if hasattr(field, "bitpos")])
    return found


def _kind(type_):
    # Of one and the same `char` gdb makes a character in units of Fortran, an integer in those of C.
    return "integer" if type_.code in _INTEGERS else typetext.kind(type_)


def _is_descriptor(type_):
    return type_.code == gdb.TYPE_CODE_STRUCT and _DESCRIPTOR.fullmatch(type_.name or "") is not None


class Style(typetext.Style):
    """Types in the same words whichever unit tells them, a debug file's or typedata's."""

    def __init__(self, is_fortran):
        self._is_fortran = is_fortran

    def name(self, type_):
        if _is_descriptor(type_):
            fields = _fields(type_)
            return "descriptor of " + super().name(fields[0].type.target()) if fields else "descriptor of any rank"
        # What lies in memory for an array that Fortran allocates or points to.
        if self._is_fortran and type_.code == gdb.TYPE_CODE_ARRAY and getattr(type_, "dynamic", False):
            return "descriptor of " + super().name(type_)
        return super().name(type_)

    def size(self, type_):
        # A record whose size is computed at run time (Ada's discriminants) has none, or 0, once what computes
        # it is left behind.
        at_run_time = not type_.sizeof and type_.code in _RECORDS and _fields(type_)
        size = "as many bytes as at run time" if at_run_time else "%s bytes" % type_.sizeof
        return "%s, aligned %d" % (size, _alignment(type_))

    def use(self, type_):
        """A type as part of another."""
        # What one declares as a struct another may define as a class.
        return _CLASS.sub("struct ", typetext.use(type_, 0, self))

    def layout(self, type_):
        """The description of a named type. The size of a typedef is its target's, and gdb has none for
        one that stands for something which its own unit only declares."""
        if type_.code == gdb.TYPE_CODE_TYPEDEF:
            return "typedef: " + self.use(type_.target())
        if type_.code in _COMPOSITES or type_.code in _CALLS:
            return _CLASS.sub("struct ", typetext.layout(type_, 0, "", self))
        # Not as it is written, but by its name: gdb tells `_Atomic int` or `int` as it met them first.
        text = "%s, %s: %s" % (_kind(type_), typetext.size(type_), type_.name)
        if type_.code in _INTEGERS and hasattr(type_, "is_signed"):
            text += ", signed" if type_.is_signed else ", unsigned"  # the name is only a name
        return text


def _digest(text):
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:8]


class Known:
    """The named types of one unit, each described once; in typedata's only unit two may have one
    name."""

    def __init__(self, is_shared, style):
        self.style = style
        self._is_shared = is_shared  # of a name: whether several types here may have it
        self._told = {}
        self._waiting = []

    def _tell(self, type_):
        """(kind, name, digest of the description) of `type_`."""
        key = (_kind(type_), type_.name)
        variants = self._told.setdefault(key, [])
        if variants and not self._is_shared(type_.name):
            return variants[0][1]
        for known, mark in variants:
            if known == type_:  # gdb compares all that they are made of: not quick
                return mark
        text = _settled(told(self.style.layout, type_))
        mark = (*key, _digest(text))
        variants.append((type_, mark))
        self._waiting.append((key, type_, text))
        return mark

    def uses(self, types):
        """"; uses struct a 1234abcd, ...": each named type with a digest of its own description, by
        which two types of one name are told apart."""
        marks = sorted({self._tell(type_) for type_ in types})
        return "".join("; uses %s %s %s" % each for each in marks)

    def new(self):
        """Yields (key, description) of the types met since the last time."""
        while self._waiting:
            key, type_, text = self._waiting.pop()
            yield key, text + told(self.uses, _inside(type_))


def _own(type_, style):
    """A parameter's type. Whether the function may change its own copy is not the caller's, and not all
    DIEs of it agree; gdb itself adds a const to what it takes for `this`."""
    type_ = type_.unqualified()
    if type_.code == gdb.TYPE_CODE_PTR:
        target = type_.target()
        if target.code == gdb.TYPE_CODE_STRING:
            return "char *"  # whatever the length, which is told apart
        if _is_descriptor(target):
            return style.name(target)
    return style.use(type_)


def _parameters(symbol, block, style):
    """The type of each parameter, and its name where it has one: gdb makes no symbol of one without."""
    waiting = [(told(_own, local.type, style), local.name) for local in block if local.is_argument]
    for field in _fields(symbol.type):
        text = told(_own, field.type, style)
        yield "%s %s" % waiting.pop(0) if waiting and waiting[0][0] == text else text


def _says(type_, ending):
    """Whether the text of a function's type has `ending` in the list of its own parameters.

    gdb's Python does not tell `...`, nor that a function has no prototype.
    """
    inside = [type_.target()] + [field.type for field in _fields(type_)]
    return typetext.name(type_).count(ending) > sum(typetext.name(each).count(ending) for each in inside)


def _function(symbol, block, style):
    parameters = list(_parameters(symbol, block, style))
    if _says(symbol.type, "...)"):
        parameters.append("...")
    unknown = not parameters and _says(symbol.type, "()")
    return "function, %s; parameters: %s" % (
        style.use(symbol.type.target()), ", ".join(parameters) or ("unknown" if unknown else "none"))


def _declared(symbol, block, style):
    """The declaration of an exported function or object."""
    return "object, " + style.use(symbol.type) if block is None else _function(symbol, block, style)


def _reached(symbol, block):
    yield from named(symbol.type)
    for local in block or ():
        if local.is_argument:
            yield from named(local.type)


def _export(scene, export, units):
    """What is said of an export; None if nothing is."""
    found = scene.find(export)
    if found is None:
        return None
    known = units.get(export.unit)
    if known is None:
        known = units[export.unit] = Known(functools.partial(scene.is_shared, export.unit), Style(export.is_fortran))
    return _settled(_declared(*found, known.style)) + known.uses(_reached(*found))


@collector("typedata")
def typedata(session):
    """Key: name of the export, NAME@VERSION if it is not the default version, or "type KIND NAME".
    Value: the declaration, or the layout; where one name has several types all of these."""
    scene = Scene(session.parameters.landmarks)
    # One language for all: the units of debug file and typedata need not have the same.
    gdb.execute("set language c")
    units, types = {}, {}
    for export in scene.exports:
        if export.kind == "unreadable":
            yield export.name, "cannot be read"
            continue
        text = told(_export, scene, export, units)
        if text is not None:
            yield export.name, text
    for known in units.values():
        for key, text in known.new():
            types.setdefault(key, set()).add(text)
    for key in sorted(types):
        yield "type %s %s" % key, "\nalso ".join(sorted(types[key]))
