#include "elf/elf_edit.h"

#include <algorithm>
#include <utility>

#include "elf/attributes.h"
#include "elf/identity.h"
#include "facts/atomic_file.h"
#include "facts/error.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

bool info_names_a_section(const GElf_Shdr& header) {
  return (header.sh_flags & SHF_INFO_LINK) != 0 || header.sh_type == SHT_REL ||
         header.sh_type == SHT_RELA;
}

}  // namespace

ElfEdit::ElfEdit(const ElfFile& file) : file_(file) {
  std::size_t names = 0;
  if (elf_getshdrstrndx(file.handle(), &names) != 0 || names == 0)
    throw Error::of("{}: its sections have no names, so none can be added; build it again",
                    file.path().string());
  names_index_ = names;
  entries_.reserve(file.sections().size() + 1);
  for (const Section& section : file.sections())
    entries_.push_back({section.header, std::string(section.name), std::nullopt, false});
  refuse_loaded(entries_[names_index_]);
  const std::span<const std::byte> table = file.raw(file.sections()[names_index_]);
  names_.assign(table.begin(), table.end());
  if (names_.empty() || names_.back() != std::byte{0}) names_.push_back(std::byte{0});
}

std::size_t ElfEdit::index_of(std::string_view name) const {
  for (std::size_t i = 1; i < entries_.size(); ++i)
    if (entries_[i].name == name) return i;
  return 0;
}

void ElfEdit::refuse_loaded(const Entry& entry) const {
  if ((entry.header.sh_flags & SHF_ALLOC) != 0)
    throw Error::of("{}: section {} is loaded when the program runs and cannot be changed",
                    file_.path().string(), entry.name);
}

std::uint32_t ElfEdit::add_name(const std::string& name) {
  const std::size_t offset = names_.size();
  const auto* begin = reinterpret_cast<const std::byte*>(name.c_str());
  names_.insert(names_.end(), begin, begin + name.size() + 1);
  return static_cast<std::uint32_t>(offset);
}

void ElfEdit::put_section(const NewSection& section) {
  std::size_t index = index_of(section.name);
  if (index == 0) {
    Entry entry;
    entry.name = section.name;
    entry.header.sh_name = add_name(section.name);
    entry.added = true;
    entries_.push_back(std::move(entry));
    index = entries_.size() - 1;
  }
  Entry& entry = entries_[index];
  refuse_loaded(entry);
  entry.header.sh_type = section.type;
  entry.header.sh_flags = section.flags;
  entry.header.sh_addralign = std::max<std::uint64_t>(section.alignment, 1);
  entry.header.sh_entsize = section.entry_size;
  entry.replaced = section.bytes;
}

// Links between sections can be renumbered, but a symbol's section is a field of 16 bits within
// tables that may be loaded: a section before one that has symbols is not taken out.
void ElfEdit::refuse_referred(std::size_t index) const {
  for (std::size_t i = 1; i < entries_.size(); ++i) {
    const GElf_Shdr& header = entries_[i].header;
    if (i != index &&
        (header.sh_link == index || (info_names_a_section(header) && header.sh_info == index)))
      throw Error::of("{}: section {} refers to {}, which can therefore not be removed",
                      file_.path().string(), entries_[i].name, entries_[index].name);
  }
  for (const Section& table : file_.sections()) {
    if ((table.header.sh_type != SHT_SYMTAB && table.header.sh_type != SHT_DYNSYM) ||
        table.nobits())
      continue;
    ::Elf_Data* data = elf_getdata(elf_getscn(file_.handle(), table.index), nullptr);
    GElf_Sym symbol{};
    for (int i = 0; data != nullptr && gelf_getsym(data, i, &symbol) != nullptr; ++i)
      if (symbol.st_shndx >= index &&
          (symbol.st_shndx < SHN_LORESERVE || symbol.st_shndx == SHN_XINDEX))
        throw Error::of(
            "{}: symbols refer to sections from {} on; remove it with objcopy --remove-section",
            file_.path().string(), entries_[index].name);
  }
}

// The name goes if it stands at the end and nobody else can mean it, so that removing a section
// undoes adding it.
void ElfEdit::drop_name(std::uint32_t offset, const std::string& name) {
  if (offset + name.size() + 1 != names_.size() || offset == 0) return;
  for (std::size_t i = 1; i < entries_.size(); ++i)
    if (entries_[i].header.sh_name >= offset || entries_[i].header.sh_link == names_index_) return;
  names_.resize(offset);
}

