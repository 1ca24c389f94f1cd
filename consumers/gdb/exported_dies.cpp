#include "consumers/gdb/exported_dies.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>

#include "consumers/gdb/die_chain.h"
#include "consumers/gdb/taken_parameters.h"
#include "dwarf/language.h"
#include "elf/function_entries.h"
#include "elf/symbols.h"
#include "facts/error.h"

namespace splitstrip {
namespace {

constexpr std::size_t deepest = 200;
// The file may be compressed; DWARF never is by that much.
constexpr std::uint64_t best_compression = 64;

// How well a DIE describes an export; the lowest wins, then the first.
enum Rank { definition, at_address, defined_name, declared_name, other_name, nothing };

struct Voice {
  Dwarf_Die die{};
  std::size_t parameters = 0;
};

struct Wanted {
  const Symbol* symbol;
  Rank rank = nothing;
  Dwarf_Die die{};
};

struct Names {
  std::string_view name, linkage_name;
  bool external = false;
  bool typed = false;
};

Names names_of(const Dwarf_Die& die) {
  Names names;
  for (Dwarf_Die& link : chain_of(die)) {
    if (names.linkage_name.empty()) names.linkage_name = text_of(link, DW_AT_linkage_name);
    if (names.linkage_name.empty()) names.linkage_name = text_of(link, DW_AT_MIPS_linkage_name);
    if (names.name.empty()) names.name = text_of(link, DW_AT_name);
    names.external |= flag_of(link, DW_AT_external);
    names.typed |= dwarf_hasattr(&link, DW_AT_type) != 0 ||
                   dwarf_hasattr(&link, DW_AT_prototyped) != 0 || dwarf_haschildren(&link) > 0;
  }
  return names;
}

struct Place {
  enum class Kind { none, address, tls } kind = Kind::none;
  std::uint64_t value = 0;
};

// Where a variable lies for the whole life of the program (DWARF 5, 2.6.1).
Place place_of(Dwarf_Die& variable) {
  Dwarf_Attribute attribute;
  Dwarf_Op* ops = nullptr;
  std::size_t count = 0;
  if (dwarf_attr(&variable, DW_AT_location, &attribute) == nullptr ||
      dwarf_getlocation(&attribute, &ops, &count) != 0)
    return {};
  if (count == 1 && ops[0].atom == DW_OP_addr) return {Place::Kind::address, ops[0].number};
  if (count == 2 &&
      (ops[1].atom == DW_OP_form_tls_address || ops[1].atom == DW_OP_GNU_push_tls_address))
    return {Place::Kind::tls, ops[0].number};
  return {};
}

// Where a function is entered: with DW_AT_ranges that is the first of them.
std::optional<std::uint64_t> entry_of(Dwarf_Die& function) {
  Dwarf_Addr pc = 0;
  Dwarf_Addr base = 0;
  Dwarf_Addr end = 0;
  if (dwarf_entrypc(&function, &pc) == 0) return pc;
  if (dwarf_hasattr(&function, DW_AT_ranges) && dwarf_ranges(&function, 0, &base, &pc, &end) > 0)
    return pc;
  return std::nullopt;
}

// Thunks, wrappers of thread-local variables and the like (Itanium C++ ABI, 5.1.4): of those that a
// compiler describes it tells no parameters.
bool is_compiler_made(std::string_view function) {
  return function.starts_with("_ZT") || function.starts_with("_ZG");
}

// Whether the DIEs below `parent` say anything of types, to some depth.
bool says_types(Dwarf_Die parent, int depth) {
  Dwarf_Die die;
  if (depth == 0 || dwarf_child(&parent, &die) != 0) return false;
  while (true) {
    if (dwarf_hasattr(&die, DW_AT_type) || dwarf_hasattr(&die, DW_AT_prototyped) ||
        dwarf_tag(&die) == DW_TAG_imported_unit || says_types(die, depth - 1))
      return true;
    const auto offset = dwarf_dieoffset(&die);
    if (dwarf_siblingof(&die, &die) != 0 || dwarf_dieoffset(&die) <= offset) return false;
  }
}

bool says_external(Dwarf_Die unit) {
  Dwarf_Die die;
  if (dwarf_child(&unit, &die) != 0) return false;
  while (true) {
    if (dwarf_hasattr(&die, DW_AT_external)) return true;
    const auto offset = dwarf_dieoffset(&die);
    if (dwarf_siblingof(&die, &die) != 0 || dwarf_dieoffset(&die) <= offset) return false;
  }
}

// A unit of -g1 has functions and no types: what it does not describe is not void. In C also
// `void f(void)` says that it has a prototype; gcc records the option, and clang leaves out more.
bool is_without_types(Dwarf_Die& unit) {
  if (says_types(unit, 4)) return false;
  const auto producer = text_of(unit, DW_AT_producer);
  if (is_c(static_cast<std::uint64_t>(dwarf_srclang(&unit)))) return true;
  if (producer.find("clang") != std::string_view::npos) return !says_external(unit);
  return producer.find(" -g1") != std::string_view::npos;
}

class Finder {
 public:
  Finder(const ElfFile& library, const DebugInfo& dwarf, Described how)
      : how_(how),
        dwarf_(dwarf.dwarf()),
        entries_(library),
        symbols_(exported_symbols(library)),
        budget_(dwarf.elf().bytes().size() * best_compression) {
    for (const Symbol& symbol : symbols_) {
      if (symbol.section == SHN_ABS && symbol.name == symbol.version) continue;  // names a version
      if (symbol.function() && is_compiler_made(symbol.name)) continue;
      wanted_.push_back({&symbol, nothing, {}});
    }
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
      const Symbol& symbol = *wanted_[i].symbol;
      at_[{kind(symbol), entries_.of(symbol)}].push_back(i);
      names_[symbol.name].push_back(i);
    }
    if (how_ == Described::by_address) {
      add_other_names(symbols_);
      others_ = full_symbols(dwarf.elf());
      add_other_names(others_);
    }
  }

