// A directory that holds what an installed system holds: an unpacked package, a container's files.
//
//   const Sysroot root("tree");
//   root.find("/usr/lib64/libfoo.so.1");   // tree/usr/lib64/libfoo.so.1.2.3, where a link leads
//
// Links count as they do for a process whose root directory this is: an absolute one begins at the
// tree, and no `..` leads out of it. (openat2(2), RESOLVE_IN_ROOT, of which not every kernel and
// sandbox knows; here with the path that it leads to.)
#pragma once

#include <filesystem>
#include <optional>

namespace splitstrip {

class Sysroot {
 public:
  // Throws Error unless it is a directory.
  explicit Sysroot(const std::filesystem::path& directory);

  // Absolute and without symbolic links.
  const std::filesystem::path& directory() const { return directory_; }

  // Where `path`, which counts from the root, lies on this machine: below directory(), without
  // symbolic links. Nothing if it is not there, or if its links lead in a circle.
  std::optional<std::filesystem::path> find(const std::filesystem::path& path) const;

  // The path from the root, with a leading slash, of what is named from outside; links below the
  // root are left in it. Nothing if it does not lie below the root.
  std::optional<std::filesystem::path> inside(const std::filesystem::path& outside) const;

 private:
  std::filesystem::path directory_;
};

}  // namespace splitstrip
