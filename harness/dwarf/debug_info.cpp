#include "dwarf/debug_info.h"

#include <algorithm>
#include <optional>

#include <fcntl.h>

#include "dwarf/expanded.h"
#include "dwarf/relocated.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "run/file_descriptor.h"
#include "run/scratch.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

struct EndDwarf {
  void operator()(Dwarf* dwarf) const { dwarf_end(dwarf); }
};

}  // namespace

struct DebugInfo::Owned {
  explicit Owned(ElfFile file) : elf(std::move(file)), name(elf.path().string()) {}

  ElfFile elf;
  std::string name;
  bool expanded = false;
  // Only for split DWARF, and only if the file had to be expanded:
  std::optional<ScratchDirectory> beside;
  FileDescriptor fd;
  std::unique_ptr<Dwarf, EndDwarf> dwarf;  // reads through the others, so it ends first

  // libdw looks for .dwo files beside the file that it reads, which it knows by its descriptor.
  void open_beside_dwo_files(const std::filesystem::path& file);
};

namespace {

bool has_skeletons(Dwarf* dwarf) {
  Dwarf_CU* cu = nullptr;
  std::uint8_t type = 0;
  while (dwarf_get_units(dwarf, cu, &cu, nullptr, &type, nullptr, nullptr) == 0)
    if (type == DW_UT_skeleton) return true;
  return false;
}

}  // namespace

void DebugInfo::Owned::open_beside_dwo_files(const fs::path& file) {
  std::error_code none;
  fs::path to_read = fs::canonical(file, none);
  if (none) return;
  if (expanded) {
    beside.emplace();
    for (const auto& entry : fs::directory_iterator(to_read.parent_path(), none))
      if (entry.path().extension() == ".dwo")
        fs::create_symlink(entry.path(), beside->path() / entry.path().filename());
    to_read = beside->path() / to_read.filename();
    write_file(to_read, {reinterpret_cast<const char*>(elf.bytes().data()), elf.bytes().size()});
  }
  fd.reset(::open(to_read.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return;
  if (Dwarf* again = dwarf_begin(fd.get(), DWARF_C_READ)) dwarf.reset(again);
}

DebugInfo::DebugInfo(ElfFile elf) {
  std::optional<ElfFile> plain = dwarf_expanded(elf);
  const bool compressed = plain.has_value();
  auto owned = std::make_shared<Owned>(compressed ? std::move(*plain) : std::move(elf));
  owned->expanded = compressed;
  owned->dwarf.reset(dwarf_begin_elf(owned->elf.handle(), DWARF_C_READ, nullptr));
  if (!owned->dwarf) {
    const char* why = dwarf_errmsg(-1);
    throw Error::of("{}: no DWARF to read ({}): build it with -g", owned->name,
                    why != nullptr ? why : "unknown error");
  }
  owned_ = std::move(owned);
}

DebugInfo DebugInfo::open(const std::filesystem::path& file) {
  ElfFile elf = ElfFile::open(file);
  std::optional<ElfFile> linked = relocated(elf);
  DebugInfo info(linked ? std::move(*linked) : std::move(elf));
  if (has_skeletons(info.dwarf())) info.owned_->open_beside_dwo_files(file);
  return info;
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
