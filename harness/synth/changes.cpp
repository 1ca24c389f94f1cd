#include "synth/changes.h"

#include <algorithm>
#include <array>

#include <dwarf.h>
#include <elfutils/libdw.h>

#include "dwarf/debug_info.h"
#include "facts/error.h"
#include "synth/call_sites.h"

namespace splitstrip::synth {
namespace {

// A tree of DIEs nests as deep as the blocks of the source; a damaged one does not come far.
constexpr int deepest = 256;

class Walk {
 public:
  explicit Walk(std::vector<std::uint64_t>& found) : found_(found) {}

  void unit(const Die& unit) {
    lines(unit);
    die(unit, 0);
  }

 private:
  void lines(const Die& unit) {
    Dwarf_Die raw = unit.raw();
    Dwarf_Lines* rows = nullptr;
    std::size_t count = 0;
    if (dwarf_getsrclines(&raw, &rows, &count) != 0) return;
    for (std::size_t i = 0; i < count; ++i) {
      Dwarf_Addr address = 0;
      if (dwarf_lineaddr(dwarf_onesrcline(rows, i), &address) == 0) found_.push_back(address);
    }
  }

  void die(const Die& parent, int depth) {
    if (depth == deepest) return;
    for (const Die& child : parent.children()) {
      const auto form = child.form(DW_AT_location);
      if (form && *form != DW_FORM_exprloc && *form != DW_FORM_block1) list(child);
      die(child, depth + 1);
    }
  }

  void list(const Die& variable) {
    Dwarf_Die raw = variable.raw();
    Dwarf_Attribute attribute;
    if (dwarf_attr(&raw, DW_AT_location, &attribute) == nullptr) return;
    Dwarf_Addr base = 0, begin = 0, end = 0;
    Dwarf_Op* operations = nullptr;
    std::size_t count = 0;
    for (std::ptrdiff_t at = 0;
         (at = dwarf_getlocations(&attribute, at, &base, &begin, &end, &operations, &count)) > 0;) {
      found_.push_back(begin);
      found_.push_back(end);
    }
  }

  std::vector<std::uint64_t>& found_;
};

}  // namespace

std::vector<std::uint64_t> find_changes(const ElfFile& elf) {
  std::vector<std::uint64_t> found;
  if (!elf.has_dwarf()) return found;
  try {
    const DebugInfo info = DebugInfo::open(elf.path());
    Walk walk(found);
    for (const Unit& unit : info.units()) walk.unit(unit.die());
  } catch (const Error&) {
    // The rest of a damaged .debug_info: top frames are a sample anyway.
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  const CodeRanges code(elf);
  std::erase_if(found, [&](std::uint64_t address) { return !code.contains(address); });
  return found;
}

}  // namespace splitstrip::synth
