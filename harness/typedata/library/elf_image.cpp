#include "typedata/library/elf_image.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <elf.h>

#include "typedata/library/failure.h"

namespace splitstrip::library {
namespace {

// Far above what linkers write (-ffunction-sections in an object comes to some ten thousands).
constexpr std::uint64_t kMostSections = 1 << 20;
constexpr std::uint64_t kMostNames = 64 << 20;

struct Header {
  std::uint64_t address, offset, size, flags;
  std::uint32_t name, type, link;
};

Header read_header(Bytes& in, bool is_64) {
  Header header{};
  header.name = in.u32();
  header.type = in.u32();
  const unsigned word = is_64 ? 8 : 4;
  header.flags = in.sized(word);
  header.address = in.sized(word);
  header.offset = in.sized(word);
  header.size = in.sized(word);
  header.link = in.u32();
  in.u32();  // sh_info
  in.sized(word);
  in.sized(word);
  return header;
}

}  // namespace

ElfImage::ElfImage(Read read, std::uint64_t size, std::string name, typedata_status bad_status)
    : read_(std::move(read)), size_(size), name_(std::move(name)), bad_(bad_status) {
  std::array<std::byte, sizeof(Elf64_Ehdr)> start{};
  const std::size_t most = static_cast<std::size_t>(std::min<std::uint64_t>(size_, start.size()));
  if (most < sizeof(Elf32_Ehdr) || !read_(0, std::span(start).first(most)) ||
      std::memcmp(start.data(), ELFMAG, SELFMAG) != 0) {
    bad("is no ELF file");
  }
  const auto ident = [&](int at) { return static_cast<unsigned char>(start[at]); };
  is_64_ = ident(EI_CLASS) == ELFCLASS64;
  big_endian_ = ident(EI_DATA) == ELFDATA2MSB;
  if ((!is_64_ && ident(EI_CLASS) != ELFCLASS32) ||
      (!big_endian_ && ident(EI_DATA) != ELFDATA2LSB) || (is_64_ && most < sizeof(Elf64_Ehdr))) {
    bad("is no ELF file of a known class");
  }
  Bytes in(ByteSpan(start.data(), most), big_endian_);
  const unsigned word = is_64_ ? 8 : 4;
  in.seek(EI_NIDENT);
  type_ = in.u16();
  machine_ = in.u16();
  in.u32();        // e_version
  in.sized(word);  // e_entry
  in.sized(word);  // e_phoff
  const std::uint64_t table = in.sized(word);
  in.u32();  // e_flags
  in.u16();  // e_ehsize
  in.u16();  // e_phentsize
  in.u16();  // e_phnum
  const unsigned entry_size = in.u16();
  const std::uint64_t count = in.u16();
  const std::uint64_t names = in.u16();
  if (table != 0) read_sections(table, entry_size, count, names);
}

void ElfImage::bad(std::string_view why) const {
  throw Failure::of(bad_, "{}: {}: build or fetch it again", name_, why);
}

std::vector<std::byte> ElfImage::read(std::uint64_t offset, std::uint64_t size) const {
  if (offset > size_ || size > size_ - offset) bad("is cut off");
  std::vector<std::byte> bytes(size);
  if (size != 0 && !read_(offset, bytes)) bad("is cut off");
  return bytes;
}

void ElfImage::read_sections(std::uint64_t table, unsigned entry_size, std::uint64_t count,
                             std::uint64_t names) {
  const unsigned least = is_64_ ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
  if (entry_size < least) bad("has section headers of no known size");
  // Extended numbering: what does not fit stands in the null section.
  if (count == 0 || names == SHN_XINDEX) {
    const auto first = read(table, entry_size);
    Bytes in(first, big_endian_);
    const Header null = read_header(in, is_64_);
    if (count == 0) count = null.size;
    if (names == SHN_XINDEX) names = null.link;
  }
  if (count > kMostSections) bad("has more sections than any honest file");
  const auto headers = read(table, count * entry_size);
  std::vector<std::uint32_t> name_offsets;
  for (std::uint64_t i = 0; i < count; ++i) {
    Bytes in(ByteSpan(headers).subspan(i * entry_size, entry_size), big_endian_);
    const Header header = read_header(in, is_64_);
    name_offsets.push_back(header.name);
    sections_.push_back(
        {{}, header.type, header.link, header.flags, header.address, header.offset, header.size});
  }
  if (names >= count || sections_[names].size > kMostNames) return;
  const auto text = contents(sections_[names]);
  for (std::uint64_t i = 0; i < count; ++i) {
    Bytes in(text, big_endian_);
    in.seek(name_offsets[i]);
    sections_[i].name = in.string();
  }
}

const ElfSection* ElfImage::section(std::string_view name) const {
  const auto found = std::find_if(sections_.begin(), sections_.end(),
                                  [name](const ElfSection& each) { return each.name == name; });
  return found == sections_.end() ? nullptr : &*found;
}

const ElfSection* ElfImage::of_type(std::uint32_t type) const {
  const auto found = std::find_if(sections_.begin(), sections_.end(),
                                  [type](const ElfSection& each) { return each.type == type; });
  return found == sections_.end() ? nullptr : &*found;
}

const ElfSection* ElfImage::number(std::uint32_t index) const {
  return index < sections_.size() ? &sections_[index] : nullptr;
}

std::vector<std::byte> ElfImage::contents(const ElfSection& section) const {
  if (section.type == SHT_NOBITS) return {};
  return read(section.offset, section.size);
}

ElfImage::Read read_from_memory(const std::vector<std::byte>& bytes) {
  return [&bytes](std::uint64_t offset, std::span<std::byte> to) {
    if (offset > bytes.size() || to.size() > bytes.size() - offset) return false;
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), to.size(), to.begin());
    return true;
  };
}

bool ElfImage::begins_with(ByteSpan bytes) const {
  if (bytes.size() > size_) return false;
  std::vector<std::byte> own(bytes.size());
  return read_(0, own) && std::equal(own.begin(), own.end(), bytes.begin());
}

std::vector<std::byte> ElfImage::build_id() const {
  constexpr std::uint64_t most = 1 << 20;  // notes are some hundred bytes
  for (const ElfSection& section : sections_) {
    if (section.type != SHT_NOTE || section.size > most) continue;
    const auto notes = contents(section);
    const ByteSpan id = build_id_in(notes, big_endian_);
    if (!id.empty()) return {id.begin(), id.end()};
  }
  return {};
}

ByteSpan build_id_in(ByteSpan notes, bool big_endian) {
  Bytes in(notes, big_endian);
  while (in.ok() && in.left() >= 12) {
    const std::uint32_t name_size = in.u32();
    const std::uint32_t size = in.u32();
    const std::uint32_t type = in.u32();
    const ByteSpan name = in.block(name_size);
    in.skip(std::min<std::uint64_t>(-name_size & 3U, in.left()));
    const ByteSpan content = in.block(size);
    if (!in.ok()) break;
    if (type == NT_GNU_BUILD_ID && name_size == 4 && std::memcmp(name.data(), "GNU", 4) == 0) {
      return content;
    }
    in.skip(std::min<std::uint64_t>(-size & 3U, in.left()));
  }
  return {};
}

}  // namespace splitstrip::library
