#include "dwarf/debug_info.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "facts/error.h"

namespace splitstrip {
namespace {

struct CloseDescriptor {
  int descriptor = -1;
  CloseDescriptor() = default;
  CloseDescriptor(const CloseDescriptor&) = delete;
  CloseDescriptor& operator=(const CloseDescriptor&) = delete;
  ~CloseDescriptor() {
    if (descriptor >= 0) ::close(descriptor);
  }
};

struct EndElf {
  void operator()(Elf* elf) const { elf_end(elf); }
};
struct EndDwarf {
  void operator()(Dwarf* dwarf) const { dwarf_end(dwarf); }
};

}  // namespace

// The order matters: libdw reads through the Elf, and the Elf through the file or the bytes.
struct DebugInfo::Owned {
  std::string name;
  CloseDescriptor file;
  std::vector<std::byte> bytes;
  std::unique_ptr<Elf, EndElf> elf;
  std::unique_ptr<Dwarf, EndDwarf> dwarf;

  void begin_dwarf() {
    if (!elf || elf_kind(elf.get()) != ELF_K_ELF) {
      throw Error::of("{}: not an ELF file: give a library or program", name);
    }
    dwarf.reset(dwarf_begin_elf(elf.get(), DWARF_C_READ, nullptr));
    if (!dwarf) {
      const char* why = dwarf_errmsg(-1);
      throw Error::of("{}: no DWARF to read ({}): build it with -g", name,
                      why != nullptr ? why : "unknown error");
    }
  }
};

DebugInfo DebugInfo::open(const std::filesystem::path& file) {
  auto owned = std::make_shared<Owned>();
  owned->name = file.string();
  owned->file.descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (owned->file.descriptor < 0) {
    throw Error::of("{}: cannot be opened ({}): check the path and its permissions", owned->name,
                    std::strerror(errno));
  }
  elf_version(EV_CURRENT);
  owned->elf.reset(elf_begin(owned->file.descriptor, ELF_C_READ_MMAP, nullptr));
  owned->begin_dwarf();
  return DebugInfo(owned);
}

DebugInfo DebugInfo::from_memory(std::vector<std::byte> bytes, std::string name) {
  auto owned = std::make_shared<Owned>();
  owned->name = std::move(name);
  owned->bytes = std::move(bytes);
  elf_version(EV_CURRENT);
  owned->elf.reset(elf_memory(reinterpret_cast<char*>(owned->bytes.data()), owned->bytes.size()));
  owned->begin_dwarf();
  return DebugInfo(owned);
}

Units DebugInfo::units() const {
  return Units(dwarf(), owned_->name);
}
Elf* DebugInfo::elf() const {
  return owned_->elf.get();
}
Dwarf* DebugInfo::dwarf() const {
  return owned_->dwarf.get();
}
const std::string& DebugInfo::name() const {
  return owned_->name;
}

Units::Iterator& Units::Iterator::operator++() {
  Dwarf_Half version = 0;
  std::uint8_t type = 0;
  Dwarf_Die die;
  const int status = dwarf_get_units(dwarf_, cu_, &cu_, &version, &type, &die, nullptr);
  if (status < 0) {
    const char* why = dwarf_errmsg(-1);
    throw Error::of(
        "{}: a unit header in its DWARF cannot be read ({}): the file is damaged, build or fetch "
        "it again",
        file_, why != nullptr ? why : "unknown error");
  }
  if (status > 0) {
    at_.reset();
  } else {
    at_ = Unit(die, version, type, file_);
  }
  return *this;
}

}  // namespace splitstrip
