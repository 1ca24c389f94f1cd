// Where the DIEs of split DWARF are looked for: one .dwo file per unit, or one .dwp package for
// all.
//
// Their names come out of the file at hand, which may be hostile: only the recorded path and the
// directories of the ELFs are looked at, and only regular files count.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace splitstrip {

class SplitFiles {
 public:
  // `elves`: the file with the skeleton units, and the library that it belongs to.
  explicit SplitFiles(const std::vector<std::filesystem::path>& elves);

  // FILE.dwp beside one of the ELFs, where FILE is its name, with or without ".debug".
  std::optional<std::filesystem::path> package() const;

  // As recorded: `name` (DW_AT_dwo_name), below `directory` (DW_AT_comp_dir) if it is relative.
  static std::filesystem::path recorded(std::string_view name, std::string_view directory);
  // What there is of: the recorded path if that is absolute; beside the ELFs, `name` if that is
  // relative; beside the ELFs, the last part of `name`.
  std::vector<std::filesystem::path> find(std::string_view name, std::string_view directory) const;

 private:
  std::vector<std::filesystem::path> packages_;
  std::vector<std::filesystem::path> directories_;
};

}  // namespace splitstrip
