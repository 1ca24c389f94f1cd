#include "typedata/reasons.h"

#include <algorithm>

#include <dwarf.h>

#include "dwarf/form.h"
#include "dwarf/ranges.h"

namespace splitstrip {
namespace {

struct Covered {
  AddressRange range;
  const RawUnit* unit;
};

std::vector<Covered> covered_ranges(const RawDwarf& dwarf) {
  std::vector<Covered> covered;
  for (std::size_t i = 0; i < dwarf.own_units(); ++i) {
    const RawUnit& unit = dwarf.units()[i];
    if (unit.abbrevs == nullptr) continue;
    Bytes in = dwarf.bytes(unit);
    in.seek(unit.first_die);
    const std::uint64_t code = in.uleb();
    const Abbrev* abbrev = code == 0 ? nullptr : unit.abbrevs->find(code);
    if (abbrev == nullptr) continue;
    const AbbrevAttribute* attributes = unit.abbrevs->attributes(*abbrev);
    RawValue high;
    for (unsigned k = 0; k < abbrev->count && in.ok(); ++k) {
      const RawValue value = read_form(in, attributes[k], dwarf, unit);
      if (attributes[k].name == DW_AT_high_pc) high = value;
      if (attributes[k].name != DW_AT_ranges) continue;
      for (const AddressRange& range : address_ranges(dwarf, unit, value)) {
        covered.push_back({range, &unit});
      }
    }
    if (high.kind == RawValue::Kind::address) {
      covered.push_back({{unit.low_pc, high.number}, &unit});
    } else if (high.is_number()) {
      covered.push_back({{unit.low_pc, unit.low_pc + high.number}, &unit});
    }
  }
  std::sort(covered.begin(), covered.end(), [](const Covered& a, const Covered& b) {
    return a.range.begin != b.range.begin ? a.range.begin < b.range.begin
                                          : a.range.end < b.range.end;
  });
  return covered;
}

const RawUnit* unit_of(const std::vector<Covered>& covered, std::uint64_t address) {
  auto after = std::upper_bound(
      covered.begin(), covered.end(), address,
      [](std::uint64_t value, const Covered& entry) { return value < entry.range.begin; });
  // Ranges of units do not overlap but for empty ones.
  for (int looked = 0; after != covered.begin() && looked < 8; ++looked) {
    --after;
    if (address < after->range.end) return after->unit;
  }
  return nullptr;
}

}  // namespace

std::vector<std::string> untyped_reasons(const RawDwarf& dwarf, const Exports& exports,
                                         const std::vector<UnitScan>& scans,
                                         const std::vector<std::uint32_t>& untyped) {
  const std::vector<Covered> covered =
      untyped.empty() ? std::vector<Covered>{} : covered_ranges(dwarf);
  const auto unsplit =
      std::find_if(dwarf.units().begin(), dwarf.units().end(),
                   [](const RawUnit& unit) { return unit.skeleton && unit.split_unit == 0; });
  std::vector<std::string> reasons;
  for (const std::uint32_t index : untyped) {
    const Export& entry = exports.all()[index];
    const RawUnit* unit = entry.is_function() ? unit_of(covered, entry.address) : nullptr;
    if (unit != nullptr && unit->split_unit != 0) unit = &dwarf.units()[unit->split_unit];
    std::string reason;
    if (is_compiler_made(entry.name)) {
      reason =
          "made by the compiler: a vtable, type information, guard, thunk or reference temporary";
    } else if (unit != nullptr && unit->skeleton) {
      reason = "split DWARF: " + std::string(dwarf.split_problem(*unit));
    } else if (entry.kind == Export::Kind::ifunc) {
      reason = "ifunc, and neither a declaration nor its resolver's result tells the prototype";
    } else if (unit != nullptr && unit->language == DW_LANG_Mips_Assembler) {
      reason = "assembly";
    } else if (unit != nullptr &&
               scans[static_cast<std::size_t>(unit - dwarf.units().data())].untyped) {
      reason = "its unit has no types (-g1)";
    } else if (unit != nullptr) {
      reason = "its unit does not describe it";
    } else if (entry.is_function()) {
      reason = "unit without DWARF";
    } else if (unsplit != dwarf.units().end()) {
      reason = "no unit describes it; split DWARF: " + std::string(dwarf.split_problem(*unsplit));
    } else {
      reason = "no unit describes it";
    }
    reasons.push_back(std::move(reason));
  }
  return reasons;
}

}  // namespace splitstrip
