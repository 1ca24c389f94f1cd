#include "elf/rewrite.h"

#include <cerrno>
#include <cstring>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "facts/error.h"

namespace splitstrip {

int copy_in_memory(const ElfFile& file) {
  const int fd = ::memfd_create("splitstrip", MFD_CLOEXEC);
  const auto bytes = file.bytes();
  std::size_t done = 0;
  while (fd >= 0 && done < bytes.size()) {
    const ssize_t written = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    done += static_cast<std::size_t>(written);
  }
  if (fd >= 0 && done == bytes.size()) return fd;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  throw Error::of("{}: cannot be copied in memory: {}; end other programs", file.path().string(),
                  std::strerror(error));
}

Rewrite::Rewrite(const ElfFile& file) : file_(file), fd_(copy_in_memory(file)) {
  elf_ = elf_begin(fd_, ELF_C_RDWR, nullptr);
  if (elf_ != nullptr) elf_flagelf(elf_, ELF_C_SET, ELF_F_LAYOUT);
}

Rewrite::~Rewrite() {
  if (elf_ != nullptr) elf_end(elf_);
  ::close(fd_);
}

ElfFile Rewrite::finish() {
  std::vector<std::byte> bytes(file_.bytes().size());
  if (elf_ == nullptr || elf_update(elf_, ELF_C_WRITE) < 0)
    throw Error::of("{}: cannot be changed: {}; build or fetch it again", file_.path().string(),
                    elf_errmsg(-1));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got =
        ::pread(fd_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw Error::of("{}: cannot be read back", file_.path().string());
    done += static_cast<std::size_t>(got);
  }
  return ElfFile::from_memory(std::move(bytes), file_.path());
}

}  // namespace splitstrip
