#include "consumers/drgn/names.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fmt/format.h>

#include "dwarf/debug_info.h"
#include "facts/atomic_file.h"

namespace splitstrip {
namespace {

// Namespaces within namespaces.
constexpr int deepest = 16;

std::optional<std::string_view> kind_of(Dwarf_Die& die) {
  switch (dwarf_tag(&die)) {
    case DW_TAG_structure_type:
      return "struct";
    case DW_TAG_union_type:
      return "union";
    case DW_TAG_class_type:
      return "class";
    case DW_TAG_enumeration_type:
      return "enum";
    case DW_TAG_typedef:
      return "typedef";
    case DW_TAG_subprogram:
      return "function";
    case DW_TAG_variable:
      return "variable";
    default:
      return std::nullopt;
  }
}

// A name that a line of tab-separated text can hold.
bool is_plain(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(),
                                       [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

// The files of one unit. dwarf_decl_file() would do, but ends the process for a unit of split DWARF
// (elfutils 0.188, an assertion).
class Files {
 public:
  explicit Files(Dwarf_Die& unit) {
    if (dwarf_getsrcfiles(&unit, &files_, &count_) != 0) count_ = 0;
  }

  // Where `die` says that it was declared; nullptr if it says nothing of use.
  const char* of(Dwarf_Die& die) const {
    Dwarf_Attribute attribute;
    Dwarf_Word index = 0;
    if (dwarf_formudata(dwarf_attr(&die, DW_AT_decl_file, &attribute), &index) != 0 ||
        index >= count_)
      return nullptr;
    return dwarf_filesrc(files_, index, nullptr, nullptr);
  }

 private:
  Dwarf_Files* files_ = nullptr;
  std::size_t count_ = 0;
};

std::string line_for(Dwarf_Die& die, const std::string& scope, const Files& files) {
  const auto kind = kind_of(die);
  const char* name = dwarf_diename(&die);
  if (!kind || !name || !is_plain(name)) return {};
  // A declaration is a name for what another unit has; but in a namespace it is all that bears the
  // whole name of a function or variable defined elsewhere in the unit.
  if (scope.empty() && dwarf_hasattr(&die, DW_AT_declaration) != 0) return {};
  const char* file = files.of(die);
  return fmt::format("{}\t{}{}\t{}\n", *kind, scope, name, file && is_plain(file) ? file : "");
}

void collect(Dwarf_Die& parent, const std::string& scope, const Files& files, int depth,
             std::set<std::string>& lines) {
  Dwarf_Die die;
  if (dwarf_child(&parent, &die) != 0) return;
  while (true) {
    if (dwarf_tag(&die) == DW_TAG_namespace) {
      const char* name = dwarf_diename(&die);
      if (name && is_plain(name) && depth < deepest)
        collect(die, fmt::format("{}{}::", scope, name), files, depth + 1, lines);
    } else if (auto line = line_for(die, scope, files); !line.empty()) {
      lines.insert(std::move(line));
    }
    const auto before = dwarf_dieoffset(&die);
    // A sibling that does not come after would have this walk go in circles.
    if (dwarf_siblingof(&die, &die) != 0 || dwarf_dieoffset(&die) <= before) return;
  }
}

}  // namespace

void write_names(const std::filesystem::path& library, const std::filesystem::path& file) {
  const DebugInfo info = DebugInfo::open(library);
  std::set<std::string> lines;
  Dwarf_CU* cu = nullptr;
  Dwarf_Die root;
  Dwarf_Die split;
  std::uint8_t type = 0;
  while (dwarf_get_units(info.dwarf(), cu, &cu, nullptr, &type, &root, &split) == 0) {
    Dwarf_Die& whole = type == DW_UT_skeleton && dwarf_tag(&split) > 0 ? split : root;
    collect(whole, "", Files(whole), 0, lines);
  }
  AtomicFile out(file);
  for (const auto& line : lines) out.write(line);
  out.commit();
}

}  // namespace splitstrip
