#include "elf/mapped_file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "facts/error.h"

namespace splitstrip {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      throw Error::of("{}: no such file; check the name", path.string());
    case EACCES:
    case EPERM:
      throw Error::of("{}: may not be read; change its permissions or read it as another user",
                      path.string());
    default:
      throw Error::of("{}: cannot be read: {}", path.string(), std::strerror(error));
  }
}

}  // namespace

MappedFile MappedFile::open(const std::filesystem::path& path) {
  // O_NONBLOCK: opening a pipe without a writer would wait for ever.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.get() < 0) fail(path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) fail(path, errno);
  if (S_ISDIR(status.st_mode))
    throw Error::of("{}: is a directory; name a library or program in it", path.string());
  if (!S_ISREG(status.st_mode))
    throw Error::of("{}: is not a regular file; name an ELF file", path.string());
  if (status.st_size == 0) throw Error::of("{}: is empty; build or fetch it again", path.string());

  MappedFile result;
  const auto size = static_cast<std::size_t>(status.st_size);
  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (memory == MAP_FAILED) fail(path, errno);
  result.bytes_ = {static_cast<const std::byte*>(memory), size};
  result.mapped_ = true;
  void* again =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, file.get(), 0);
  if (again == MAP_FAILED) fail(path, errno);
  result.writable_ = {static_cast<std::byte*>(again), size};
  return result;
}

MappedFile::MappedFile(std::vector<std::byte> bytes)
    : owned_(std::move(bytes)),
      owned_writable_(owned_),
      bytes_(owned_),
      writable_(owned_writable_) {}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : owned_(std::move(other.owned_)),
      owned_writable_(std::move(other.owned_writable_)),
      bytes_(std::exchange(other.bytes_, {})),
      writable_(std::exchange(other.writable_, {})),
      mapped_(std::exchange(other.mapped_, false)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  if (this != &other) {
    release();
    owned_ = std::move(other.owned_);
    owned_writable_ = std::move(other.owned_writable_);
    bytes_ = std::exchange(other.bytes_, {});
    writable_ = std::exchange(other.writable_, {});
    mapped_ = std::exchange(other.mapped_, false);
  }
  return *this;
}

MappedFile::~MappedFile() {
  release();
}

void MappedFile::release() noexcept {
  // munmap takes a pointer to non-const although it reads nothing through it.
  if (mapped_) {
    ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
    if (!writable_.empty()) ::munmap(writable_.data(), writable_.size());
  }
  mapped_ = false;
  bytes_ = {};
  writable_ = {};
}

}  // namespace splitstrip
