#include "consumers/gdb/landmarks.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fmt/format.h>

#include "dwarf/debug_info.h"
#include "facts/atomic_file.h"

namespace splitstrip {
namespace {

// Deeper nesting than any compiler writes; damaged DWARF can pretend to more.
constexpr std::size_t deepest = 256;
// Ranges of one DIE; a function split into more pieces than this has no reader.
constexpr int most_ranges = 4096;

struct Name {
  std::string_view kind;
  std::string text;
};

struct Landmarks {
  std::vector<std::uint64_t> pcs;
  std::vector<Name> names;
};

bool has_code(int tag) {
  return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine ||
         tag == DW_TAG_lexical_block || tag == DW_TAG_try_block || tag == DW_TAG_catch_block;
}

std::optional<std::string_view> kind_of_name(int tag) {
  switch (tag) {
    case DW_TAG_variable:
      return "variable";
    case DW_TAG_structure_type:
      return "struct";
    case DW_TAG_class_type:
      return "class";
    case DW_TAG_union_type:
      return "union";
    case DW_TAG_enumeration_type:
      return "enum";
    case DW_TAG_typedef:
      return "typedef";
    case DW_TAG_base_type:
      return "base";
    default:
      return std::nullopt;
  }
}

void add_ranges(Dwarf_Die& die, std::vector<std::uint64_t>& pcs) {
  Dwarf_Addr base = 0;
  Dwarf_Addr start = 0;
  Dwarf_Addr end = 0;
  ptrdiff_t offset = 0;
  for (int count = 0; count < most_ranges; ++count) {
    offset = dwarf_ranges(&die, offset, &base, &start, &end);
    if (offset <= 0) break;
    if (start < end) pcs.push_back(start);
  }
}

// A name that a line of tab-separated text can hold.
bool is_plain(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(),
                                       [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

void visit(Dwarf_Die& die, std::size_t depth, Landmarks& unit) {
  const int tag = dwarf_tag(&die);
  if (has_code(tag)) add_ranges(die, unit.pcs);
  // A declaration is a name for what another unit has.
  if (depth != 1 || dwarf_hasattr(&die, DW_AT_declaration) != 0) return;
  if (const auto kind = kind_of_name(tag)) {
    const char* name = dwarf_diename(&die);
    if (name && is_plain(name)) unit.names.push_back({*kind, name});
  }
}

// Whether nothing of interest can lie below a DIE of this tag: skipping types saves most of the
// time.
bool is_leaf(int tag) {
  return tag == DW_TAG_enumeration_type || tag == DW_TAG_subroutine_type ||
         tag == DW_TAG_array_type || tag == DW_TAG_call_site || tag == DW_TAG_GNU_call_site;
}

Landmarks survey(Dwarf_Die root) {
  Landmarks unit;
  std::vector<Dwarf_Die> path{root};  // from the unit's own DIE down to the current one
  while (!path.empty()) {
    visit(path.back(), path.size() - 1, unit);
    Dwarf_Die next;
    if (path.size() < deepest && !is_leaf(dwarf_tag(&path.back())) &&
        dwarf_child(&path.back(), &next) == 0) {
      path.push_back(next);
      continue;
    }
    while (!path.empty()) {
      // The unit's DIE has no siblings: what follows it is the next unit. And a sibling that does
      // not come after would have this walk go in circles.
      if (path.size() > 1 && dwarf_siblingof(&path.back(), &next) == 0 &&
          dwarf_dieoffset(&next) > dwarf_dieoffset(&path.back())) {
        path.back() = next;
        break;
      }
      path.pop_back();
    }
  }
  std::sort(unit.pcs.begin(), unit.pcs.end());
  unit.pcs.erase(std::unique(unit.pcs.begin(), unit.pcs.end()), unit.pcs.end());
  return unit;
}

std::string_view language(Dwarf_Die& root) {
  switch (dwarf_srclang(&root)) {
    case DW_LANG_C_plus_plus:
    case DW_LANG_C_plus_plus_03:
    case DW_LANG_C_plus_plus_11:
    case DW_LANG_C_plus_plus_14:
      return "c++";
    case DW_LANG_Mips_Assembler:
      return "assembly";
    case DW_LANG_C:
    case DW_LANG_C89:
    case DW_LANG_C99:
    case DW_LANG_C11:
      return "c";
    default:
      return "other";
  }
}

// The names that types have had so far: "struct\tfoo".
using Told = std::unordered_set<std::string>;

std::string text(Dwarf_Die& root, const Landmarks& unit, Told& told) {
  const char* name = dwarf_diename(&root);
  std::string out =
      fmt::format("unit\t{}\t{}\n", name && is_plain(name) ? name : "<unnamed>", language(root));
  auto end = std::back_inserter(out);
  for (const auto pc : unit.pcs) fmt::format_to(end, "pc\t{:x}\n", pc);
  for (const auto& [kind, symbol] : unit.names) {
    std::string line = fmt::format("{}\t{}\n", kind, symbol);
    // A unit that has code is found by that, so of its names only new types are of use.
    const bool of_use = unit.pcs.empty() || (kind != "variable" && !told.contains(line));
    if (of_use) out += line;
    if (kind != "variable") told.insert(std::move(line));
  }
  return out;
}

}  // namespace

void write_landmarks(const std::filesystem::path& library, const std::filesystem::path& file) {
  const DebugInfo info = DebugInfo::open(library);
  AtomicFile out(file);
  Told told;
  Dwarf_CU* cu = nullptr;
  Dwarf_Die root;
  Dwarf_Die split;
  std::uint8_t type = 0;
  while (dwarf_get_units(info.dwarf(), cu, &cu, nullptr, &type, &root, &split) == 0) {
    // A skeleton's code is in its .dwo; a type unit and a partial one are part of others.
    Dwarf_Die& whole = type == DW_UT_skeleton && dwarf_tag(&split) > 0 ? split : root;
    if (dwarf_tag(&whole) == DW_TAG_compile_unit) out.write(text(root, survey(whole), told));
  }
  out.commit();
}

}  // namespace splitstrip