  void unit(Dwarf_Die root) {
    const int language = dwarf_srclang(&root);
    if (language == DW_LANG_Mips_Assembler) return;
    if (how_ == Described::by_address && is_without_types(root)) return;
    flat_ = is_c(static_cast<std::uint64_t>(language));
    types_.clear();
    children(root, false, 0);
    if (budget_ == 0)
      throw Error::of(
          "its .debug_info goes in circles: the file is damaged, build or fetch it again");
    for (const auto& [name, more] : types_)
      if (more) shared_[dwarf_dieoffset(&root)].emplace_back(name);
  }

  ExportedDies result(bool split) {
    ExportedDies result;
    for (const Wanted& one : wanted_) {
      const Symbol& symbol = *one.symbol;
      if (one.rank != nothing) {
        if (auto described = describe(one)) result.found.push_back(std::move(*described));
      } else if (split && symbol.type != STT_GNU_IFUNC && symbol.type != STT_TLS) {
        result.elsewhere.push_back({key(symbol), symbol.function(), entries_.of(symbol)});
      }
    }
    give_languages(result.found);
    std::set<std::uint64_t> units;
    for (const ExportedDie& die : result.found) units.insert(die.unit);
    for (const auto unit : units) {
      const auto names = shared_.find(unit);
      if (names == shared_.end()) continue;
      for (const auto& name : names->second) result.shared.push_back({name, unit});
    }
    return result;
  }

 private:
  enum Kind { function, object, thread_local_object };
  static Kind kind(const Symbol& symbol) {
    return symbol.function() ? function : symbol.type == STT_TLS ? thread_local_object : object;
  }

  static std::string key(const Symbol& symbol) {
    std::string name(symbol.name);
    if (!symbol.version.empty() && !symbol.default_version) name.append("@").append(symbol.version);
    return name;
  }

  void add_other_names(const std::vector<Symbol>& symbols) {
    for (const Symbol& symbol : symbols) {
      if (!symbol.defined() || (!symbol.function() && !symbol.object())) continue;
      const auto found = at_.find({kind(symbol), entries_.of(symbol)});
      if (found == at_.end()) continue;
      const auto name = symbol.name.substr(0, symbol.name.find('@'));
      for (const auto index : found->second) {
        const Symbol& known = *wanted_[index].symbol;
        if (known.name != name && known.type == symbol.type) other_names_[name].push_back(index);
      }
    }
  }

