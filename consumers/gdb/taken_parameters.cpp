#include "consumers/gdb/taken_parameters.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <cxxabi.h>

namespace splitstrip {
namespace {

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

std::string_view producer_of(Dwarf_Die function) {
  Dwarf_Die unit;
  if (dwarf_diecu(&function, &unit, nullptr, nullptr) == nullptr) return {};
  return text_of(unit, DW_AT_producer);
}

// gcc's definitions list what they take, used or not; of others a declaration may know more.
bool is_of_gcc(const Dwarf_Die& function) {
  return producer_of(function).starts_with("GNU ");
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

// How many parameters the demangled name has, without the object; nothing if it is no function's.
std::optional<std::size_t> demangled_parameters(std::string_view symbol) {
  if (!symbol.starts_with("_Z")) return std::nullopt;
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(std::string(symbol).c_str(), nullptr, nullptr, &status), &std::free);
  if (text == nullptr) return std::nullopt;
  std::string_view name(text.get());
  const auto end = name.rfind(')');  // " const" and the like may follow
  if (end == std::string_view::npos) return std::nullopt;
  std::size_t commas = 0;
  int depth = 0;
  for (std::size_t at = end; at-- > 0;) {
    const char c = name[at];
    if (c == ')' || c == ']' || c == '>' || c == '}') ++depth;
    if (c == '(' && depth == 0) {
      const auto list = name.substr(at + 1, end - at - 1);
      if (list.empty() || list == "void") return 0;
      return commas + 1;
    }
    if (c == '(' || c == '[' || c == '<' || c == '{') --depth;
    if (c == ',' && depth == 0) ++commas;
  }
  return std::nullopt;
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
  return list;
}

bool lacks_parameters(const Dwarf_Die& definition, std::string_view symbol,
                      const List& parameters) {
  if (producer_of(definition).find("clang") == std::string_view::npos) return false;
  const auto told = demangled_parameters(symbol);
  return told && written(parameters) < *told;
}

}  // namespace splitstrip
