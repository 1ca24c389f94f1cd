"""lldb.SBType as text."""

import lldb

# Anonymous members within anonymous members; a library of people's making has three or four.
DEEPEST = 16

_CLASSES = (
    (lldb.eTypeClassStruct, "struct"), (lldb.eTypeClassClass, "class"), (lldb.eTypeClassUnion, "union"),
    (lldb.eTypeClassEnumeration, "enum"), (lldb.eTypeClassTypedef, "typedef"), (lldb.eTypeClassBuiltin, "base"),
    (lldb.eTypeClassArray, "array"), (lldb.eTypeClassPointer, "pointer"), (lldb.eTypeClassFunction, "function"),
    (lldb.eTypeClassReference, "reference"), (lldb.eTypeClassMemberPointer, "pointer to member"),
    (lldb.eTypeClassVector, "vector"), (lldb.eTypeClassComplexFloat, "complex"),
    (lldb.eTypeClassComplexInteger, "complex"))
AGGREGATES = lldb.eTypeClassStruct | lldb.eTypeClassClass | lldb.eTypeClassUnion
_METHODS = {lldb.eMemberFunctionKindConstructor: "constructor", lldb.eMemberFunctionKindDestructor: "destructor",
            lldb.eMemberFunctionKindInstanceMethod: "method", lldb.eMemberFunctionKindStaticMethod: "static method"}


def kind(type_):
    """What sort of type this is, in a word."""
    found = type_.GetTypeClass()
    for mask, text in _CLASSES:
        if found & mask:
            return text
    return "type"


def name(type_):
    """The type as it is written in a declaration."""
    return type_.GetName() or "?"


def _is_unnamed(text):
    return "(unnamed" in text or "(anonymous" in text


def _unnamed_inside(type_):
    """The struct, union or enum without a name that `type_` is built from, or None."""
    for _ in range(DEEPEST):
        found = type_.GetTypeClass()
        if found & lldb.eTypeClassArray:
            type_ = type_.GetArrayElementType()
        elif found & lldb.eTypeClassPointer:
            type_ = type_.GetPointeeType()
        else:
            is_wanted = found & (AGGREGATES | lldb.eTypeClassEnumeration) and _is_unnamed(name(type_))
            return type_ if is_wanted else None
    return None


def _use(type_, depth):
    """A type as part of another: its name, and what it holds if it has none."""
    text = name(type_)
    hidden = _unnamed_inside(type_) if _is_unnamed(text) else None
    if hidden is None:
        return text
    return "%s = {%s}" % (text, describe(hidden, depth + 1)) if depth < DEEPEST else text + " {too deep}"


def _position(member):
    bits = member.GetOffsetInBits()
    if member.IsBitfield():
        return "bit %d size %d" % (bits, member.GetBitfieldSizeInBits())
    return "@%d" % (bits // 8)


def _members(type_, depth):
    """Yields bases, virtual bases, members and methods, each as text."""
    count = type_.GetNumberOfVirtualBaseClasses()
    is_virtual = {name(type_.GetVirtualBaseClassAtIndex(index).GetType()) for index in range(count)}
    for index in range(type_.GetNumberOfDirectBaseClasses()):
        base = type_.GetDirectBaseClassAtIndex(index)
        of = name(base.GetType())
        # What lldb gives as the offset of a virtual base is not one.
        yield "virtual base " + of if of in is_virtual else "base %s @%d" % (of, base.GetOffsetInBytes())
    for index in range(type_.GetNumberOfFields()):
        member = type_.GetFieldAtIndex(index)
        yield "%s %s %s" % (member.GetName() or "<unnamed>", _use(member.GetType(), depth), _position(member))
    # Sorted: lldb has them in whatever order their addresses in its memory gave them.
    methods = (type_.GetMemberFunctionAtIndex(index) for index in range(type_.GetNumberOfMemberFunctions()))
    yield from sorted("%s %s: %s" % (_METHODS.get(one.GetKind(), "function"), one.GetName(), name(one.GetType()))
                      for one in methods)


def _template_arguments(type_):
    count = type_.GetNumberOfTemplateArguments()
    if count <= 0:
        return ""
    return ", template arguments <%s>" % ", ".join(
        name(type_.GetTemplateArgumentType(index)) for index in range(count))


def describe(type_, depth=0):
    """All that lldb knows of `type_`, one level deep; types without a name are opened."""
    found = type_.GetTypeClass()
    size = "%s, %d bytes" % (kind(type_), type_.GetByteSize())
    if found & AGGREGATES:
        if not type_.IsTypeComplete():
            return kind(type_) + ", incomplete"
        return "%s%s: %s" % (size, _template_arguments(type_), "; ".join(_members(type_, depth)) or "no members")
    if found & lldb.eTypeClassEnumeration:
        members = type_.GetEnumMembers()
        values = (members.GetTypeEnumMemberAtIndex(index) for index in range(members.GetSize()))
        return "%s: %s" % (size, ", ".join("%s = %d" % (one.GetName(), one.GetValueAsSigned()) for one in values))
    if found & lldb.eTypeClassTypedef:
        return "%s: %s" % (size, _use(type_.GetTypedefedType(), depth))
    return "%s: %s" % (size, name(type_))
