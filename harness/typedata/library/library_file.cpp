#include "typedata/library/library_file.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "typedata/library/failure.h"
#include "typedata/unpack.h"

namespace splitstrip::library {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

bool read_all(int descriptor, std::uint64_t offset, std::span<std::byte> to) {
  while (!to.empty()) {
    const ssize_t got = ::pread(descriptor, to.data(), to.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to = to.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return true;
}

std::string hex(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte each : bytes) text += fmt::format("{:02x}", static_cast<unsigned>(each));
  return text.empty() ? "missing" : text;
}

}  // namespace

ElfImage open_file(const std::string& path) {
  const auto unreadable = [&](const char* why) {
    throw Failure::of(TYPEDATA_UNREADABLE, "{}: {}: name a library that can be read", path, why);
  };
  // A pipe is not waited for, a terminal not taken over.
  auto file = std::make_shared<Descriptor>(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (file->number() < 0 || ::fstat(file->number(), &status) != 0) {
    char text[128];
    // The GNU one: it may return another text than the buffer's.
    unreadable(::strerror_r(errno, text, sizeof text));
  }
  if (!S_ISREG(status.st_mode)) unreadable("it is no file");
  const auto read = [file = std::move(file)](std::uint64_t offset, std::span<std::byte> to) {
    return read_all(file->number(), offset, to);
  };
  return {read, static_cast<std::uint64_t>(status.st_size), path, TYPEDATA_UNREADABLE};
}

DwarfSections read_object(std::vector<std::byte> object, const ElfImage& library,
                          const std::string& what) {
  const ElfImage inner(read_from_memory(object), object.size(), what, TYPEDATA_DAMAGED);
  if (inner.is_64() != library.is_64() || inner.big_endian() != library.big_endian() ||
      inner.machine() != library.machine()) {
    throw Failure::of(TYPEDATA_FOREIGN, "{} is for another machine: embed the library's own", what);
  }
  const auto own = library.build_id();
  const auto its = inner.build_id();
  if (!own.empty() && own != its) {
    throw Failure::of(TYPEDATA_FOREIGN,
                      "{} is of another build (build-id {}, not {}): embed the library's own", what,
                      hex(its), hex(own));
  }
  const auto contents = [&](std::string_view name) -> std::vector<std::byte> {
    const ElfSection* section = inner.section(name);
    if (section == nullptr) return {};
    if ((section->flags & SHF_COMPRESSED) != 0) {
      throw Failure::of(TYPEDATA_DAMAGED, "{}: its {} is compressed once more: build it again",
                        what, name);
    }
    return inner.contents(*section);
  };
  DwarfSections sections;
  sections.info = contents(".debug_info");
  sections.abbrev = contents(".debug_abbrev");
  sections.str = contents(".debug_str");
  sections.line_str = contents(".debug_line_str");
  sections.big_endian = inner.big_endian();
  sections.address_size = inner.is_64() ? 8 : 4;
  return sections;
}

std::optional<DwarfSections> read_typedata(const ElfImage& library) {
  const ElfSection* section = library.section(".gnu_typedata");
  if (section == nullptr) return std::nullopt;
  if (section->type == SHT_NOBITS) {
    throw Failure::of(TYPEDATA_ABSENT,
                      "{}: its .gnu_typedata has no content, as in a debug file: name the library "
                      "itself",
                      library.name());
  }
  const std::string what = fmt::format("{}: its .gnu_typedata", library.name());
  std::vector<std::byte> packed;
  try {
    packed = library.contents(*section);
  } catch (const Failure& failure) {
    throw Failure(TYPEDATA_DAMAGED, failure.what());
  }
  std::vector<std::byte> object;
  try {
    object = unpack_typedata(packed, what);
  } catch (const Error& error) {
    throw Failure(TYPEDATA_DAMAGED, error.what());
  }
  return read_object(std::move(object), library, what);
}

}  // namespace splitstrip::library
