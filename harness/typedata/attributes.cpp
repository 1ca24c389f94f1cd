#include "typedata/attributes.h"

#include <algorithm>

#include <dwarf.h>

#include "typedata/keep.h"

namespace splitstrip {
namespace {

using Kind = RecordAttribute::Kind;

// An expression that is but a number: the offset of a member in DWARF 2, a slot in a vtable.
std::optional<std::uint64_t> constant_expression(ByteSpan expression, bool big_endian) {
  Bytes in(expression, big_endian);
  const std::uint8_t operation = in.u8();
  if (operation != DW_OP_plus_uconst && operation != DW_OP_constu) return std::nullopt;
  const std::uint64_t value = in.uleb();
  return in.ok() && in.at_end() ? std::optional(value) : std::nullopt;
}

// Whether an expression computes with nothing but the object at hand and the stack, as that of a
// virtual base does. Anything else could point at what typedata does not hold.
bool self_contained(ByteSpan expression, bool big_endian) {
  Bytes in(expression, big_endian);
  while (in.ok() && !in.at_end()) {
    const std::uint8_t operation = in.u8();
    if (operation >= DW_OP_lit0 && operation <= DW_OP_lit31) continue;
    switch (operation) {
      case DW_OP_deref:
      case DW_OP_dup:
      case DW_OP_drop:
      case DW_OP_over:
      case DW_OP_swap:
      case DW_OP_rot:
      case DW_OP_and:
      case DW_OP_minus:
      case DW_OP_mul:
      case DW_OP_neg:
      case DW_OP_plus:
      case DW_OP_shl:
      case DW_OP_push_object_address:
        break;
      case DW_OP_const1u:
      case DW_OP_const1s:
      case DW_OP_deref_size:
        in.skip(1);
        break;
      case DW_OP_const2u:
      case DW_OP_const2s:
        in.skip(2);
        break;
      case DW_OP_const4u:
      case DW_OP_const4s:
        in.skip(4);
        break;
      case DW_OP_constu:
      case DW_OP_consts:
      case DW_OP_plus_uconst:
        in.uleb();
        break;
      default:
        return false;
    }
  }
  return in.ok() && !expression.empty();
}

std::uint16_t modern_name(std::uint16_t name) {
  return name == DW_AT_MIPS_linkage_name ? std::uint16_t{DW_AT_linkage_name} : name;
}

}  // namespace

const RecordAttribute* KeptAttributes::find(std::uint16_t name) const {
  const auto end = kept_.begin() + static_cast<std::ptrdiff_t>(count_);
  const auto found = std::find_if(kept_.begin(), end, [name](const RecordAttribute& attribute) {
    return attribute.name == name;
  });
  return found == end ? nullptr : &*found;
}

void KeptAttributes::add(const RecordAttribute& attribute) {
  // Kept in the order of their numbers, so that the producer's order does not matter.
  std::size_t place = count_;
  while (place > 0 && kept_[place - 1].name > attribute.name) --place;
  if (count_ == kept_.size() || (place > 0 && kept_[place - 1].name == attribute.name)) return;
  for (std::size_t i = count_; i > place; --i) kept_[i] = kept_[i - 1];
  kept_[place] = attribute;
  ++count_;
}

void KeptAttributes::remove(std::uint16_t name) {
  std::size_t left = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    if (kept_[i].name != name) kept_[left++] = kept_[i];
  }
  count_ = left;
}

void KeptAttributes::read(Bytes& in, const Abbrev& abbrev, const RawDwarf& dwarf,
                          const RawUnit& unit) {
  count_ = 0;
  origin = signature = {};
  origin_is_abstract = false;
  old_bit_offset.reset();
  sibling = discriminant = 0;
  const AbbrevAttribute* attributes = unit.abbrevs->attributes(abbrev);
  for (unsigned i = 0; i < abbrev.count && in.ok(); ++i) {
    const AbbrevAttribute& attribute = attributes[i];
    if (keep_attribute(attribute.name) == Keep::no) {
      skip_form(in, attribute.form, unit);
    } else {
      take(attribute.name, read_form(in, attribute, dwarf, unit), dwarf, unit);
    }
  }
}

void KeptAttributes::take(std::uint16_t name, const RawValue& value, const RawDwarf& dwarf,
                          const RawUnit& unit) {
  if (value.kind == RawValue::Kind::none) return;
  RecordAttribute kept;
  kept.name = modern_name(name);
  auto number = [&](std::uint64_t as_unsigned, bool is_signed) {
    kept.number = as_unsigned;
    const bool negative = is_signed && static_cast<std::int64_t>(as_unsigned) < 0;
    kept.kind = negative ? Kind::negative : Kind::number;
    add(kept);
  };
  const bool is_signed = value.kind == RawValue::Kind::signed_constant;
  const bool big_endian = dwarf.file(unit).big_endian;
  switch (keep_attribute(name)) {
    case Keep::no:
      return;
    case Keep::bound:
      if (value.is_number()) number(value.number, is_signed);
      return;
    case Keep::location:
      if (value.is_number()) {
        number(value.number, is_signed);
      } else if (value.kind == RawValue::Kind::block) {
        if (const auto offset = constant_expression(value.block, big_endian)) {
          number(*offset, false);
        } else if (self_contained(value.block, big_endian)) {
          kept.kind = Kind::block;
          kept.block = value.block;
          add(kept);
        }
      }
      return;
    case Keep::type:
      if (value.kind != RawValue::Kind::reference) return;
      kept.kind = Kind::type;
      kept.die = value.die;
      add(kept);
      return;
    case Keep::origin:
      origin = value.die;
      origin_is_abstract = name == DW_AT_abstract_origin;
      return;
    case Keep::signature:
      signature = value.die;
      return;
    case Keep::old_bits:
      if (value.is_number()) old_bit_offset = value.number;
      return;
    case Keep::inner:
      if (value.kind == RawValue::Kind::reference) discriminant = value.die.offset;
      return;
    case Keep::sibling:
      if (value.kind == RawValue::Kind::reference) sibling = value.die.offset;
      return;
    case Keep::yes:
      break;
  }
  switch (value.kind) {
    case RawValue::Kind::constant:
    case RawValue::Kind::signed_constant:
      number(value.number, is_signed);
      return;
    case RawValue::Kind::flag:
      if (value.number == 0) return;
      kept.kind = Kind::flag;
      break;
    case RawValue::Kind::string:
      if (value.string.empty()) return;
      kept.kind = Kind::string;
      kept.string = value.string;
      break;
    case RawValue::Kind::block:
      if (kept.name != DW_AT_const_value && kept.name != DW_AT_discr_value) return;
      kept.kind = Kind::block;
      kept.block = value.block;
      break;
    default:
      return;
  }
  add(kept);
}

}  // namespace splitstrip
