#include "subject/debug_files.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "elf/identity.h"
#include "elf/same_build.h"
#include "facts/error.h"
#include "subject/package_hint.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

bool is_file(const fs::path& path) {
  std::error_code none;
  return fs::is_regular_file(path, none);
}

std::vector<fs::path> candidates(const ElfFile& main, const fs::path& directory) {
  std::vector<fs::path> paths;
  const auto add = [&](const fs::path& path) {
    if (std::ranges::find(paths, path) == paths.end()) paths.push_back(path);
  };
  if (const auto id = build_id(main); id && id->bytes.size() >= 2)
    add(directory / build_id_file(id->hex()));
  const auto link = debug_link(main);
  if (!link || link->file_name.find('/') != std::string_view::npos) return paths;
  const fs::path name(link->file_name);
  for (const fs::path& place :
       {fs::absolute(main.path()).parent_path(), fs::canonical(main.path()).parent_path()}) {
    add(place / name);
    add(place / ".debug" / name);
    add(directory / place.relative_path() / name);
    // /lib is a link to /usr/lib, and packages use either name.
    const fs::path relative = place.relative_path();
    if (relative.begin() != relative.end() && *relative.begin() == "usr")
      add(directory / relative.lexically_relative("usr") / name);
    else
      add(directory / "usr" / relative / name);
  }
  return paths;
}

}  // namespace

fs::path find_debug_file(const ElfFile& main, const fs::path& directory) {
  std::string other_build;
  for (const fs::path& path : candidates(main, directory)) {
    if (!is_file(path)) continue;
    std::error_code none;
    if (fs::equivalent(path, main.path(), none)) continue;
    const ElfFile debug = ElfFile::open(path);
    const auto wrong = build_mismatch(main, debug);
    if (!wrong && debug.has_dwarf()) return path;
    if (other_build.empty())
      other_build = fmt::format("{} has {}", path.string(), wrong ? *wrong : "no DWARF in it");
  }
  if (!other_build.empty())
    throw Error::of(
        "{}: its debug file is of another build: {}; install library and debug package of the same "
        "version",
        main.path().string(), other_build);
  throw Error::of("{}: is stripped and its debug file is not installed; {}", main.path().string(),
                  debug_package_hint(main.path()));
}

fs::path find_alt_file(const ElfFile& elf, const fs::path& directory) {
  const auto link = alt_link(elf);
  if (!link) throw Error::of("{}: has no .gnu_debugaltlink", elf.path().string());
  const fs::path recorded(link->path);
  std::vector<fs::path> places{
      recorded.is_absolute() ? recorded : fs::canonical(elf.path()).parent_path() / recorded};
  if (link->build_id.size() >= 4) places.push_back(directory / build_id_file(link->build_id));
  bool other_build = false;
  for (const fs::path& place : places) {
    if (!is_file(place)) continue;
    const ElfFile common = ElfFile::open(place);
    const auto id = build_id(common);
    if (id && id->hex() == link->build_id) return fs::canonical(place);
    other_build = true;
  }
  throw Error::of(
      "{}: shares DWARF with {} (dwz), {}; install the debug packages of the same version",
      elf.path().string(), recorded.string(),
      other_build ? "which is of another build" : "which is missing");
}

}  // namespace splitstrip
