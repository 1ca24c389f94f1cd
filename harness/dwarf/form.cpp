#include "dwarf/form.h"

#include <dwarf.h>

namespace splitstrip {
namespace {

RawValue string_value(std::string_view string) {
  RawValue value;
  if (string.data() == nullptr) return value;
  value.kind = RawValue::Kind::string;
  value.string = string;
  return value;
}

RawValue indexed_string(const RawDwarf& dwarf, const RawUnit& unit, std::uint64_t index) {
  const RawFile& file = dwarf.file(unit);
  if (index > file.str_offsets.size()) return {};
  Bytes in(file.str_offsets, file.big_endian);
  in.seek(unit.str_offsets_base + index * unit.sizes.offset);
  const std::uint64_t offset = in.sized(unit.sizes.offset);
  return in.ok() ? string_value(string_at(file.str, offset)) : RawValue{};
}

RawValue number_value(RawValue::Kind kind, std::uint64_t number) {
  RawValue value;
  value.kind = kind;
  value.number = number;
  return value;
}

RawValue die_value(DieRef die) {
  RawValue value;
  if (!die) return value;
  value.kind = RawValue::Kind::reference;
  value.die = die;
  return value;
}

RawValue in_unit(const RawDwarf& dwarf, const RawUnit& unit, std::uint64_t offset) {
  if (offset < unit.first_die || offset >= unit.end - unit.begin) return {};
  const auto index = static_cast<std::uint32_t>(&unit - dwarf.units().data());
  return die_value({index, static_cast<std::uint32_t>(offset)});
}

RawValue block_value(ByteSpan block) {
  RawValue value;
  value.kind = RawValue::Kind::block;
  value.block = block;
  return value;
}

RawValue indexed_address_value(const RawDwarf& dwarf, const RawUnit& unit, std::uint64_t index) {
  const auto address = indexed_address(dwarf, unit, index);
  return address ? number_value(RawValue::Kind::address, *address) : RawValue{};
}

}  // namespace

std::optional<std::uint64_t> indexed_address(const RawDwarf& dwarf, const RawUnit& unit,
                                             std::uint64_t index) {
  const RawFile& file = dwarf.file(unit);
  if (index > file.addr.size()) return std::nullopt;
  Bytes in(file.addr, file.big_endian);
  in.seek(unit.addr_base + index * unit.sizes.address);
  const std::uint64_t address = in.sized(unit.sizes.address);
  return in.ok() ? std::optional(address) : std::nullopt;
}

void skip_form(Bytes& in, std::uint16_t form, const RawUnit& unit) {
  // An indirect form may name an indirect form; a bound keeps hostile input from looping for long.
  for (int hops = 0; hops < 4; ++hops) {
    const int size = fixed_form_size(form, unit.sizes);
    if (size >= 0) {
      in.skip(static_cast<unsigned>(size));
      return;
    }
    switch (form) {
      case DW_FORM_string:
        in.string();
        return;
      case DW_FORM_udata:
      case DW_FORM_sdata:
      case DW_FORM_ref_udata:
      case DW_FORM_strx:
      case DW_FORM_addrx:
      case DW_FORM_loclistx:
      case DW_FORM_rnglistx:
      case DW_FORM_GNU_addr_index:
      case DW_FORM_GNU_str_index:
        in.uleb();
        return;
      case DW_FORM_exprloc:
      case DW_FORM_block:
        in.skip(in.uleb());
        return;
      case DW_FORM_block1:
        in.skip(in.u8());
        return;
      case DW_FORM_block2:
        in.skip(in.u16());
        return;
      case DW_FORM_block4:
        in.skip(in.u32());
        return;
      case DW_FORM_indirect: {
        const std::uint64_t real = in.uleb();
        if (real == DW_FORM_implicit_const || real > 0xffff) {
          in.fail();
          return;
        }
        form = static_cast<std::uint16_t>(real);
        continue;
      }
      default:
        in.fail();
        return;
    }
  }
  in.fail();
}

RawValue read_form(Bytes& in, const AbbrevAttribute& attribute, const RawDwarf& dwarf,
                   const RawUnit& unit) {
  using Kind = RawValue::Kind;
  std::uint64_t form = attribute.form;
  for (int hops = 0; form == DW_FORM_indirect; ++hops) {
    form = in.uleb();
    if (form == DW_FORM_implicit_const || hops == 4) {
      in.fail();
      return {};
    }
  }
  switch (form) {
    case DW_FORM_addr:
      return number_value(Kind::address, in.sized(unit.sizes.address));
    case DW_FORM_data1:
      return number_value(Kind::constant, in.u8());
    case DW_FORM_data2:
      return number_value(Kind::constant, in.u16());
    case DW_FORM_data4:
      return number_value(Kind::constant, in.u32());
    case DW_FORM_data8:
      return number_value(Kind::constant, in.u64());
    case DW_FORM_udata:
      return number_value(Kind::constant, in.uleb());
    case DW_FORM_sdata:
      return number_value(Kind::signed_constant, static_cast<std::uint64_t>(in.sleb()));
    case DW_FORM_implicit_const:
      return number_value(Kind::signed_constant,
                          static_cast<std::uint64_t>(unit.abbrevs->constant(attribute)));
    case DW_FORM_flag:
      return number_value(Kind::flag, in.u8());
    case DW_FORM_flag_present:
      return number_value(Kind::flag, 1);
    case DW_FORM_string:
      return string_value(in.string());
    case DW_FORM_strp:
      return string_value(string_at(dwarf.file(unit).str, in.sized(unit.sizes.offset)));
    case DW_FORM_line_strp:
      return string_value(string_at(dwarf.file(unit).line_str, in.sized(unit.sizes.offset)));
    case DW_FORM_strp_sup:
    case DW_FORM_GNU_strp_alt: {
      const std::uint64_t offset = in.sized(unit.sizes.offset);
      return dwarf.alt() == nullptr ? RawValue{}
                                    : string_value(string_at(dwarf.alt()->str, offset));
    }
    case DW_FORM_strx:
    case DW_FORM_GNU_str_index:
      return indexed_string(dwarf, unit, in.uleb());
    case DW_FORM_strx1:
      return indexed_string(dwarf, unit, in.u8());
    case DW_FORM_strx2:
      return indexed_string(dwarf, unit, in.u16());
    case DW_FORM_strx3:
      return indexed_string(dwarf, unit, in.u24());
    case DW_FORM_strx4:
      return indexed_string(dwarf, unit, in.u32());
    case DW_FORM_addrx:
    case DW_FORM_GNU_addr_index:
      return indexed_address_value(dwarf, unit, in.uleb());
    case DW_FORM_addrx1:
      return indexed_address_value(dwarf, unit, in.u8());
    case DW_FORM_addrx2:
      return indexed_address_value(dwarf, unit, in.u16());
    case DW_FORM_addrx3:
      return indexed_address_value(dwarf, unit, in.u24());
    case DW_FORM_addrx4:
      return indexed_address_value(dwarf, unit, in.u32());
    case DW_FORM_ref1:
      return in_unit(dwarf, unit, in.u8());
    case DW_FORM_ref2:
      return in_unit(dwarf, unit, in.u16());
    case DW_FORM_ref4:
      return in_unit(dwarf, unit, in.u32());
    case DW_FORM_ref8:
      return in_unit(dwarf, unit, in.u64());
    case DW_FORM_ref_udata:
      return in_unit(dwarf, unit, in.uleb());
    case DW_FORM_ref_addr:
      return die_value(dwarf.in_info_of(
          unit, in.sized(unit.sizes.version_2 ? unit.sizes.address : unit.sizes.offset)));
    case DW_FORM_ref_sup4:
      return die_value(dwarf.in_alt(in.u32()));
    case DW_FORM_ref_sup8:
      return die_value(dwarf.in_alt(in.u64()));
    case DW_FORM_GNU_ref_alt:
      return die_value(dwarf.in_alt(in.sized(unit.sizes.offset)));
    case DW_FORM_ref_sig8:
      return die_value(dwarf.of_signature(in.u64()));
    case DW_FORM_sec_offset:
      return number_value(Kind::offset, in.sized(unit.sizes.offset));
    case DW_FORM_loclistx:
    case DW_FORM_rnglistx:
      return number_value(Kind::list_index, in.uleb());
    case DW_FORM_exprloc:
    case DW_FORM_block:
      return block_value(in.block(in.uleb()));
    case DW_FORM_block1:
      return block_value(in.block(in.u8()));
    case DW_FORM_block2:
      return block_value(in.block(in.u16()));
    case DW_FORM_block4:
      return block_value(in.block(in.u32()));
    case DW_FORM_data16: {
      RawValue value = block_value(in.block(16));
      value.wide = true;
      return value;
    }
    default:
      in.fail();
      return {};
  }
}

void skip_children(Bytes& in, const RawUnit& unit) {
  // A count, not recursion: nesting in hostile input costs nothing.
  for (std::uint64_t depth = 1; in.ok();) {
    const std::uint64_t code = in.uleb();
    if (code == 0) {
      if (--depth == 0) return;
      continue;
    }
    const Abbrev* abbrev = unit.abbrevs->find(code);
    if (abbrev == nullptr) {
      in.fail();
      return;
    }
    if (abbrev->children && abbrev->sibling != Abbrev::kVaries) {
      Bytes at = in;
      at.skip(abbrev->sibling);
      const std::uint32_t sibling = at.u32();
      if (at.ok() && sibling > at.offset()) {
        in.seek(sibling);
        continue;
      }
    }
    skip_attributes(in, *abbrev, unit);
    if (abbrev->children) ++depth;
  }
}

}  // namespace splitstrip
