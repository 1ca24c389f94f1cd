#include "elf/sysroot.h"

#include <deque>

#include "facts/error.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

constexpr int longest_chain = 40;  // of links in one path, as Linux has it (path_resolution(7))

// "/usr/lib64/libfoo.so" of what follows the first part of `path` that is `directory`.
std::optional<fs::path> below(const fs::path& path, const fs::path& directory) {
  fs::path part;
  for (auto step = path.begin(); step != path.end(); ++step) {
    part /= *step;
    std::error_code none;
    if (!fs::equivalent(part, directory, none)) continue;
    fs::path rest = "/";
    while (++step != path.end()) rest /= *step;
    return rest;
  }
  return std::nullopt;
}

}  // namespace

Sysroot::Sysroot(const fs::path& directory) {
  std::error_code error;
  directory_ = fs::canonical(directory, error);
  if (error || !fs::is_directory(directory_, error))
    throw Error::of(
        "--sysroot {}: is no directory; name the one that the packages were unpacked to",
        directory.string());
}

std::optional<fs::path> Sysroot::find(const fs::path& path) const {
  const fs::path relative = path.relative_path();
  std::deque<fs::path> steps(relative.begin(), relative.end());
  fs::path inside;  // without links, relative to the root
  int links = 0;
  while (!steps.empty()) {
    const fs::path step = steps.front();
    steps.pop_front();
    if (step.empty() || step == ".") continue;
    if (step == "..") {
      inside = inside.parent_path();  // of an empty path: empty
      continue;
    }
    const fs::path place = directory_ / inside / step;
    std::error_code error;
    const fs::file_status status = fs::symlink_status(place, error);
    if (error || !fs::exists(status)) return std::nullopt;
    if (!fs::is_symlink(status)) {
      if (!steps.empty() && !fs::is_directory(status)) return std::nullopt;
      inside /= step;
      continue;
    }
    const fs::path target = fs::read_symlink(place, error);
    if (error || ++links > longest_chain) return std::nullopt;
    if (target.is_absolute()) inside.clear();
    const fs::path rest = target.relative_path();
    steps.insert(steps.begin(), rest.begin(), rest.end());
  }
  return inside.empty() ? directory_ : directory_ / inside;
}

std::optional<fs::path> Sysroot::inside(const fs::path& outside) const {
  std::error_code error;
  const fs::path absolute = fs::absolute(outside, error);
  if (error) return std::nullopt;
  if (auto rest = below(absolute.lexically_normal(), directory_)) return rest;
  // Through a link to a directory of the tree.
  const fs::path parent = fs::canonical(absolute.parent_path(), error);
  if (error) return std::nullopt;
  return below(parent / absolute.filename(), directory_);
}

}  // namespace splitstrip
