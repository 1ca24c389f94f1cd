"""gdb.Type as text: short names for use within other answers, and whole descriptions."""

import re

import gdb

from .safely import told

# Anonymous members within anonymous members; a library of people's making has three or four.
DEEPEST = 16

_KINDS = {getattr(gdb, "TYPE_CODE_" + code): text for code, text in (
    ("STRUCT", "struct"), ("UNION", "union"), ("ENUM", "enum"), ("TYPEDEF", "typedef"),
    ("PTR", "pointer"), ("ARRAY", "array"), ("FUNC", "function"), ("INT", "integer"),
    ("FLT", "float"), ("VOID", "void"), ("CHAR", "character"), ("BOOL", "boolean"),
    ("REF", "reference"), ("RVALUE_REF", "rvalue reference"), ("METHOD", "method"),
    ("METHODPTR", "pointer to method"), ("MEMBERPTR", "pointer to member"),
    ("COMPLEX", "complex"), ("NAMESPACE", "namespace"), ("FLAGS", "flags"),
    ("DECFLOAT", "decimal float"), ("RANGE", "range"), ("SET", "set"), ("STRING", "string"),
    ("ERROR", "error"), ("INTERNAL_FUNCTION", "internal"))
    if hasattr(gdb, "TYPE_CODE_" + code)}

_STRUCT, _UNION, _ENUM = gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION, gdb.TYPE_CODE_ENUM
_TYPEDEF, _FUNC, _METHOD = gdb.TYPE_CODE_TYPEDEF, gdb.TYPE_CODE_FUNC, gdb.TYPE_CODE_METHOD
_POINTERS = frozenset((gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_ARRAY, gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF))

# gdb before 12 or so prints the members of a struct even within other types.
_BODY = re.compile(r"\{[^{}]*\n[^{}]*\}")
_UNKNOWN = "<invalid type code"  # what gdb writes of a type that the language at hand does not have
_SHORT = "\0"  # stands for "{...}" meanwhile


def kind(type_):
    """What sort of type this is, in a word."""
    return _KINDS.get(type_.code, "type %d" % type_.code)


def _of_characters(type_, text):
    """Fortran's strings, which gdb can write in Fortran alone, as C has them: "char [8]"."""
    outer = []
    while type_.code in (gdb.TYPE_CODE_ARRAY, gdb.TYPE_CODE_PTR):
        outer.append(type_.code)
        type_ = type_.target()
    if type_.code != gdb.TYPE_CODE_STRING:
        return text
    length = "" if type_.sizeof == 1 else "[%s]" % (type_.sizeof or "")
    if outer and gdb.TYPE_CODE_ARRAY not in outer:
        return "char " + "*" * len(outer)  # to the first of them
    if gdb.TYPE_CODE_PTR in outer:
        return text
    dimensions = text.partition("> ")[2] if outer else ""
    return ("char " + dimensions + length).rstrip()


def name(type_):
    """The type as it is written in a declaration."""
    text = str(type_)
    if _UNKNOWN in text:
        text = _of_characters(type_, text)
    if "\n" not in text:
        return text
    text, shorter = "", text.replace("{...}", _SHORT)
    while text != shorter:
        text, shorter = shorter, _BODY.sub(_SHORT, shorter)
    return text.replace(_SHORT, "{...}").replace("\n", " ")


def _is_anonymous(type_):
    return type_.code in (_STRUCT, _UNION, _ENUM) and not type_.name


def anonymous_inside(type_):
    """The struct, union or enum without a name that `type_` is built from, or None."""
    for _ in range(DEEPEST):
        if _is_anonymous(type_):
            return type_
        if type_.code not in _POINTERS:
            return None
        type_ = type_.target()
    return None


def _sizeof(type_):
    return type_.sizeof  # what depends on the run has none, or an error for one


def size(type_):
    """Its size, and its alignment where gdb knows that."""
    text = "%s bytes" % told(_sizeof, type_)
    align = getattr(type_, "alignof", 0)
    return text + ", aligned %d" % align if align else text


class Style:
    """How a type is told as part of another."""

    def name(self, type_):
        return name(type_)

    def size(self, type_):
        return size(type_)


_PLAIN = Style()


def use(type_, depth=0, style=_PLAIN):
    """A type as part of another: its name, and what it holds if it has none."""
    text = style.name(type_)
    # Most types can be told by their text from those that hold something without a name, and the
    # way through their targets takes as long as all the rest.
    hidden = anonymous_inside(type_) if "{...}" in text else None
    if hidden is None:
        return text
    if depth >= DEEPEST:
        return text + " {too deep}"
    return "%s = {%s}" % (text, describe(hidden, depth + 1, style))


def _position(field):
    try:
        bits = field.bitpos
    except AttributeError:
        return "static"
    if bits is None:
        return "dynamic"
    size = field.bitsize
    if size:
        return "bit %d size %d" % (bits, size)
    if bits % 8 == 0:
        return "@%d" % (bits // 8)
    return "bit %d" % bits


def _member(field, depth, style):
    type_ = field.type
    text = "%s %s %s" % (field.name or "<unnamed>", use(type_, depth, style) if type_ is not None else "?", _position(field))
    if field.is_base_class:
        text = "base " + text
    return "artificial " + text if field.artificial else text


def _enumerator(field):
    return "%s = %d" % (field.name, field.enumval)


def _enumerators(type_):
    return ", ".join([told(_enumerator, field) for field in type_.fields()])


def _template_arguments(type_):
    text = type_.name
    if not text or "<" not in text:
        return ""
    arguments = []
    for number in range(64):
        try:
            argument = type_.template_argument(number)
        except (gdb.error, RuntimeError):
            break
        arguments.append(name(argument) if isinstance(argument, gdb.Type) else str(argument))
    return ", template arguments <%s>" % ", ".join(arguments) if arguments else ""


def describe(type_, depth=0, style=_PLAIN):
    """All that gdb knows of `type_`, one level deep; types without a name are opened."""
    arguments = _template_arguments(type_) if type_.code in (_STRUCT, _UNION) else ""
    return layout(type_, depth, arguments, style)


def layout(type_, depth=0, arguments="", style=_PLAIN):
    """The same without template arguments, which a name spells out; or with these."""
    code = type_.code
    if code in (_STRUCT, _UNION):
        fields = type_.fields()
        if not fields and not type_.sizeof:
            return "%s, no members, %s" % (kind(type_), style.size(type_))
        return "%s, %s%s: %s" % (kind(type_), style.size(type_), arguments,
                                 "; ".join([told(_member, field, depth, style) for field in fields]))
    if code == _ENUM:
        return "enum, %s: %s" % (style.size(type_), _enumerators(type_))
    if code == _TYPEDEF:
        target = type_.target()
        whole = type_.strip_typedefs()
        text = "typedef, %s: %s" % (style.size(type_), use(target, depth, style))
        return text if target.code != _TYPEDEF else "%s = %s" % (text, name(whole))
    if code in (_FUNC, _METHOD):
        return "%s, %s" % (kind(type_), name(type_))
    return "%s, %s: %s" % (kind(type_), style.size(type_), name(type_))
