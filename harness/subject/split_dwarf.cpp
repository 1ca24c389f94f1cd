#include "subject/split_dwarf.h"

#include "dwarf/debug_info.h"

namespace splitstrip {

namespace fs = std::filesystem;

std::vector<DwoFile> find_dwo_files(const ElfFile& elf, const SplitFiles& files) {
  std::vector<DwoFile> found;
  if (elf.section(".debug_info") == nullptr) return found;
  const DebugInfo info = DebugInfo::open(elf.path());
  for (const Unit& unit : info.units()) {
    if (unit.type() != DW_UT_skeleton) continue;
    auto name = unit.die().string(DW_AT_dwo_name);
    if (!name) name = unit.die().string(DW_AT_GNU_dwo_name);
    if (!name || fs::path(*name).filename().empty()) continue;
    const auto directory = unit.die().string(DW_AT_comp_dir).value_or("");
    const auto places = files.find(*name, directory);
    if (!places.empty()) found.push_back({fs::path(*name), fs::path(directory), places.front()});
  }
  return found;
}

}  // namespace splitstrip
