#include "recipe/fault/elf_draft.h"

#include "elf/attributes.h"
#include "elf/elf_edit.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "recipe/fault/number.h"

namespace splitstrip {

namespace fs = std::filesystem;

ElfDraft::ElfDraft(fs::path path)
    : path_(std::move(path)),
      elf_(ElfFile::open(path_)),
      file_(elf_.bytes().begin(), elf_.bytes().end()) {}

bool ElfDraft::has(std::string_view name) const {
  const Section* section = elf_.section(name);
  return section != nullptr && !elf_.raw(*section).empty();
}

bool ElfDraft::changed() const {
  return patched_ || !contents_.empty() || !removed_.empty() || !hollow_.empty() || !moved_.empty();
}

const Section& ElfDraft::need(std::string_view name) const {
  const Section* section = elf_.section(name);
  if (section == nullptr || elf_.raw(*section).empty())
    throw Error::of("{}: has no {} to plant a fault in; name another library",
                    path_.filename().string(), name);
  return *section;
}

std::vector<std::byte> ElfDraft::read(const std::string& name) const {
  const SectionContents contents = elf_.contents(need(name));
  return {contents.bytes().begin(), contents.bytes().end()};
}

std::vector<std::byte>& ElfDraft::content(const std::string& name) {
  if (const auto found = contents_.find(name); found != contents_.end()) return found->second;
  return contents_[name] = read(name);
}

std::span<std::byte> ElfDraft::loaded(const std::string& name) {
  const Section& section = need(name);
  return range(section.header.sh_offset, elf_.raw(section).size());
}

std::span<std::byte> ElfDraft::range(std::uint64_t offset, std::uint64_t size) {
  if (offset > file_.size() || size > file_.size() - offset)
    throw Error::of("{}: a table of it lies outside of the file; name another library",
                    path_.filename().string());
  patched_ = true;
  return std::span(file_).subspan(offset, size);
}

void ElfDraft::add(const std::string& name, std::vector<std::byte> bytes) {
  contents_[name] = std::move(bytes);
}

void ElfDraft::remove(const std::string& name) {
  need(name);
  removed_.insert(name);
}

void ElfDraft::make_nobits(const std::string& name) {
  need(name);
  hollow_.insert(name);
}

void ElfDraft::move_address(const std::string& name, std::uint64_t by) {
  need(name);
  moved_[name] = by;
}

// In the finished file, since a reader (libelf, ElfFile) may refuse what comes of it.
void ElfDraft::patch_headers(std::vector<std::byte>& file) const {
  if (hollow_.empty() && moved_.empty()) return;
  const ElfFile made = ElfFile::from_memory(file, path_);
  const bool wide = made.is_64();
  for (const Section& section : made.sections()) {
    const std::uint64_t at =
        made.header().e_shoff + section.index * std::uint64_t{made.header().e_shentsize};
    const std::uint64_t address_at = at + (wide ? 16 : 12);
    const unsigned size = wide ? 8 : 4;
    if (address_at + size > file.size()) continue;
    if (hollow_.contains(std::string(section.name)))
      put_number(std::span(file).subspan(at + 4, 4), SHT_NOBITS, made.big_endian());
    if (const auto by = moved_.find(std::string(section.name)); by != moved_.end())
      put_number(std::span(file).subspan(address_at, size), section.header.sh_addr + by->second,
                 made.big_endian());
  }
}

void ElfDraft::save() {
  const ElfFile patched = ElfFile::from_memory(file_, path_);
  ElfEdit edit(patched);
  for (const auto& [name, bytes] : contents_) {
    NewSection section{.name = name, .bytes = bytes};
    if (const Section* old = elf_.section(name)) {
      section.type = old->header.sh_type;
      section.flags = old->header.sh_flags & ~std::uint64_t{SHF_COMPRESSED};
      section.alignment = old->header.sh_addralign;
      section.entry_size = old->header.sh_entsize;
    }
    edit.put_section(section);
  }
  for (const std::string& name : removed_) edit.remove_section(name);
  std::vector<std::byte> made = edit.bytes();
  patch_headers(made);
  AtomicFile out(path_);
  out.write({reinterpret_cast<const char*>(made.data()), made.size()});
  copy_attributes(path_, out.descriptor());
  out.commit();
}

}  // namespace splitstrip
