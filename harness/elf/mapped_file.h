// The bytes of a file that is read: mapped, or taken over from memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace splitstrip {

// Read only, as long as the object lives; survives being moved. A mapped file that somebody else
// shortens meanwhile ends the process with SIGBUS, as it does every reader that maps (elfutils,
// gdb).
class MappedFile {
 public:
  // Throws Error, naming the file, for what cannot be read as a file at all: missing, no
  // permission, a directory, a device or pipe (which is never waited for), empty.
  static MappedFile open(const std::filesystem::path& path);

  explicit MappedFile(std::vector<std::byte> bytes);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return bytes_; }
  // The same bytes for a library that may write into them; what it writes is seen only here, and
  // costs memory only where it writes.
  std::span<std::byte> writable() const { return writable_; }

 private:
  MappedFile() = default;
  void release() noexcept;

  std::vector<std::byte> owned_;
  std::vector<std::byte> owned_writable_;
  std::span<const std::byte> bytes_;
  std::span<std::byte> writable_;
  bool mapped_ = false;
};

}  // namespace splitstrip
