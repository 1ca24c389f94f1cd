#include "elf/identity.h"

#include <fmt/format.h>
#include <zlib.h>

namespace splitstrip {
namespace {

constexpr std::string_view gnu_owner("GNU\0", 4);

std::string_view text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The build-id among the notes of one section.
std::optional<BuildId> build_id_in(const ElfFile& elf, const Section& section) {
  ::Elf_Data* data = elf_getdata(elf_getscn(elf.handle(), section.index), nullptr);
  if (data == nullptr || data->d_buf == nullptr) return std::nullopt;
  const std::string_view notes(static_cast<const char*>(data->d_buf), data->d_size);
  GElf_Nhdr header{};
  std::size_t name = 0;
  std::size_t description = 0;
  for (std::size_t at = 0, next = 0;
       (next = gelf_getnote(data, at, &header, &name, &description)) > at; at = next) {
    if (header.n_type != NT_GNU_BUILD_ID || header.n_namesz != gnu_owner.size() ||
        header.n_descsz == 0)
      continue;
    if (notes.substr(name, header.n_namesz) != gnu_owner) continue;
    const std::size_t offset = section.header.sh_offset + description;
    if (offset > elf.bytes().size() || header.n_descsz > elf.bytes().size() - offset) continue;
    return BuildId{elf.bytes().subspan(offset, header.n_descsz), offset};
  }
  return std::nullopt;
}

}  // namespace

std::string to_hex(std::span<const std::byte> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const std::byte b : bytes) {
    hex += digits[std::to_integer<unsigned>(b) >> 4];
    hex += digits[std::to_integer<unsigned>(b) & 15];
  }
  return hex;
}

std::string BuildId::hex() const {
  return to_hex(bytes);
}

std::string build_id_file(std::string_view hex) {
  return fmt::format(".build-id/{}/{}.debug", hex.substr(0, 2), hex.substr(2));
}

std::optional<BuildId> build_id(const ElfFile& elf) {
  for (const Section& section : elf.sections()) {
    if (section.header.sh_type != SHT_NOTE) continue;
    if (auto id = build_id_in(elf, section)) return id;
  }
  return std::nullopt;
}

std::optional<DebugLink> debug_link(const ElfFile& elf) {
  const Section* section = elf.section(".gnu_debuglink");
  if (section == nullptr || elf.compressed(*section)) return std::nullopt;
  const std::span<const std::byte> bytes = elf.raw(*section);
  const std::size_t end = text(bytes).find('\0');
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  const std::size_t crc_at = (end + 4) / 4 * 4;  // after the NUL, aligned to 4 bytes
  if (crc_at + 4 > bytes.size()) return std::nullopt;

  std::uint32_t crc = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t at = crc_at + (elf.big_endian() ? i : 3 - i);
    crc = crc << 8 | std::to_integer<std::uint32_t>(bytes[at]);
  }
  return DebugLink{text(bytes.first(end)), crc, section->header.sh_offset + crc_at};
}

std::optional<AltLink> alt_link(const ElfFile& elf) {
  const Section* section = elf.section(".gnu_debugaltlink");
  if (section == nullptr || elf.compressed(*section)) return std::nullopt;
  const std::span<const std::byte> bytes = elf.raw(*section);
  const std::size_t end = text(bytes).find('\0');
  if (end == std::string_view::npos || end == 0 || end + 1 == bytes.size()) return std::nullopt;
  return AltLink{text(bytes.first(end)), to_hex(bytes.subspan(end + 1))};
}

std::uint32_t debug_link_crc(std::span<const std::byte> file) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(file.data()), file.size()));
}

}  // namespace splitstrip