  void children(Dwarf_Die parent, bool local, std::size_t depth) {
    Dwarf_Die die;
    if (depth > deepest || dwarf_child(&parent, &die) != 0) return;
    while (budget_ != 0) {
      --budget_;
      const int tag = dwarf_tag(&die);
      bool below = false;
      bool inside = local;
      count_type(die, tag);
      switch (tag) {
        case DW_TAG_subprogram:
          visit(die, true, local);
          below = inside = true;
          break;
        case DW_TAG_variable:
          visit(die, false, local);
          break;
        case DW_TAG_namespace:
        case DW_TAG_module:
        case DW_TAG_class_type:
        case DW_TAG_structure_type:
        case DW_TAG_union_type:
        case DW_TAG_lexical_block:
        case DW_TAG_inlined_subroutine:
          below = true;
          break;
        default:
          break;
      }
      // In C nothing that is exported lies below anything.
      if (below && (!flat_ || how_ == Described::by_name)) children(die, inside, depth + 1);
      const auto offset = dwarf_dieoffset(&die);
      if (dwarf_siblingof(&die, &die) != 0 || dwarf_dieoffset(&die) <= offset) return;
    }
  }

  void count_type(Dwarf_Die& die, int tag) {
    switch (tag) {
      case DW_TAG_class_type:
      case DW_TAG_structure_type:
      case DW_TAG_union_type:
      case DW_TAG_enumeration_type:
      case DW_TAG_typedef:
      case DW_TAG_base_type: {
        const auto name = text_of(die, DW_AT_name);
        if (name.empty()) return;
        const auto [known, fresh] = types_.try_emplace(name.substr(0, name.find('<')), false);
        if (!fresh) known->second = true;
        break;
      }
      default:
        break;
    }
  }

  void take(std::size_t index, Rank rank, const Dwarf_Die& die) {
    Wanted& wanted = wanted_[index];
    if (rank >= wanted.rank) return;
    wanted.rank = rank;
    wanted.die = die;
  }

  bool is_named(const Names& names, std::string_view symbol) const {
    if (!names.linkage_name.empty() && names.linkage_name == symbol) return true;
    return (flat_ || names.linkage_name.empty()) && names.name == symbol;
  }

  void visit(Dwarf_Die& die, bool is_function, bool local) {
    const Names names = names_of(die);
    if (how_ == Described::by_name) {
      by_name(die, names, is_function);
      return;
    }
    if (is_function) {
      if (const auto pc = entry_of(die)) by_address(die, names, function, *pc);
    } else if (const Place place = place_of(die); place.kind != Place::Kind::none) {
      by_address(die, names, place.kind == Place::Kind::tls ? thread_local_object : object,
                 place.value);
    }
    if (local || !names.external || !names.typed) return;
    const Rank rank = dwarf_hasattr(&die, DW_AT_declaration) ? declared_name : defined_name;
    if (is_function) listen(die, names);
    if (!names.linkage_name.empty()) named(die, names.linkage_name, is_function, rank);
    if (!names.name.empty() && (flat_ || names.linkage_name.empty()))
      named(die, names.name, is_function, rank);
  }

  // Keeps the DIE if nobody has told more parameters of a function that somebody may ask for.
  void listen(const Dwarf_Die& die, const Names& names) {
    const auto name = names.linkage_name.empty() ? names.name : names.linkage_name;
    if (!names_.contains(name) && !other_names_.contains(name)) return;
    const std::size_t count = listed_parameters(die);
    const auto [known, fresh] = longest_.try_emplace(name, Voice{die, count});
    if (!fresh && count > known->second.parameters) known->second = {die, count};
  }

  void by_address(Dwarf_Die& die, const Names& names, Kind what, std::uint64_t address) {
    const auto found = at_.find({what, address});
    if (found == at_.end()) return;
    for (const auto index : found->second) {
      const Symbol& symbol = *wanted_[index].symbol;
      if (is_named(names, symbol.name)) {
        take(index, definition, die);
      } else if (symbol.type != STT_GNU_IFUNC) {  // its address is the resolver's
        take(index, at_address, die);
      }
    }
  }

  void named(Dwarf_Die& die, std::string_view name, bool is_function, Rank rank) {
    if (const auto found = names_.find(name); found != names_.end())
      for (const auto index : found->second)
        if (wanted_[index].symbol->function() == is_function) take(index, rank, die);
    if (const auto found = other_names_.find(name); found != other_names_.end())
      for (const auto index : found->second)
        if (wanted_[index].symbol->function() == is_function) take(index, other_name, die);
  }

