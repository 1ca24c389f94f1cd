// Writes a file whole or not at all.
//
//   AtomicFile file("out/libfoo.so");
//   file.write(bytes);                  // or: elf_begin(file.descriptor(), ELF_C_WRITE, nullptr)
//   file.commit();                      // only now is there an out/libfoo.so
//
// Until commit() the bytes lie in the same directory, without a name where the file system can do
// that (open(2), O_TMPFILE), so that not even SIGKILL leaves half a file behind. What was there
// before stays as it was until commit() replaces it. A machine that loses its power is not guarded
// against: nothing is fsync'ed.
#pragma once

#include <filesystem>
#include <string_view>

#include <sys/types.h>

namespace splitstrip {

class AtomicFile {
 public:
  // `mode` as for open(2): the umask applies. A symbolic link at `path` is followed; a device or a
  // pipe there (/dev/stdout) is written to as the bytes come, since nothing could replace it.
  // Throws Error if the directory is missing or not writable, or if `path` is a directory.
  explicit AtomicFile(std::filesystem::path path, mode_t mode = 0666);
  // Without commit() before, nothing remains of the file.
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  // Throws Error, which names the file and what to do, when the disk is full.
  void write(std::string_view bytes);

  // Open for reading and writing, owned by this object.
  int descriptor() const { return fd_; }

  // The file appears under its name, in place of what had it. Call it once, last. Throws Error.
  void commit();

 private:
  [[noreturn]] void fail() const;

  std::filesystem::path path_;       // after symbolic links
  std::filesystem::path temporary_;  // empty as long as the file has no name
  int fd_ = -1;
  bool direct_ = false;  // a device or a pipe
};

// All of `bytes` as the file `path`; see AtomicFile. Throws Error.
void write_file(const std::filesystem::path& path, std::string_view bytes, mode_t mode = 0666);

// Throws the Error that a failed write to `path` deserves; `error` is an errno. For writers that
// have a descriptor of their own.
[[noreturn]] void throw_write_error(const std::filesystem::path& path, int error);

}  // namespace splitstrip
