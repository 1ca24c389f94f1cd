"""drgn.Type as text."""

import drgn

# Anonymous members within anonymous members; a library of people's making has three or four.
DEEPEST = 16

_AGGREGATES = {drgn.TypeKind.STRUCT: "struct", drgn.TypeKind.UNION: "union", drgn.TypeKind.CLASS: "class"}


def name(type_):
    """The type as it is written in a declaration."""
    return type_.type_name()


def _hidden(type_):
    """The struct, union or enum without a name that `type_` is built from, or None."""
    for _ in range(DEEPEST):
        if type_.kind in (drgn.TypeKind.ARRAY, drgn.TypeKind.POINTER):
            type_ = type_.type
        else:
            is_wanted = type_.kind in _AGGREGATES or type_.kind == drgn.TypeKind.ENUM
            return type_ if is_wanted and type_.tag is None else None
    return None


def _use(type_, depth):
    hidden = _hidden(type_)
    if hidden is None:
        return name(type_)
    return "%s = {%s}" % (name(type_), describe(hidden, depth + 1)) if depth < DEEPEST else "{too deep}"


def _member(member, depth):
    bits, size = member.bit_offset, member.bit_field_size
    where = "bit %d size %d" % (bits, size) if size is not None else "@%d" % (bits // 8)
    return "%s %s %s" % (member.name or "<unnamed>", _use(member.type, depth), where)


def _template(type_):
    parameters = [] if type_.template_parameters is None else type_.template_parameters
    parts = []
    for one in parameters:
        argument = one.argument
        parts.append(name(argument) if isinstance(argument, drgn.Type) else argument.format_())
    return ", template arguments <%s>" % ", ".join(parts) if parts else ""


def describe(type_, depth=0):
    """All that drgn knows of `type_`, one level deep; types without a name are opened."""
    kind = type_.kind
    if kind in _AGGREGATES:
        if not type_.is_complete():
            return _AGGREGATES[kind] + ", incomplete"
        members = "; ".join(_member(member, depth) for member in type_.members)
        return "%s, %d bytes%s: %s" % (_AGGREGATES[kind], type_.size, _template(type_), members or "no members")
    if kind == drgn.TypeKind.ENUM:
        if not type_.is_complete():
            return "enum, incomplete"
        return "enum of %s: %s" % (name(type_.type), ", ".join(
            "%s = %d" % (one.name, one.value) for one in type_.enumerators))
    if kind == drgn.TypeKind.TYPEDEF:
        return "typedef: " + _use(type_.type, depth)
    if kind == drgn.TypeKind.FUNCTION:
        parameters = ", ".join("%s %s" % (name(one.type), one.name) for one in type_.parameters)
        return "%s (%s%s)%s" % (name(type_.type), parameters, ", ..." if type_.is_variadic else "", _template(type_))
    if kind in (drgn.TypeKind.INT, drgn.TypeKind.BOOL, drgn.TypeKind.FLOAT):
        sign = ", signed" if kind == drgn.TypeKind.INT and type_.is_signed else ""
        return "base, %d bytes%s, %s endian" % (type_.size, sign, type_.byteorder)
    return name(type_)
