#include "subject/split_dwarf.h"

#include "dwarf/debug_info.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

bool is_file(const fs::path& path) {
  std::error_code none;
  return fs::is_regular_file(path, none);
}

// Beside the ELF, then where the record leads; the reader of typedata does the same.
std::optional<DwoFile> find(std::string_view name, std::string_view directory,
                            const fs::path& beside) {
  DwoFile dwo{fs::path(name), fs::path(directory), {}};
  const fs::path recorded = dwo.recorded_directory / dwo.recorded_name;
  for (const fs::path& candidate : {beside / dwo.recorded_name.filename(), recorded}) {
    if (!candidate.is_absolute() || !is_file(candidate)) continue;
    dwo.file = candidate;
    return dwo;
  }
  return std::nullopt;
}

}  // namespace

std::optional<fs::path> find_dwp_file(const fs::path& file) {
  const fs::path package = file.string() + ".dwp";
  return is_file(package) ? std::optional(package) : std::nullopt;
}

std::vector<DwoFile> find_dwo_files(const ElfFile& elf) {
  std::vector<DwoFile> found;
  if (elf.section(".debug_info") == nullptr) return found;
  const fs::path beside = fs::absolute(elf.path()).parent_path();
  const DebugInfo info = DebugInfo::open(elf.path());
  for (const Unit& unit : info.units()) {
    if (unit.type() != DW_UT_skeleton) continue;
    auto name = unit.die().string(DW_AT_dwo_name);
    if (!name) name = unit.die().string(DW_AT_GNU_dwo_name);
    if (!name || fs::path(*name).filename().empty()) continue;
    const auto directory = unit.die().string(DW_AT_comp_dir);
    if (auto dwo = find(*name, directory.value_or(""), beside)) found.push_back(std::move(*dwo));
  }
  return found;
}

}  // namespace splitstrip
