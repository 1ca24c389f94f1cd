// A directory for what is needed only as long as its object lives.
#pragma once

#include <filesystem>

namespace splitstrip {

class ScratchDirectory {
 public:
  // Makes a new directory with a name of its own in `parent`, private to this user. Throws Error.
  explicit ScratchDirectory(const std::filesystem::path& parent);
  // In $TMPDIR, or /tmp.
  ScratchDirectory();
  // Removes it and all that is in it, unless it is to be kept.
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  // Absolute and without symbolic links, since it is looked for in what consumers print.
  const std::filesystem::path& path() const { return path_; }
  // Leaves it for a look.
  void keep() { kept_ = true; }

 private:
  std::filesystem::path path_;
  bool kept_ = false;
};

}  // namespace splitstrip