  void by_name(Dwarf_Die& die, const Names& names, bool is_function) {
    const auto name = names.linkage_name.empty() ? names.name : names.linkage_name;
    const auto bare = name.substr(0, name.find('@'));
    const auto found = names_.find(bare);
    if (found == names_.end()) return;
    for (const auto index : found->second) {
      const Symbol& symbol = *wanted_[index].symbol;
      if (symbol.function() != is_function) continue;
      if (name == key(symbol)) {
        take(index, definition, die);
      } else if (name == symbol.name) {
        take(index, defined_name, die);
      }
    }
  }

  PlacedDie placed(Dwarf_Die& die) const {
    return {dwarf_dieoffset(&die), dwarf_cu_getdwarf(die.cu) != dwarf_};
  }

  // dwz's partial units say no language: they are read as what imports them.
  static void give_languages(std::vector<ExportedDie>& found) {
    std::map<int, std::size_t> uses;
    for (const ExportedDie& die : found)
      if (die.language > 0) ++uses[die.language];
    const auto most =
        std::ranges::max_element(uses, {}, [](const auto& use) { return use.second; });
    const int usual = most == uses.end() ? int{DW_LANG_C99} : most->first;
    for (ExportedDie& die : found)
      if (die.language <= 0) die.language = usual;
  }

  // What other units declare of the function that `definition` describes.
  std::optional<Dwarf_Die> declared(const Dwarf_Die& definition) const {
    const Names names = names_of(definition);
    if (!names.external) return std::nullopt;
    const auto found = longest_.find(names.linkage_name.empty() ? names.name : names.linkage_name);
    return found == longest_.end() ? std::nullopt : std::optional(found->second.die);
  }

  // Nothing if no DIE says all.
  std::optional<ExportedDie> describe(const Wanted& one) {
    ExportedDie found;
    found.name = key(*one.symbol);
    found.function = one.symbol->function();
    auto chain = chain_of(one.die);
    std::size_t first = 0;
    while (first + 1 < chain.size() && dwarf_hasattr(&chain[first], DW_AT_abstract_origin)) ++first;
    Dwarf_Die unit;
    dwarf_diecu(&chain[first], &unit, nullptr, nullptr);
    found.unit = dwarf_dieoffset(&unit);
    found.language = dwarf_srclang(&unit);
    found.die = placed(chain[first]);
    if (!found.function) return found;
    auto parameters = taken_parameters(one.die, declared(one.die));
    // Typedata says itself what is passed.
    if (how_ == Described::by_address) {
      if (lacks_parameters(one.die, one.symbol->name, parameters)) return std::nullopt;
      find_passed_by_address(one.die, parameters);
    }
    for (TakenParameter& taken : parameters) {
      ExportedParameter& parameter = found.parameters.emplace_back();
      if (taken.die) parameter.die = placed(*taken.die);
      if (taken.passed_at) parameter.passed_at = placed(*taken.passed_at);
      parameter.descriptor = taken.descriptor;
      parameter.any_rank = taken.any_rank;
    }
    return found;
  }

  Described how_;
  Dwarf* dwarf_;
  FunctionEntries entries_;
  std::vector<Symbol> symbols_, others_;
  std::vector<Wanted> wanted_;  // in the order of .dynsym
  std::map<std::pair<Kind, std::uint64_t>, std::vector<std::size_t>> at_;
  std::unordered_map<std::string_view, std::vector<std::size_t>> names_, other_names_;
  std::unordered_map<std::string_view, Voice> longest_;  // by the function's name
  // Of the unit at hand: names of types, and whether there is more than one.
  std::unordered_map<std::string_view, bool> types_;
  std::map<std::uint64_t, std::vector<std::string>> shared_;  // by unit
  bool flat_ = false;
  // A DIE takes a byte at least: more visits than bytes are circles.
  std::uint64_t budget_;
};

}  // namespace

ExportedDies exported_dies(const ElfFile& library, const DebugInfo& dwarf, Described how) {
  Finder finder(library, dwarf, how);
  bool split = false;
  for (const Unit& unit : dwarf.units()) {
    if (unit.type() == DW_UT_skeleton) split = true;
    if (unit.type() != DW_UT_type && unit.type() != DW_UT_split_type) finder.unit(unit.die().raw());
  }
  return finder.result(split);
}

}  // namespace splitstrip
