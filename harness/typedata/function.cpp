#include "typedata/function.h"

#include <dwarf.h>

namespace splitstrip {
namespace {

// concrete instance -> abstract instance -> declaration, and some to spare; a loop ends here too.
constexpr std::size_t kMostHops = 8;

// Calls take(attribute, value) for the DIE's attributes of the names that `wanted` accepts.
template <typename Wanted, typename Take>
void each_attribute(const RawDwarf& dwarf, DieRef die, Wanted wanted, Take take) {
  const RawUnit& unit = dwarf.units()[die.unit];
  if (unit.abbrevs == nullptr) return;
  Bytes in = dwarf.bytes(unit);
  in.seek(die.offset);
  const std::uint64_t code = in.uleb();
  const Abbrev* abbrev = code == 0 ? nullptr : unit.abbrevs->find(code);
  if (abbrev == nullptr) return;
  const AbbrevAttribute* attributes = unit.abbrevs->attributes(*abbrev);
  for (unsigned i = 0; i < abbrev->count && in.ok(); ++i) {
    if (wanted(attributes[i].name)) {
      take(attributes[i].name, read_form(in, attributes[i], dwarf, unit));
    } else {
      skip_attribute(in, attributes[i], unit);
    }
  }
}

bool is_origin(std::uint16_t name) {
  return name == DW_AT_abstract_origin || name == DW_AT_specification;
}

}  // namespace

std::vector<DieRef> origin_chain(const RawDwarf& dwarf, DieRef die) {
  std::vector<DieRef> chain;
  while (die && chain.size() < kMostHops) {
    chain.push_back(die);
    DieRef next;
    each_attribute(dwarf, die, is_origin,
                   [&](std::uint16_t, const RawValue& value) { next = value.die; });
    die = next;
  }
  return chain;
}

DieNames inherited_names(const RawDwarf& dwarf, DieRef die) {
  DieNames names;
  auto wanted = [](std::uint16_t name) {
    return name == DW_AT_name || name == DW_AT_linkage_name || name == DW_AT_MIPS_linkage_name;
  };
  for (const DieRef link : origin_chain(dwarf, die)) {
    each_attribute(dwarf, link, wanted, [&](std::uint16_t name, const RawValue& value) {
      std::string_view& field = name == DW_AT_name ? names.name : names.linkage_name;
      if (field.empty()) field = value.string;
    });
  }
  return names;
}

StaticLocation static_location(const RawDwarf& dwarf, const RawUnit& unit, ByteSpan expression) {
  using Kind = StaticLocation::Kind;
  Bytes in(expression, dwarf.file(unit).big_endian);
  StaticLocation place;
  switch (in.u8()) {
    case DW_OP_addr:
      place = {Kind::address, in.sized(unit.sizes.address)};
      break;
    case DW_OP_const4u:
      place = {Kind::none, in.u32()};
      break;
    case DW_OP_const8u:
      place = {Kind::none, in.u64()};
      break;
    case DW_OP_constu:
      place = {Kind::none, in.uleb()};
      break;
    case DW_OP_addrx:
    case DW_OP_GNU_addr_index: {
      const auto address = indexed_address(dwarf, unit, in.uleb());
      if (!address) return {};
      place = {Kind::address, *address};
      break;
    }
    case DW_OP_constx:
    case DW_OP_GNU_const_index: {
      const auto offset = indexed_address(dwarf, unit, in.uleb());
      if (!offset) return {};
      place = {Kind::none, *offset};
      break;
    }
    default:
      return {};
  }
  if (in.ok() && in.at_end()) return place.kind == Kind::address ? place : StaticLocation{};
  switch (in.u8()) {
    case DW_OP_form_tls_address:
    case DW_OP_GNU_push_tls_address:
      place.kind = Kind::tls;
      break;
    case DW_OP_plus_uconst:
      if (place.kind != Kind::address) return {};
      place.value += in.uleb();
      break;
    default:
      return {};
  }
  return in.ok() && in.at_end() ? place : StaticLocation{};
}

}  // namespace splitstrip
