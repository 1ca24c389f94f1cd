#include "consumers/libdw/die_facts.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <dwarf.h>
#include <fmt/format.h>

#include "consumers/libdw/die_text.h"
#include "consumers/libdw/names.h"
#include "consumers/libdw/unit_names.h"

namespace splitstrip {
namespace {

constexpr std::size_t deepest = 128;
// The answer's reader takes lines of a megabyte; escaping may double a text.
constexpr std::size_t longest_value = 400'000;
constexpr std::size_t longest_key = 4000;
// What is held of a unit before it is sorted: the largest have a tenth of that.
constexpr std::size_t most_held = std::size_t{256} << 20;

// A DIE of a unit's top level or of a namespace, and all below it.
struct Entity {
  std::string key;
  std::vector<std::pair<std::string, std::string>> facts;  // what is added to the key, value

  friend auto operator<=>(const Entity&, const Entity&) = default;
};

// Whether a child has a fact of its own.
bool is_told_alone(int tag, bool in_code) {
  switch (tag) {
    case DW_TAG_subprogram:
    case DW_TAG_inlined_subroutine:
    case DW_TAG_lexical_block:
    case DW_TAG_try_block:
    case DW_TAG_catch_block:
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_interface_type:
    case DW_TAG_union_type:
    case DW_TAG_enumeration_type:
    case DW_TAG_typedef:
    case DW_TAG_namespace:
    case DW_TAG_module:
    case DW_TAG_label:
    case DW_TAG_common_block:
    case DW_TAG_call_site:
    case DW_TAG_GNU_call_site:
      return true;
    case DW_TAG_variable:
    case DW_TAG_formal_parameter:
    case DW_TAG_imported_declaration:
    case DW_TAG_imported_module:
      return in_code;
    default:
      return false;
  }
}

bool begins_code(int tag) {
  return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine ||
         tag == DW_TAG_lexical_block;
}

class UnitTeller {
 public:
  UnitTeller(DieText& text, FactSink& facts, std::string unit)
      : text_(text), facts_(facts), unit_(std::move(unit)) {}

  void tell(Dwarf_Die& unit) {
    text_.enter(unit);
    add("", text_.attributes(unit));
    allow(unit);
    members(unit, "", 0);
    flush();
    if (damaged_) add(" is damaged", "what it holds cannot be read to the end");
  }

 private:
  void add(const std::string& suffix, std::string value) {
    facts_.add("dies", shortened(unit_ + suffix, longest_key),
               shortened(std::move(value), longest_value));
  }

  // A DIE takes a byte at least: more visits than bytes are circles.
  void allow(Dwarf_Die& unit) {
    const Dwarf_Off begin = dwarf_dieoffset(&unit) - dwarf_cuoffset(&unit);
    Dwarf_Off longest = 0;
    std::uint64_t signature = 0;
    Dwarf_Off type = 0;
    // In .debug_info, then in .debug_types of DWARF 4: libdw does not tell which one it is in.
    for (const bool types : {false, true}) {
      Dwarf_Off next = 0;
      std::size_t header = 0;
      if (dwarf_next_unit(dwarf_cu_getdwarf(unit.cu), begin, &next, &header, nullptr, nullptr,
                          nullptr, nullptr, types ? &signature : nullptr,
                          types ? &type : nullptr) == 0 &&
          next > begin)
        longest = std::max(longest, next - begin);
    }
    budget_ += longest;
  }

  // To the next sibling; false at the end, and where the order is not one.
  bool advance(Dwarf_Die& die) {
    const auto offset = dwarf_dieoffset(&die);
    const int result = dwarf_siblingof(&die, &die);
    if (result == 0 && dwarf_dieoffset(&die) > offset) return true;
    damaged_ |= result <= 0;
    return false;
  }

  bool first(Dwarf_Die& parent, Dwarf_Die& child) {
    const int result = dwarf_child(&parent, &child);
    damaged_ |= result < 0;
    return result == 0;
  }

  bool visit(std::size_t depth) {
    if (budget_ == 0 || depth > deepest) {
      damaged_ = true;
      return false;
    }
    --budget_;
    return true;
  }

  // What a unit or a namespace holds: in whatever order.
  void members(Dwarf_Die& parent, const std::string& prefix, std::size_t depth) {
    Dwarf_Die die;
    if (!first(parent, die)) return;
    do {
      if (!visit(depth)) return;
      member(die, prefix, depth);
    } while (advance(die));
  }

  void member(Dwarf_Die die, const std::string& prefix, std::size_t depth) {
    const int tag = dwarf_tag(&die);
    if (tag == DW_TAG_imported_unit && import(die, prefix, depth)) return;
    if (tag == DW_TAG_namespace || tag == DW_TAG_module) {
      const std::string name =
          prefix + tag_name(static_cast<unsigned>(tag)) + " " + text_.name(die) + "/";
      // What dwz moves out of a namespace takes that with it, but not where it was written.
      namespaces_.insert({name, text_.attributes(die, DieText::Places::left_out)});
      members(die, name, depth + 1);
      return;
    }
    Entity entity{prefix + title(die, tag), {}};
    tell_below(die, "", false, depth, entity);
    for (const auto& [suffix, value] : entity.facts) held_ += suffix.size() + value.size();
    entities_.push_back(std::move(entity));
    if (held_ > most_held) flush();
  }

