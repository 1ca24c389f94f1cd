// Structures, unions and enumerations written out as C, with the padding and attributes that their
// layout needs.
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "typedata/c_depth.h"
#include "typedata/c_types.h"

namespace splitstrip {
namespace {

std::string indented(std::size_t indent) {
  return std::string(indent * 2, ' ');
}

std::string attributes(bool packed, std::uint64_t aligned) {
  if (packed && aligned != 0) return fmt::format(" __attribute__((packed, aligned({})))", aligned);
  if (packed) return " __attribute__((packed))";
  if (aligned != 0) return fmt::format(" __attribute__((aligned({})))", aligned);
  return "";
}

std::string constant(const Enumerator& enumerator) {
  if (enumerator.negative) {
    const auto value = static_cast<std::int64_t>(enumerator.value);
    if (value == std::numeric_limits<std::int64_t>::min()) return "(-9223372036854775807LL - 1)";
    return fmt::format("{}{}", value, value < std::numeric_limits<std::int32_t>::min() ? "LL" : "");
  }
  if (enumerator.value > std::numeric_limits<std::int64_t>::max()) {
    return fmt::format("{}ULL", enumerator.value);
  }
  if (enumerator.value > std::numeric_limits<std::uint32_t>::max()) {
    return fmt::format("{}LL", enumerator.value);
  }
  if (enumerator.value > std::numeric_limits<std::int32_t>::max()) {
    return fmt::format("{}U", enumerator.value);
  }
  return fmt::format("{}", enumerator.value);
}

// `bits` of padding up to bit `end`. Unnamed bit-fields of one byte's type may stand anywhere
// within a byte and align nothing.
std::string padding(std::uint64_t end, std::uint64_t bits, const std::string& indent,
                    std::size_t& number) {
  std::string text;
  const std::uint64_t head = std::min(bits, (8 - (end - bits) % 8) % 8);
  if (head != 0) text += fmt::format("{}unsigned char : {};\n", indent, head);
  bits -= head;
  if (bits >= 8)
    text += fmt::format("{}unsigned char padding_{}[{}];\n", indent, ++number, bits / 8);
  if (bits % 8 != 0) text += fmt::format("{}unsigned char : {};\n", indent, bits % 8);
  return text;
}

}  // namespace

std::string CTypes::definition(TypeId id, std::size_t indent) {
  const Depth depth(*this);
  return counted(interface_.type(id).kind == TypeKind::enumeration ? enumeration(id, indent)
                                                                   : record(id, indent));
}

bool CTypes::anonymous_member(const Member& member) const {
  const TypeId type = strip(interface_, member.type, false);
  return member.name.empty() && !member.base_class && type != void_type &&
         is_record(interface_.type(type).kind) && names_.type(type).empty();
}

std::string CTypes::field_name(const Type& type, std::size_t at,
                               std::unordered_set<std::string>& taken) const {
  const Member& member = type.members[at];
  std::string name;
  if (member.base_class) {
    const TypeId base_type = strip(interface_, member.type, true);
    name = "base_" + c_identifier(base_type == void_type ? "" : interface_.type(base_type).name);
  } else {
    name = member.name.empty() ? fmt::format("unnamed_{}", at) : c_identifier(member.name);
  }
  while (!taken.insert(name).second) name += "_";
  return name;
}

std::string CTypes::record(TypeId id, std::size_t indent) {
  const Type& type = interface_.type(id);
  const RecordPlan& plan = layout_.plan(id);
  const std::string inner = indented(indent + 1);
  std::string text(keyword(type.kind));
  text += names_.type(id);
  text += names_.type(id).empty() ? "{\n" : " {\n";
  if (type.methods != 0) {
    text += fmt::format("{}/* {} member function{} */\n", inner, type.methods,
                        type.methods == 1 ? "" : "s");
  }
  if (plan.opaque) {
    text += fmt::format("{}/* members overlap in a way that C cannot express */\n", inner);
    text += fmt::format("{}unsigned char opaque[{}];\n", inner, type.size.value_or(0));
    return text + indented(indent) + "}" + attributes(false, plan.aligned);
  }
  std::unordered_set<std::string> taken;
  std::size_t paddings = 0;
  for (const FieldPlan& field : plan.fields) {
    const Member& member = type.members[field.member];
    text += padding(*member.bit_offset, field.padding_bits, inner, paddings);
    text += inner;
    if (field.as_bytes) {
      text +=
          fmt::format("unsigned char {}[{}]", field_name(type, field.member, taken), field.bytes);
    } else if (anonymous_member(member)) {
      text += specifier(strip(interface_, member.type, false), indent + 1);
    } else {
      std::string declared =
          declare(member.type, field_name(type, field.member, taken), indent + 1);
      // A flexible array can only be the last member, and not the only one nor one of a union.
      const TypeId array = strip(interface_, member.type, false);
      const bool last = &field == &plan.fields.back() && plan.tail_bytes == 0;
      if (declared.ends_with("[]") && array != void_type &&
          interface_.type(array).kind == TypeKind::array &&
          (!last || plan.fields.size() < 2 || type.kind == TypeKind::union_)) {
        declared.insert(declared.size() - 1, "0");
      }
      text += declared;
      if (member.bit_size) text += fmt::format(" : {}", *member.bit_size);
    }
    text += attributes(false, field.aligned) + ";\n";
    if (text.size() > left_) counted(text);
  }
  if (plan.tail_bytes != 0) {
    text += fmt::format("{}unsigned char padding_{}[{}];\n", inner, ++paddings, plan.tail_bytes);
  }
  return text + indented(indent) + "}" + attributes(plan.packed, plan.aligned);
}

std::string CTypes::enumeration(TypeId id, std::size_t indent) {
  const Type& type = interface_.type(id);
  std::string text = "enum " + names_.type(id);
  text += names_.type(id).empty() ? "{\n" : " {\n";
  bool negative = false;
  std::uint64_t below = 0, above = 0;  // the largest magnitudes
  for (std::size_t at = 0; at < type.enumerators.size(); ++at) {
    const Enumerator& each = type.enumerators[at];
    const std::string& name = names_.enumerator(id, at);
    text += fmt::format("{}{} = {},", indented(indent + 1), name, constant(each));
    if (name != each.name) text += fmt::format("  /* {} */", c_comment(each.name));
    text += "\n";
    negative = negative || each.negative;
    (each.negative ? below : above) =
        each.negative ? std::max(below, ~each.value + 1) : std::max(above, each.value);
    if (text.size() > left_) counted(text);
  }
  if (type.enumerators.empty()) {
    text += fmt::format("{}{}_none,\n", indented(indent + 1),
                        names_.type(id).empty() ? fmt::format("enum_{}", id) : names_.type(id));
  }
  text += indented(indent) + "}";
  const bool wide = below > 0x80000000 || above > (negative ? 0x7fffffffU : 0xffffffffU);
  const std::uint64_t natural = wide ? 8 : 4;
  const std::uint64_t size = size_of(interface_, id).value_or(natural);
  if (size == natural) return text;
  switch (size) {
    case 1:
      return text + " __attribute__((mode(QI)))";
    case 2:
      return text + " __attribute__((mode(HI)))";
    case 4:
      return text + " __attribute__((mode(SI)))";
    case 8:
      return text + " __attribute__((mode(DI)))";
    default:
      return text;
  }
}

}  // namespace splitstrip
