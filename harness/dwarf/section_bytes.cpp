#include "dwarf/section_bytes.h"

#include "elf/decompress.h"
#include "facts/error.h"

namespace splitstrip {

ByteSpan expanded_section(const ElfFile& elf, std::string_view name,
                          std::vector<std::byte>& buffer) {
  const Section* section = elf.section(name);
  if (section == nullptr) section = elf.section(".z" + std::string(name.substr(1)));
  return section == nullptr ? ByteSpan{} : expanded_section(elf, *section, buffer);
}

ByteSpan expanded_section(const ElfFile& elf, const Section& section,
                          std::vector<std::byte>& buffer) {
  if (section.nobits()) return {};
  const bool old_form = section.name.starts_with(".z");
  const ByteSpan raw = elf.raw(section);
  if (!old_form && (section.header.sh_flags & SHF_COMPRESSED) == 0) return raw;
  const std::string what = fmt::format("{}: section {}", elf.path().string(), section.name);
  Bytes in(raw, old_form || elf.big_endian());
  auto how = SectionCompression::zlib;
  std::uint64_t size = 0;
  if (old_form) {
    in.skip(4);  // "ZLIB"
    size = in.u64();
  } else {
    const std::uint32_t type = in.u32();
    if (elf.is_64()) in.skip(4);
    size = in.sized(elf.is_64() ? 8 : 4);
    in.skip(elf.is_64() ? 8 : 4);       // ch_addralign
    constexpr std::uint32_t kZstd = 2;  // ELFCOMPRESS_ZSTD, newer than some elf.h
    if (type == kZstd) {
      how = SectionCompression::zstd;
    } else if (type != ELFCOMPRESS_ZLIB) {
      throw Error::of(
          "{}: is compressed in an unknown way ({}); decompress it with objcopy "
          "--decompress-debug-sections",
          what, type);
    }
  }
  if (!in.ok())
    throw Error::of("{}: is compressed and damaged; build or fetch the file again", what);
  buffer = decompress(how, in.block(in.left()), size, what);
  return buffer;
}

}  // namespace splitstrip