bool ElfEdit::remove_section(std::string_view name) {
  const std::size_t index = index_of(name);
  if (index == 0) return false;
  refuse_loaded(entries_[index]);
  if (index == names_index_)
    throw Error::of("{}: {} holds the names of all sections and cannot be removed",
                    file_.path().string(), name);
  refuse_referred(index);
  const Entry removed = entries_[index];
  if (!removed.added) removed_from_ = std::min(removed_from_, removed.header.sh_offset);
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(index));
  if (names_index_ > index) --names_index_;
  for (Entry& entry : entries_) {
    GElf_Shdr& header = entry.header;
    if (header.sh_link > index) --header.sh_link;
    if (info_names_a_section(header) && header.sh_info > index) --header.sh_info;
  }
  drop_name(removed.header.sh_name, removed.name);
  return true;
}

void ElfEdit::set_build_id(std::span<const std::byte> bytes) {
  const auto id = build_id(file_);
  if (!id || id->bytes.size() != bytes.size())
    throw Error::of("{}: has no build-id of {} bytes; link it with --build-id",
                    file_.path().string(), bytes.size());
  patches_.push_back({id->offset, {bytes.begin(), bytes.end()}});
}

void ElfEdit::set_debug_link_crc(std::uint32_t crc) {
  const auto link = debug_link(file_);
  if (!link)
    throw Error::of("{}: has no .gnu_debuglink; strip it into a pair first", file_.path().string());
  std::vector<std::byte> bytes(4);
  for (std::size_t i = 0; i < 4; ++i)
    bytes[file_.big_endian() ? 3 - i : i] = static_cast<std::byte>(crc >> (8 * i) & 0xff);
  patches_.push_back({link->crc_offset, std::move(bytes)});
}

// In the order in which they lie in the file, the added ones last: sections that are not loaded,
// have bytes, and are not the names, which are written after all others.
std::vector<std::size_t> ElfEdit::movable() const {
  std::vector<std::size_t> order;
  for (std::size_t i = 1; i < entries_.size(); ++i) {
    const GElf_Shdr& header = entries_[i].header;
    const bool in_file = header.sh_type != SHT_NOBITS && header.sh_type != SHT_NULL;
    if (i != names_index_ && (header.sh_flags & SHF_ALLOC) == 0 &&
        (in_file || entries_[i].replaced))
      order.push_back(i);
  }
  std::ranges::stable_sort(order, {}, [&](std::size_t i) {
    return std::pair(entries_[i].added, entries_[i].header.sh_offset);
  });
  return order;
}

std::vector<std::byte> ElfEdit::bytes() const {
  FileLayout layout(file_, patches_);
  if (removed_from_ == UINT64_MAX &&
      std::ranges::none_of(entries_, [](const Entry& e) { return e.replaced.has_value(); }))
    return layout.patched();
  // What lies before the first change stays where it is, and so do all bytes that are loaded; what
  // lies behind it moves up.
  const std::vector<std::size_t> order = movable();
  const auto first_moved = std::ranges::find_if(order, [&](std::size_t i) {
    return entries_[i].replaced || entries_[i].header.sh_offset >= removed_from_;
  });
  std::uint64_t kept = layout.loaded_end();
  for (auto i = order.begin(); i != first_moved; ++i)
    kept = std::max(kept, entries_[*i].header.sh_offset + entries_[*i].header.sh_size);
  layout.keep(kept);

  std::vector<GElf_Shdr> headers;
  for (const Entry& entry : entries_) headers.push_back(entry.header);
  for (auto i = first_moved; i != order.end(); ++i) {
    GElf_Shdr& header = headers[*i];
    const std::span<const std::byte> content =
        entries_[*i].replaced ? *entries_[*i].replaced
                              : layout.patched_range(header.sh_offset, header.sh_size);
    header.sh_offset = layout.append(content, header.sh_addralign);
    header.sh_size = content.size();
  }
  headers[names_index_].sh_offset = layout.append(names_, headers[names_index_].sh_addralign);
  headers[names_index_].sh_size = names_.size();
  return layout.finish(std::move(headers), names_index_);
}

void ElfEdit::write(const fs::path& path) const {
  const std::vector<std::byte> out = bytes();
  AtomicFile file(path);
  file.write({reinterpret_cast<const char*>(out.data()), out.size()});
  copy_attributes(file_.path(), file.descriptor());
  file.commit();
}

}  // namespace splitstrip
