#include "consumers/gdb/taken_parameters.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "dwarf/language.h"

namespace splitstrip {
namespace {

// Parameters come first; bounds what a damaged file makes of them.
constexpr std::size_t most_children = 4096;

using List = std::vector<TakenParameter>;

std::string_view name_of(const Dwarf_Die& die) {
  for (Dwarf_Die& link : chain_of(die))
    if (const auto name = text_of(link, DW_AT_name); !name.empty()) return name;
  return {};
}

bool is_artificial(const TakenParameter& parameter) {
  if (!parameter.die) return false;
  return std::ranges::any_of(chain_of(*parameter.die),
                             [](Dwarf_Die& link) { return flag_of(link, DW_AT_artificial); });
}

// What gcc hands to constructors and destructors besides what the source says.
bool of_compiler(std::string_view name) {
  return name == "__in_chrg" || name == "__vtt_parm";
}

// The children of `parent`; those of a pack stand where it does. Old gcc has a pack's parameters
// once more behind it, as NAME#0, NAME#1 and so on.
void add_listed(Dwarf_Die parent, List& list, std::size_t depth = 0) {
  Dwarf_Die die;
  if (dwarf_child(&parent, &die) != 0) return;
  bool pack_before = false;
  for (std::size_t steps = 0; steps < most_children; ++steps) {
    const int tag = dwarf_tag(&die);
    if (tag == DW_TAG_formal_parameter &&
        !(pack_before && name_of(die).find('#') != std::string_view::npos))
      list.push_back({die, std::nullopt});
    if (tag == DW_TAG_unspecified_parameters) list.emplace_back();
    if (tag == DW_TAG_GNU_formal_parameter_pack && depth < most_origins) {
      const auto before = list.size();
      add_listed(die, list, depth + 1);
      pack_before |= list.size() > before;
    }
    const auto offset = dwarf_dieoffset(&die);
    if (dwarf_siblingof(&die, &die) != 0 || dwarf_dieoffset(&die) <= offset) return;
  }
}

List listed(const Dwarf_Die& function) {
  List list;
  add_listed(function, list);
  return list;
}

std::size_t written(const List& list) {
  return list.size() - static_cast<std::size_t>(std::ranges::count_if(list, is_artificial));
}

std::uint64_t origin(const TakenParameter& parameter) {
  return parameter.die ? dwarf_dieoffset(&chain_of(*parameter.die).back()) : 0;
}

// gcc's definitions list what they take, used or not; of others a declaration may know more.
bool is_of_gcc(Dwarf_Die function) {
  Dwarf_Die unit;
  return dwarf_diecu(&function, &unit, nullptr, nullptr) != nullptr &&
         text_of(unit, DW_AT_producer).starts_with("GNU ");
}

bool is_fortran(Dwarf_Die function) {
  Dwarf_Die unit;
  if (dwarf_diecu(&function, &unit, nullptr, nullptr) == nullptr) return false;
  switch (dwarf_srclang(&unit)) {
    case DW_LANG_Fortran77:
    case DW_LANG_Fortran90:
    case DW_LANG_Fortran95:
    case DW_LANG_Fortran03:
    case DW_LANG_Fortran08:
      return true;
    default:
      return false;
  }
}

bool is_one_of(int atom, int first, int last) {
  return atom >= first && atom <= last;
}

// Whether the place that the expression computes is where a pointer that was passed leads: it is
// read from the stack, or is what a register holds. The stack pointer and the frame's own address
// lead to what was passed itself; the compilers of Fortran use DW_OP_fbreg for that.
bool leads_through_pointer(const Dwarf_Op* ops, std::size_t count) {
  if (count == 0) return false;
  const int last = ops[count - 1].atom;
  if (last == DW_OP_stack_value) return false;
  if (last == DW_OP_deref) return true;
  if (count != 1) return false;
  if (last == DW_OP_entry_value || last == DW_OP_GNU_entry_value) return true;
  return is_one_of(last, DW_OP_breg0, DW_OP_breg31) && ops[0].number == 0;
}

// By the first place that the parameter is at: where the function is entered.
bool is_passed_by_address(Dwarf_Die parameter) {
  Dwarf_Attribute attribute;
  if (dwarf_attr(&parameter, DW_AT_location, &attribute) == nullptr) return false;
  Dwarf_Addr base = 0, begin = 0, end = 0;
  Dwarf_Op* ops = nullptr;
  std::size_t count = 0;
  if (dwarf_getlocations(&attribute, 0, &base, &begin, &end, &ops, &count) <= 0) return false;
  return leads_through_pointer(ops, count);
}

std::optional<Dwarf_Die> type_of(const Dwarf_Die& die) {
  for (Dwarf_Die& link : chain_of(die)) {
    Dwarf_Attribute attribute;
    Dwarf_Die type;
    if (dwarf_attr(&link, DW_AT_type, &attribute) != nullptr &&
        dwarf_formref_die(&attribute, &type) != nullptr)
      return type;
  }
  return std::nullopt;
}

// Says of those in `list` which `concrete`, the list of the DIE with the code, has by address.
void find_passed_by_address(const List& concrete, List& list) {
  for (const TakenParameter& one : concrete) {
    if (!one.die || !is_passed_by_address(*one.die)) continue;
    const auto same =
        std::ranges::find_if(list, [&](const auto& other) { return origin(other) == origin(one); });
    if (same != list.end()) same->passed_at = type_of(*same->die);
  }
}

// An abstract instance has the parameters as they were written, and their names; a declaration
// lacks the names. So of lists of one length the abstract one is taken, then what it refers to.
List longest_of(std::vector<Dwarf_Die>& chain, const std::optional<Dwarf_Die>& declared) {
  std::size_t first = 0;
  while (first + 1 < chain.size() && dwarf_hasattr(&chain[first], DW_AT_abstract_origin)) ++first;
  std::vector<Dwarf_Die> order(chain.begin() + static_cast<std::ptrdiff_t>(first), chain.end());
  for (std::size_t i = first; i-- > 0;) order.push_back(chain[i]);
  if (declared && !is_of_gcc(chain.front())) order.push_back(*declared);
  List best;
  std::size_t most = 0;
  for (const Dwarf_Die& die : order) {
    List list = listed(die);
    const std::size_t count = written(list);
    // `this` alone is more than nothing.
    if (count <= most && !(best.empty() && !list.empty())) continue;
    most = count;
    best = std::move(list);
  }
  return best;
}

// What a compiler adds is passed if the DIE at hand, the one with the code, has it. In a class's
// declaration it has no name; neither has `this`, the first.
void take_of_compiler(const List& concrete, List& list) {
  List result;
  for (const TakenParameter& one : list) {
    const auto name = one.die ? name_of(*one.die) : std::string_view{};
    const bool added = of_compiler(name) || (name.empty() && !result.empty() && is_artificial(one));
    if (!added) result.push_back(one);
  }
  // Behind `this`, where it is passed.
  const auto behind = result.begin() + (result.empty() ? 0 : 1);
  List passed;
  std::ranges::copy_if(concrete, std::back_inserter(passed), [](const TakenParameter& one) {
    return one.die && of_compiler(name_of(*one.die));
  });
  result.insert(behind, passed.begin(), passed.end());
  list = std::move(result);
}

}  // namespace

std::size_t listed_parameters(const Dwarf_Die& function) {
  return written(listed(function));
}

std::vector<TakenParameter> taken_parameters(const Dwarf_Die& definition,
                                             const std::optional<Dwarf_Die>& declared) {
  auto chain = chain_of(definition);
  List list = longest_of(chain, declared);
  const List concrete = listed(definition);
  take_of_compiler(concrete, list);
  if (is_fortran(definition)) find_passed_by_address(concrete, list);
  return list;
}

}  // namespace splitstrip
