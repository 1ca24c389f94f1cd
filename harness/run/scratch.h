// A directory that goes with its object.
#pragma once

#include <filesystem>

namespace splitstrip {

class ScratchDirectory {
 public:
  // Makes a new directory with a name of its own in `parent`, private to this user. Throws Error.
  explicit ScratchDirectory(const std::filesystem::path& parent);
  // In $TMPDIR, or /tmp.
  ScratchDirectory();
  // Removes it and all that is in it.
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace splitstrip
