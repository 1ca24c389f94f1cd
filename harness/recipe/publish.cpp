#include "recipe/publish.h"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "elf/attributes.h"
#include "elf/mapped_file.h"
#include "facts/atomic_file.h"
#include "facts/error.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

void move(const fs::path& from, const fs::path& to) {
  // Not a rename onto it: a symbolic link, a directory or a device there is dealt with by
  // AtomicFile.
  std::error_code none;
  const fs::file_status there = fs::symlink_status(to, none);
  const bool plain = !fs::exists(there) || fs::is_regular_file(there);
  if (plain && std::rename(from.c_str(), to.c_str()) == 0) return;
  if (plain && errno != EXDEV) throw_write_error(to, errno);

  const MappedFile file = MappedFile::open(from);
  AtomicFile copy(to);
  copy.write({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()});
  copy_attributes(from, copy.descriptor());
  copy.commit();
}

}  // namespace

void publish(const Pair& made, const Pair& wanted) {
  move(made.debug, wanted.debug);
  try {
    move(made.main, wanted.main);
  } catch (...) {
    std::error_code none;
    fs::remove(wanted.debug, none);
    throw;
  }
}

}  // namespace splitstrip
