#include "typedata/library/die_fields.h"

#include <dwarf.h>

namespace splitstrip::library {
namespace {

constexpr std::uint64_t kNowhere = ~std::uint64_t{0};

struct Value {
  enum class Kind : std::uint8_t { none, number, text, reference, block } kind = Kind::none;
  bool negative = false;
  std::uint64_t number = 0;  // or the DIE's offset
  const char* text = "";
  ByteSpan block;
};

const char* string_in(ByteSpan section, std::uint64_t offset) {
  Bytes in(section, false);
  in.seek(offset);
  const std::string_view text = in.string();
  return text.data() == nullptr ? "" : text.data();
}

Value number(std::uint64_t value) {
  Value result;
  result.kind = Value::Kind::number;
  result.number = value;
  return result;
}

Value signed_number(std::int64_t value) {
  Value result = number(static_cast<std::uint64_t>(value));
  result.negative = value < 0;
  return result;
}

Value text(const char* at) {
  Value result;
  result.kind = Value::Kind::text;
  result.text = at;
  return result;
}

Value block(ByteSpan bytes) {
  Value result;
  result.kind = Value::Kind::block;
  result.block = bytes;
  return result;
}

Value reference(const DwarfUnit& unit, std::uint64_t offset) {
  Value result;
  result.kind = Value::Kind::reference;
  result.number = offset < unit.end - unit.begin ? unit.begin + offset : kNowhere;
  return result;
}

Value in_section(std::uint64_t offset) {
  Value result;
  result.kind = Value::Kind::reference;
  result.number = offset;
  return result;
}

Value read_value(Bytes& in, std::uint16_t form, const AbbrevAttribute& attribute,
                 const DwarfUnit& unit, const DwarfStrings& strings, int indirections = 0) {
  switch (form) {
    case DW_FORM_string: {
      const std::string_view inline_text = in.string();
      return text(inline_text.data() == nullptr ? "" : inline_text.data());
    }
    case DW_FORM_strp:
      return text(string_in(strings.str, in.sized(unit.sizes.offset)));
    case DW_FORM_line_strp:
      return text(string_in(strings.line_str, in.sized(unit.sizes.offset)));
    case DW_FORM_flag_present:
      return number(1);
    case DW_FORM_implicit_const:
      return signed_number(unit.abbrevs->constant(attribute));
    case DW_FORM_flag:
    case DW_FORM_data1:
      return number(in.u8());
    case DW_FORM_data2:
      return number(in.u16());
    case DW_FORM_data4:
      return number(in.u32());
    case DW_FORM_data8:
      return number(in.u64());
    case DW_FORM_udata:
      return number(in.uleb());
    case DW_FORM_sdata:
      return signed_number(in.sleb());
    case DW_FORM_ref1:
      return reference(unit, in.u8());
    case DW_FORM_ref2:
      return reference(unit, in.u16());
    case DW_FORM_ref4:
      return reference(unit, in.u32());
    case DW_FORM_ref8:
      return reference(unit, in.u64());
    case DW_FORM_ref_udata:
      return reference(unit, in.uleb());
    case DW_FORM_ref_addr:
      return in_section(in.sized(unit.sizes.version_2 ? unit.sizes.address : unit.sizes.offset));
    case DW_FORM_exprloc:
    case DW_FORM_block:
      return block(in.block(in.uleb()));
    case DW_FORM_block1:
      return block(in.block(in.u8()));
    case DW_FORM_block2:
      return block(in.block(in.u16()));
    case DW_FORM_block4:
      return block(in.block(in.u32()));
    case DW_FORM_sec_offset:
    case DW_FORM_strp_sup:
    case DW_FORM_GNU_ref_alt:
    case DW_FORM_GNU_strp_alt:
      in.skip(unit.sizes.offset);
      return {};
    case DW_FORM_addr:
      in.skip(unit.sizes.address);
      return {};
    case DW_FORM_indirect: {
      const std::uint64_t real = in.uleb();
      // An implicit constant has its value in the abbreviation, which an indirect one has not.
      if (indirections > 0 || real > 0xffff || real == DW_FORM_implicit_const) {
        in.fail();
        return {};
      }
      return read_value(in, static_cast<std::uint16_t>(real), attribute, unit, strings, 1);
    }
    case DW_FORM_strx:
    case DW_FORM_addrx:
    case DW_FORM_loclistx:
    case DW_FORM_rnglistx:
      in.uleb();
      return {};
    default: {
      const int size = fixed_form_size(form, unit.sizes);
      if (size < 0) {
        in.fail();  // nothing after it can be found
      } else {
        in.skip(static_cast<std::uint64_t>(size));
      }
      return {};
    }
  }
}

void set(Number& to, const Value& value) {
  if (value.kind != Value::Kind::number) return;
  to.present = true;
  to.negative = value.negative;
  to.value = value.number;
}

// An older producer's place of a member: DW_OP_plus_uconst N.
void set_location(DieFields& fields, const Value& value) {
  fields.has_location = true;
  set(fields.member_location, value);
  if (value.kind != Value::Kind::block) return;
  Bytes in(value.block, false);
  if (in.u8() != DW_OP_plus_uconst) return;
  const std::uint64_t offset = in.uleb();
  if (in.ok() && in.at_end()) set(fields.member_location, number(offset));
}

void take(DieFields& fields, std::uint16_t name, const Value& value) {
  using Kind = Value::Kind;
  switch (name) {
    case DW_AT_name:
      if (value.kind == Kind::text) fields.name = value.text;
      break;
    case DW_AT_linkage_name:
    case DW_AT_MIPS_linkage_name:
      if (value.kind == Kind::text) fields.linkage_name = value.text;
      break;
    case DW_AT_type:
      fields.type = value.kind == Kind::reference && value.number != 0 ? value.number : kNowhere;
      break;
    case DW_AT_byte_size:
      set(fields.byte_size, value);
      break;
    case DW_AT_encoding:
      set(fields.encoding, value);
      break;
    case DW_AT_alignment:
      set(fields.alignment, value);
      break;
    case DW_AT_declaration:
      fields.declaration = value.number != 0;
      break;
    case DW_AT_prototyped:
      fields.prototyped = value.number != 0;
      break;
    case DW_AT_external:
      fields.external = value.number != 0;
      break;
    case DW_AT_noreturn:
      fields.noreturn = value.number != 0;
      break;
    case DW_AT_GNU_vector:
      fields.vector = value.number != 0;
      break;
    case DW_AT_calling_convention:
      fields.convention = value.number;
      break;
    case DW_AT_data_member_location:
      set_location(fields, value);
      break;
    case DW_AT_data_bit_offset:
      set(fields.data_bit_offset, value);
      break;
    case DW_AT_bit_offset:
      set(fields.bit_offset, value);
      break;
    case DW_AT_bit_size:
      set(fields.bit_size, value);
      break;
    case DW_AT_const_value:
      set(fields.const_value, value);
      break;
    case DW_AT_lower_bound:
      set(fields.lower, value);
      fields.moving_lower = value.kind != Kind::number;
      break;
    case DW_AT_upper_bound:
      set(fields.upper, value);
      break;
    case DW_AT_count:
      set(fields.count, value);
      break;
    default:
      break;
  }
}

}  // namespace

bool read_die(Bytes& in, const DwarfUnit& unit, const DwarfStrings& strings, DieFields& fields) {
  const std::uint64_t code = in.uleb();
  if (code == 0) return false;
  const Abbrev* abbrev = unit.abbrevs->find(code);
  if (abbrev == nullptr) {
    in.fail();
    return false;
  }
  fields = {};
  fields.tag = abbrev->tag;
  fields.children = abbrev->children;
  const AbbrevAttribute* attribute = unit.abbrevs->attributes(*abbrev);
  for (unsigned i = 0; i < abbrev->count && in.ok(); ++i) {
    take(fields, attribute[i].name, read_value(in, attribute[i].form, attribute[i], unit, strings));
  }
  return in.ok();
}

}  // namespace splitstrip::library
