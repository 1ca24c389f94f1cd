#include "facts/atomic_file.h"

#include <cerrno>
#include <random>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "facts/error.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

fs::path directory_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// A name in the directory of `path` that nothing else takes: hidden, so that no glob finds it.
fs::path temporary_name(const fs::path& path) {
  std::random_device random;
  return directory_of(path) / fmt::format(".{}.{:08x}{:08x}",
                                          path.filename().string().substr(0, 200), random(),
                                          random());
}

const char* remedy(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "free some space there, or name another directory";
    case EFBIG:
      return "the file size limit is too low, see `ulimit -f`";
    case EACCES:
    case EPERM:
    case EROFS:
      return "name a directory that you may write to";
    case ENOENT:
    case ENOTDIR:
      return "make the directory first";
    case EISDIR:
      return "name a file";
    default:
      return "name another place";
  }
}

}  // namespace

void throw_write_error(const fs::path& path, int error) {
  throw Error::of("{}: cannot be written: {}; {}", path.string(),
                  std::generic_category().message(error), remedy(error));
}

AtomicFile::AtomicFile(fs::path path, mode_t mode) : path_(std::move(path)) {
  std::error_code none;
  const fs::file_status status = fs::status(path_, none);
  if (fs::is_directory(status)) throw_write_error(path_, EISDIR);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    direct_ = true;
    fd_ = open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd_ < 0) fail();
    return;
  }
  if (fs::exists(status)) path_ = fs::canonical(path_);
  // Not every file system knows O_TMPFILE; whatever else is wrong shows again below.
  fd_ = open(directory_of(path_).c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
  for (int tries = 0; fd_ < 0 && tries < 100; ++tries) {
    temporary_ = temporary_name(path_);
    fd_ = open(temporary_.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, mode);
    if (fd_ < 0 && errno != EEXIST) break;
  }
  if (fd_ < 0) {
    temporary_.clear();
    fail();
  }
}

AtomicFile::~AtomicFile() {
  if (fd_ >= 0) close(fd_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail();
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void AtomicFile::commit() {
  if (direct_) {
    if (close(std::exchange(fd_, -1)) != 0) fail();
    return;
  }
  if (temporary_.empty()) {
    // linkat() cannot replace a file, so an unnamed one gets a name of its own first.
    const std::string self = fmt::format("/proc/self/fd/{}", fd_);
    int linked = -1;
    for (int tries = 0; linked != 0 && tries < 100; ++tries) {
      const fs::path name = temporary_name(path_);
      linked = linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW);
      if (linked == 0) temporary_ = name;
      if (linked != 0 && errno != EEXIST) break;
    }
    if (linked != 0) fail();
  }
  // Some file systems report a full disk only here.
  if (close(std::exchange(fd_, -1)) != 0) fail();
  if (rename(temporary_.c_str(), path_.c_str()) != 0) fail();
  temporary_.clear();
}

void AtomicFile::fail() const {
  throw_write_error(path_, errno);
}

void write_file(const fs::path& path, std::string_view bytes, mode_t mode) {
  AtomicFile file(path, mode);
  file.write(bytes);
  file.commit();
}

}  // namespace splitstrip
