#include "consumers/libdw/unit_names.h"

#include <cstdint>

#include <dwarf.h>
#include <fmt/format.h>

namespace splitstrip {
namespace {

std::string plain_name(Dwarf_Die& unit) {
  const char* name = dwarf_diename(&unit);
  if (dwarf_tag(&unit) == DW_TAG_type_unit) {
    std::uint64_t signature = 0;
    dwarf_cu_die(unit.cu, &unit, nullptr, nullptr, nullptr, nullptr, &signature, nullptr);
    return fmt::format("type unit {:016x}", signature);
  }
  return name != nullptr ? name : "<unnamed>";
}

std::string first_code(Dwarf_Die& unit) {
  Dwarf_Addr base = 0;
  Dwarf_Addr start = 0;
  Dwarf_Addr end = 0;
  return dwarf_ranges(&unit, 0, &base, &start, &end) > 0 ? fmt::format(" at {:#x}", start)
                                                         : std::string();
}

}  // namespace

UnitNames::UnitNames(Dwarf* dwarf) {
  each_unit(dwarf, [this](Dwarf_Die& unit, unsigned) { ++with_name_[plain_name(unit)]; });
}

std::string UnitNames::operator()(Dwarf_Die& unit) {
  std::string name = plain_name(unit);
  if (with_name_[name] > 1) name += first_code(unit);
  const int count = ++given_[name];
  return count == 1 ? name : fmt::format("{} #{}", name, count);
}

}  // namespace splitstrip
