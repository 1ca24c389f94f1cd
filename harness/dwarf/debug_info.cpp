#include "dwarf/debug_info.h"

#include <algorithm>

#include "facts/error.h"

namespace splitstrip {
namespace {

struct EndDwarf {
  void operator()(Dwarf* dwarf) const { dwarf_end(dwarf); }
};

// libdw decompresses sections through elf_compress(3), which writes the new header into the image:
// a mapped one is read-only.
ElfFile writable(ElfFile elf) {
  const auto compressed = [&](const Section& section) { return elf.compressed(section); };
  if (std::none_of(elf.sections().begin(), elf.sections().end(), compressed)) return elf;
  return ElfFile::from_memory({elf.bytes().begin(), elf.bytes().end()}, elf.path());
}

}  // namespace

struct DebugInfo::Owned {
  explicit Owned(ElfFile file) : elf(std::move(file)), name(elf.path().string()) {}

  ElfFile elf;
  std::string name;
  std::unique_ptr<Dwarf, EndDwarf> dwarf;  // reads through `elf`, so it ends first
};

DebugInfo::DebugInfo(ElfFile elf) {
  auto owned = std::make_shared<Owned>(writable(std::move(elf)));
  owned->dwarf.reset(dwarf_begin_elf(owned->elf.handle(), DWARF_C_READ, nullptr));
  if (!owned->dwarf) {
    const char* why = dwarf_errmsg(-1);
    throw Error::of("{}: no DWARF to read ({}): build it with -g", owned->name,
                    why != nullptr ? why : "unknown error");
  }
  owned_ = std::move(owned);
}

DebugInfo DebugInfo::open(const std::filesystem::path& file) {
  return DebugInfo(ElfFile::open(file));
}

Units DebugInfo::units() const {
  return Units(owned_->dwarf.get(), owned_->name);
}
const ElfFile& DebugInfo::elf() const {
  return owned_->elf;
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
