#include "elf/file_layout.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "facts/error.h"

namespace splitstrip {
namespace {

constexpr std::uint64_t largest_alignment = std::uint64_t{1} << 20;

::Elf_Data piece(Elf_Type type, void* bytes, std::size_t size) {
  ::Elf_Data data{};
  data.d_buf = bytes;
  data.d_type = type;
  data.d_version = EV_CURRENT;
  data.d_size = size;
  return data;
}

// The fields of the 32-bit forms are narrower; the values came from such fields, or were checked.
template <typename Field, typename Value>
void assign(Field& field, Value value) {
  field = static_cast<Field>(value);
}

}  // namespace

FileLayout::FileLayout(const ElfFile& file, const std::vector<BytePatch>& patches)
    : file_(file), patched_(file.bytes().begin(), file.bytes().end()) {
  for (const auto& [offset, bytes] : patches)
    if (offset <= patched_.size() && bytes.size() <= patched_.size() - offset)
      std::ranges::copy(bytes, patched_.begin() + static_cast<std::ptrdiff_t>(offset));

  const std::uint64_t size = file.bytes().size();
  const auto covers = [&](std::uint64_t offset, std::uint64_t length) {
    if (offset > size || length > size - offset) return;
    loaded_end_ = std::max(loaded_end_, offset + length);
  };
  covers(0, file.is_64() ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr));
  covers(file.header().e_phoff,
         std::uint64_t{file.header().e_phentsize} * file.program_headers().size());
  for (const Section& section : file.sections())
    if (section.allocated() && !section.nobits())
      covers(section.header.sh_offset, section.header.sh_size);
  for (const GElf_Phdr& segment : file.program_headers())
    if (segment.p_type != PT_NULL) covers(segment.p_offset, segment.p_filesz);
}

void FileLayout::keep(std::uint64_t end) {
  out_.assign(patched_.begin(), patched_.begin() + static_cast<std::ptrdiff_t>(end));
}

std::uint64_t FileLayout::append(std::span<const std::byte> bytes, std::uint64_t alignment) {
  // A damaged header may ask for any alignment; nothing that is not loaded needs much.
  const std::uint64_t step = std::clamp<std::uint64_t>(alignment, 1, largest_alignment);
  out_.resize((out_.size() + step - 1) / step * step);
  const std::uint64_t offset = out_.size();
  out_.insert(out_.end(), bytes.begin(), bytes.end());
  return offset;
}

template <typename FileHeader, typename SectionHeader>
void FileLayout::write_headers(const GElf_Ehdr& header, const std::vector<GElf_Shdr>& sections) {
  const auto translate = [&](Elf_Type type, auto& native, std::byte* to) {
    ::Elf_Data from = piece(type, &native, sizeof native);
    ::Elf_Data into = piece(type, to, sizeof native);
    gelf_xlatetof(file_.handle(), &into, &from, header.e_ident[EI_DATA]);
  };
  const std::size_t table = out_.size();
  out_.resize(table + sections.size() * sizeof(SectionHeader));
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const GElf_Shdr& wide = sections[i];
    SectionHeader native{};
    assign(native.sh_name, wide.sh_name);
    assign(native.sh_type, wide.sh_type);
    assign(native.sh_flags, wide.sh_flags);
    assign(native.sh_addr, wide.sh_addr);
    assign(native.sh_offset, wide.sh_offset);
    assign(native.sh_size, wide.sh_size);
    assign(native.sh_link, wide.sh_link);
    assign(native.sh_info, wide.sh_info);
    assign(native.sh_addralign, wide.sh_addralign);
    assign(native.sh_entsize, wide.sh_entsize);
    translate(ELF_T_SHDR, native, out_.data() + table + i * sizeof native);
  }
  FileHeader native{};
  std::memcpy(native.e_ident, header.e_ident, EI_NIDENT);
  assign(native.e_type, header.e_type);
  assign(native.e_machine, header.e_machine);
  assign(native.e_version, header.e_version);
  assign(native.e_entry, header.e_entry);
  assign(native.e_phoff, header.e_phoff);
  assign(native.e_shoff, header.e_shoff);
  assign(native.e_flags, header.e_flags);
  assign(native.e_ehsize, header.e_ehsize);
  assign(native.e_phentsize, header.e_phentsize);
  assign(native.e_phnum, header.e_phnum);
  assign(native.e_shentsize, header.e_shentsize);
  assign(native.e_shnum, header.e_shnum);
  assign(native.e_shstrndx, header.e_shstrndx);
  translate(ELF_T_EHDR, native, out_.data());
}

std::vector<std::byte> FileLayout::finish(std::vector<GElf_Shdr> headers, std::size_t names) {
  const std::size_t alignment = file_.is_64() ? 8 : 4;
  out_.resize((out_.size() + alignment - 1) / alignment * alignment);
  const std::uint64_t table = out_.size();
  if (!file_.is_64() &&
      table + headers.size() * sizeof(Elf32_Shdr) > std::numeric_limits<std::uint32_t>::max())
    throw Error::of(
        "{}: would grow beyond 4 GiB, more than 32-bit ELF can hold; build it with "
        "less debug information",
        file_.path().string());

  // gABI, "Section Header": counts that do not fit into the ELF header stand in section 0.
  GElf_Ehdr header = file_.header();
  header.e_shoff = table;
  const bool many = headers.size() >= SHN_LORESERVE;
  const bool names_far = names >= SHN_LORESERVE;
  header.e_shnum = many ? GElf_Half{0} : static_cast<GElf_Half>(headers.size());
  header.e_shstrndx = names_far ? GElf_Half{SHN_XINDEX} : static_cast<GElf_Half>(names);
  headers.front().sh_size = many ? headers.size() : 0;
  headers.front().sh_link = names_far ? static_cast<GElf_Word>(names) : 0;

  if (file_.is_64())
    write_headers<Elf64_Ehdr, Elf64_Shdr>(header, headers);
  else
    write_headers<Elf32_Ehdr, Elf32_Shdr>(header, headers);
  return std::move(out_);
}

}  // namespace splitstrip