  // Whether what it refers to is a partial unit, whose members are told as this unit's own.
  bool import(Dwarf_Die& die, const std::string& prefix, std::size_t depth) {
    Dwarf_Attribute attribute;
    Dwarf_Die unit;
    if (dwarf_attr(&die, DW_AT_import, &attribute) == nullptr ||
        dwarf_formref_die(&attribute, &unit) == nullptr || dwarf_tag(&unit) != DW_TAG_partial_unit)
      return false;
    if (!imported_.insert(unit.addr).second) return true;
    allow(unit);
    members(unit, prefix, depth + 1);
    return true;
  }

  // What an entity is called; what has no name, by all that it says.
  std::string title(Dwarf_Die& die, int tag) {
    const std::string name = text_.name(die);
    std::string title =
        name.empty() ? text_.reference(die) : tag_name(static_cast<unsigned>(tag)) + " " + name;
    if (dwarf_hasattr(&die, DW_AT_declaration)) title += " declared";
    Dwarf_Addr pc = 0;
    if (tag == DW_TAG_subprogram && dwarf_entrypc(&die, &pc) == 0)
      title += fmt::format(" {:#x}", pc);
    return title;
  }

  // The DIE's fact, and those of the DIEs below it that have their own.
  void tell_below(Dwarf_Die& die, const std::string& suffix, bool in_code, std::size_t depth,
                  Entity& entity) {
    const std::size_t place = entity.facts.size();
    entity.facts.emplace_back(suffix, text_.attributes(die));
    std::string folded;
    const bool code =
        in_code || (begins_code(dwarf_tag(&die)) && !dwarf_hasattr(&die, DW_AT_declaration));
    Dwarf_Die child;
    std::map<std::string, int> given;
    if (first(die, child)) {
      do {
        if (!visit(depth)) break;
        const int tag = dwarf_tag(&child);
        if (!is_told_alone(tag, code)) {
          fold(child, 1, depth + 1, folded);
          continue;
        }
        std::string label = "/" + label_of(child, tag);
        const int count = ++given[label];
        if (count > 1) label += fmt::format(" #{}", count);
        tell_below(child, shortened(suffix + label, longest_key), code, depth + 1, entity);
      } while (advance(child));
    }
    entity.facts[place].second += folded;
  }

  std::string label_of(Dwarf_Die& die, int tag) {
    std::string label = tag_name(static_cast<unsigned>(tag));
    const std::string name = text_.name(die);
    if (!name.empty()) label += " " + name;
    Dwarf_Attribute attribute;
    Dwarf_Addr pc = 0;
    for (const unsigned at : {DW_AT_call_return_pc, DW_AT_call_pc, DW_AT_low_pc}) {
      if (tag != DW_TAG_call_site && tag != DW_TAG_GNU_call_site) break;
      if (dwarf_attr(&die, at, &attribute) == nullptr || dwarf_formaddr(&attribute, &pc) != 0)
        continue;
      label += fmt::format(" {:#x}", pc);
      break;
    }
    return label;
  }

  void fold(Dwarf_Die die, std::size_t indent, std::size_t depth, std::string& into) {
    if (into.size() < 2 * longest_value) {
      into.append("\n").append(indent * 2, ' ');
      into += tag_name(static_cast<unsigned>(dwarf_tag(&die))) + ": " + text_.attributes(die);
    }
    Dwarf_Die child;
    if (!first(die, child)) return;
    do {
      if (!visit(depth)) return;
      fold(child, std::min<std::size_t>(indent + 1, 8), depth + 1, into);
    } while (advance(child));
  }

  // Hands over what is held, in an order that is not that of the file.
  void flush() {
    for (const auto& [name, value] : namespaces_)
      if (told_.insert(name).second) add(": " + name, value);
    std::sort(entities_.begin(), entities_.end());
    const auto end = std::unique(entities_.begin(), entities_.end());
    for (auto entity = entities_.begin(); entity != end; ++entity) add_entity(*entity);
    entities_.clear();
    held_ = 0;
  }

  void add_entity(Entity& entity) {
    std::string key = ": " + entity.key;
    const int count = ++given_[entity.key];
    if (count > 1) key += fmt::format(" #{}", count);
    for (auto& [suffix, value] : entity.facts) add(key + suffix, std::move(value));
  }

  DieText& text_;
  FactSink& facts_;
  std::string unit_;
  std::uint64_t budget_ = 0;
  bool damaged_ = false;
  std::set<const void*> imported_;
  std::set<std::pair<std::string, std::string>> namespaces_;
  std::set<std::string> told_;
  std::vector<Entity> entities_;
  std::size_t held_ = 0;
  std::map<std::string, int> given_;
};

}  // namespace

void add_die_facts(Dwarf* dwarf, FactSink& facts) {
  DieText text;
  UnitNames names(dwarf);
  each_unit(dwarf,
            [&](Dwarf_Die& unit, unsigned) { UnitTeller(text, facts, names(unit)).tell(unit); });
}

}  // namespace splitstrip
