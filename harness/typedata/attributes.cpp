#include "typedata/attributes.h"

#include <algorithm>

#include <dwarf.h>

#include "typedata/keep.h"

namespace splitstrip {
namespace {

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

const RecordAttribute* KeptAttributes::search(std::uint16_t name) const {
  const auto end = kept_.begin() + static_cast<std::ptrdiff_t>(count_);
  const auto found = std::find_if(kept_.begin(), end, [name](const RecordAttribute& attribute) {
    return attribute.name() == name;
  });
  return found == end ? nullptr : &*found;
}

void KeptAttributes::add(const RecordAttribute& attribute) {
  // Kept in the order of their numbers, so that the producer's order does not matter.
  std::size_t place = count_;
  while (place > 0 && kept_[place - 1].name() > attribute.name()) --place;
  if (count_ == kept_.size() || (place > 0 && kept_[place - 1].name() == attribute.name())) return;
  for (std::size_t i = count_; i > place; --i) kept_[i] = kept_[i - 1];
  kept_[place] = attribute;
  ++count_;
  seen_ |= bit(attribute.name());
}

void KeptAttributes::remove(std::uint16_t name) {
  if ((seen_ & bit(name)) == 0) return;
  std::size_t left = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    if (kept_[i].name() != name) kept_[left++] = kept_[i];
  }
  count_ = left;
}

void KeptAttributes::read(Bytes& in, const Abbrev& abbrev, const RawDwarf& dwarf,
                          const RawUnit& unit) {
  count_ = 0;
  seen_ = 0;
  origin = signature = {};
  origin_is_abstract = false;
  old_bit_offset.reset();
  sibling = discriminant = 0;
  moving_lower_bound = false;
  const AbbrevAttribute* attributes = unit.abbrevs->attributes(abbrev);
  for (unsigned i = 0; i < abbrev.count && in.ok(); ++i) {
    const Keep keep = keep_attribute(attributes[i].name);
    if (keep == Keep::no) {
      skip_attribute(in, attributes[i], unit);
    } else if (!take_common(in, attributes[i], keep, dwarf, unit)) {
      take(attributes[i].name, keep, read_form(in, attributes[i], dwarf, unit), dwarf, unit);
    }
  }
}

// What makes up nearly all of the input, without the way through RawValue.
bool KeptAttributes::take_common(Bytes& in, const AbbrevAttribute& attribute, Keep keep,
                                 const RawDwarf& dwarf, const RawUnit& unit) {
  const std::uint16_t name = attribute.name;
  const bool number = keep == Keep::yes || keep == Keep::bound || keep == Keep::location;
  switch (attribute.form) {
    case DW_FORM_strp:
      if (name != DW_AT_name) return false;
      if (const auto text = string_at(dwarf.file(unit).str, in.sized(unit.sizes.offset));
          !text.empty()) {
        add(RecordAttribute::of_text(name, text));
      }
      return true;
    case DW_FORM_string:
      if (name != DW_AT_name) return false;
      if (const auto text = in.string(); !text.empty()) add(RecordAttribute::of_text(name, text));
      return true;
    case DW_FORM_ref4: {
      if (keep != Keep::type) return false;
      const std::uint32_t offset = in.u32();
      if (offset >= unit.first_die && offset < unit.end - unit.begin) {
        const auto index = static_cast<std::uint32_t>(&unit - dwarf.units().data());
        add(RecordAttribute::of_type(name, {index, offset}));
      }
      return true;
    }
    case DW_FORM_data1:
      if (number) add(RecordAttribute::of_number(name, in.u8(), false));
      return number;
    case DW_FORM_data2:
      if (number) add(RecordAttribute::of_number(name, in.u16(), false));
      return number;
    case DW_FORM_udata:
      if (number) add(RecordAttribute::of_number(name, in.uleb(), false));
      return number;
    case DW_FORM_implicit_const:
      if (number) {
        add(RecordAttribute::of_number(
            name, static_cast<std::uint64_t>(unit.abbrevs->constant(attribute)), true));
      }
      return number;
    case DW_FORM_flag_present:
      if (keep == Keep::yes) add(RecordAttribute::of_flag(name));
      return keep == Keep::yes;
    default:
      return false;
  }
}

void KeptAttributes::take(std::uint16_t name, Keep keep, const RawValue& value,
                          const RawDwarf& dwarf, const RawUnit& unit) {
  const bool is_signed = value.kind == RawValue::Kind::signed_constant;
  const bool is_reference = value.kind == RawValue::Kind::reference;
  switch (keep) {
    case Keep::no:
      return;
    case Keep::yes:
      take_plain(modern_name(name), value);
      return;
    case Keep::bound:
      if (value.is_number()) {
        add(RecordAttribute::of_number(name, value.number, is_signed));
      } else if (name == DW_AT_lower_bound) {
        moving_lower_bound = true;
      }
      return;
    case Keep::location:
      if (value.is_number()) {
        add(RecordAttribute::of_number(name, value.number, is_signed));
      } else if (value.kind == RawValue::Kind::block) {
        const bool big_endian = dwarf.file(unit).big_endian;
        if (const auto offset = constant_expression(value.block, big_endian)) {
          add(RecordAttribute::of_number(name, *offset, false));
        } else if (self_contained(value.block, big_endian)) {
          add(RecordAttribute::of_block(name, value.block));
        }
      }
      return;
    case Keep::type:
      if (is_reference) add(RecordAttribute::of_type(name, value.die));
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
      if (is_reference) discriminant = value.die.offset;
      return;
    case Keep::sibling:
      if (is_reference) sibling = value.die.offset;
      return;
  }
}

void KeptAttributes::take_plain(std::uint16_t name, const RawValue& value) {
  switch (value.kind) {
    case RawValue::Kind::constant:
      add(RecordAttribute::of_number(name, value.number, false));
      return;
    case RawValue::Kind::signed_constant:
      add(RecordAttribute::of_number(name, value.number, true));
      return;
    case RawValue::Kind::flag:
      if (value.number != 0) add(RecordAttribute::of_flag(name));
      return;
    case RawValue::Kind::string:
      if (!value.string.empty()) add(RecordAttribute::of_text(name, value.string));
      return;
    case RawValue::Kind::block:
      if (name == DW_AT_const_value || name == DW_AT_discr_value) {
        add(RecordAttribute::of_block(name, value.block));
      }
      return;
    default:
      return;
  }
}

}  // namespace splitstrip
