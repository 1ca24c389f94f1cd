#include "elf/elf_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "elf/decompress.h"
#include "elf/other_formats.h"
#include "facts/error.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view remedy = "build or fetch it again";

bool starts_with(std::span<const std::byte> bytes, std::string_view text) {
  return bytes.size() >= text.size() && std::memcmp(bytes.data(), text.data(), text.size()) == 0;
}

// Whether [offset, offset + size) lies within `total` bytes.
bool within(std::uint64_t offset, std::uint64_t size, std::uint64_t total) {
  return offset <= total && size <= total - offset;
}

std::uint64_t number(std::span<const std::byte> bytes, bool big_endian) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    value =
        value << 8 | std::to_integer<std::uint64_t>(bytes[big_endian ? i : bytes.size() - 1 - i]);
  return value;
}

}  // namespace

ElfFile ElfFile::open(const fs::path& path) {
  return {MappedFile::open(path), path};
}

ElfFile ElfFile::from_memory(std::vector<std::byte> bytes, fs::path name) {
  return {MappedFile(std::move(bytes)), std::move(name)};
}

ElfFile::ElfFile(MappedFile file, fs::path path) : path_(std::move(path)), file_(std::move(file)) {
  refuse_other_formats(bytes(), path_);
  elf_version(EV_CURRENT);
  // libelf marks sections that it decompressed in the section headers where they lie.
  const std::span<std::byte> image = file_.writable();
  elf_.reset(elf_memory(reinterpret_cast<char*>(image.data()), image.size()));
  if (!elf_ || elf_kind(elf_.get()) != ELF_K_ELF)
    throw Error::of("{}: has a damaged or truncated ELF header; {}", path_.string(), remedy);
  read_header();
  read_sections();
  read_program_headers();
}

void ElfFile::read_header() {
  if (gelf_getehdr(elf_.get(), &header_) == nullptr || header_.e_version != EV_CURRENT ||
      (header_.e_ident[EI_DATA] != ELFDATA2LSB && header_.e_ident[EI_DATA] != ELFDATA2MSB))
    throw Error::of("{}: has a damaged ELF header; {}", path_.string(), remedy);
}

void ElfFile::read_sections() {
  if (header_.e_shoff == 0)
    throw Error::of("{}: has no section headers, so there is nothing to strip or to find; {}",
                    path_.string(), remedy);
  const std::size_t entry = is_64() ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
  // libelf shortens a table that leaves the file to what lies within: compare with what is promised
  // before asking it.
  if (header_.e_shentsize != entry || !within(header_.e_shoff, entry, bytes().size()))
    throw Error::of("{}: is truncated or damaged: its section headers lie outside of the file; {}",
                    path_.string(), remedy);
  std::size_t count = 0;
  std::size_t names = 0;
  if (elf_getshdrnum(elf_.get(), &count) != 0 || elf_getshdrstrndx(elf_.get(), &names) != 0 ||
      count < header_.e_shnum || (count != 0 && (bytes().size() - header_.e_shoff) / entry < count))
    throw Error::of("{}: is truncated or damaged: its section headers lie outside of the file; {}",
                    path_.string(), remedy);

  sections_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    Section& section = sections_[i];
    section.index = i;
    ::Elf_Scn* scn = elf_getscn(elf_.get(), i);
    if (scn == nullptr || gelf_getshdr(scn, &section.header) == nullptr)
      throw Error::of("{}: header of section {} cannot be read; {}", path_.string(), i, remedy);
    if (i != 0 && section.header.sh_type != SHT_NULL && !section.nobits() &&
        !within(section.header.sh_offset, section.header.sh_size, bytes().size()))
      throw Error::of("{}: is truncated or damaged: section {} lies outside of the file; {}",
                      path_.string(), i, remedy);
  }
  if (names == 0) return;
  if (names >= count || sections_[names].header.sh_type != SHT_STRTAB)
    throw Error::of("{}: is damaged: its section names cannot be found; {}", path_.string(),
                    remedy);
  const std::span<const std::byte> table = raw(sections_[names]);
  for (Section& section : sections_) {
    if (section.header.sh_name >= table.size() && section.header.sh_name != 0)
      throw Error::of("{}: is damaged: section {} has no name; {}", path_.string(), section.index,
                      remedy);
    if (table.empty()) continue;
    const std::string_view rest(reinterpret_cast<const char*>(table.data()), table.size());
    section.name = rest.substr(section.header.sh_name);
    section.name = section.name.substr(0, section.name.find('\0'));
  }
}

void ElfFile::read_program_headers() {
  if (header_.e_phoff == 0) return;
  std::size_t count = 0;
  const std::size_t entry = is_64() ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
  if (elf_getphdrnum(elf_.get(), &count) != 0 || count < header_.e_phnum % PN_XNUM ||
      header_.e_phoff > bytes().size() || (bytes().size() - header_.e_phoff) / entry < count)
    throw Error::of("{}: is truncated or damaged: its program headers lie outside of the file; {}",
                    path_.string(), remedy);
  program_headers_.resize(count);
  for (std::size_t i = 0; i < count; ++i)
    if (gelf_getphdr(elf_.get(), static_cast<int>(i), &program_headers_[i]) == nullptr)
      throw Error::of("{}: program header {} cannot be read; {}", path_.string(), i, remedy);
}

void ElfFile::require_linked() const {
  switch (header_.e_type) {
    case ET_DYN:
    case ET_EXEC:
      return;
    case ET_REL:
      throw Error::of("{}: is an object file that is not linked; name a shared library or program",
                      path_.string());
    case ET_CORE:
      throw Error::of("{}: is a core file; name a shared library or program", path_.string());
    default:
      throw Error::of("{}: is an ELF file of unknown type {}; name a shared library or program",
                      path_.string(), header_.e_type);
  }
}

const Section* ElfFile::section(std::string_view name) const {
  const auto found =
      std::ranges::find_if(sections_, [&](const Section& s) { return s.name == name; });
  return found == sections_.end() ? nullptr : &*found;
}

bool ElfFile::has_dwarf() const {
  return std::ranges::any_of(sections_, [](const Section& s) {
    return (s.name == ".debug_info" || s.name == ".zdebug_info") && !s.nobits() &&
           s.header.sh_size != 0;
  });
}

bool ElfFile::is_debug_file() const {
  // All of them: where the PLT is filled in at run time, it alone has no bytes in a library too.
  const auto code = [](const Section& s) {
    return s.allocated() && (s.header.sh_flags & SHF_EXECINSTR) != 0;
  };
  return std::ranges::any_of(sections_, code) &&
         std::ranges::none_of(sections_, [&](const Section& s) { return code(s) && !s.nobits(); });
}

std::span<const std::byte> ElfFile::raw(const Section& section) const {
  if (section.nobits() || section.header.sh_type == SHT_NULL) return {};
  return bytes().subspan(section.header.sh_offset, section.header.sh_size);
}

bool ElfFile::compressed(const Section& section) const {
  if (section.nobits()) return false;
  return (section.header.sh_flags & SHF_COMPRESSED) != 0 ||
         (section.name.starts_with(".zdebug") && starts_with(raw(section), "ZLIB"));
}

SectionContents ElfFile::contents(const Section& section) const {
  const std::span<const std::byte> packed = raw(section);
  if (!compressed(section)) return SectionContents(packed);
  const std::string what = fmt::format("{}: section {}", path_.string(), section.name);

  if ((section.header.sh_flags & SHF_COMPRESSED) == 0) {
    // GNU's form before the gABI had one: "ZLIB", then the size as 8 bytes, big endian.
    constexpr std::size_t prefix = 12;
    if (packed.size() < prefix) throw Error::of("{}: is truncated; {}", what, remedy);
    const std::uint64_t size = number(packed.subspan(4, 8), true);
    return SectionContents(
        decompress(SectionCompression::zlib, packed.subspan(prefix), size, what));
  }

  // Not with gelf_getchdr(), which finds nothing once libdw has decompressed the section.
  const std::size_t prefix = is_64() ? sizeof(Elf64_Chdr) : sizeof(Elf32_Chdr);
  if (packed.size() < prefix) throw Error::of("{}: is truncated; {}", what, remedy);
  const std::uint64_t type = number(packed.first(4), big_endian());
  const std::uint64_t size =
      number(is_64() ? packed.subspan(8, 8) : packed.subspan(4, 4), big_endian());
  constexpr unsigned zstd = 2;  // ELFCOMPRESS_ZSTD, newer than some elf.h
  if (type != ELFCOMPRESS_ZLIB && type != zstd)
    throw Error::of(
        "{}: is compressed in an unknown way ({}); decompress it with objcopy "
        "--decompress-debug-sections",
        what, type);
  return SectionContents(
      decompress(type == zstd ? SectionCompression::zstd : SectionCompression::zlib,
                 packed.subspan(prefix), size, what));
}

std::string_view ElfFile::soname() const {
  for (const Section& section : sections_) {
    if (section.header.sh_type != SHT_DYNAMIC) continue;
    ::Elf_Data* data = elf_getdata(elf_getscn(elf_.get(), section.index), nullptr);
    if (data == nullptr) continue;
    GElf_Dyn dynamic{};
    for (int i = 0; gelf_getdyn(data, i, &dynamic) != nullptr && dynamic.d_tag != DT_NULL; ++i) {
      if (dynamic.d_tag != DT_SONAME) continue;
      const char* name = elf_strptr(elf_.get(), section.header.sh_link, dynamic.d_un.d_val);
      return name == nullptr ? std::string_view() : std::string_view(name);
    }
  }
  return {};
}

std::string ElfFile::machine_name() const {
  switch (header_.e_machine) {
    case EM_X86_64:
      return is_64() ? "x86_64" : "x32";
    case EM_386:
      return "i686";
    case EM_AARCH64:
      return "aarch64";
    case EM_ARM:
      return "armv7l";
    case EM_PPC64:
      return big_endian() ? "ppc64" : "ppc64le";
    case EM_S390:
      return is_64() ? "s390x" : "s390";
    case EM_RISCV:
      return is_64() ? "riscv64" : "riscv32";
    case EM_LOONGARCH:
      return is_64() ? "loongarch64" : "loongarch32";
    default:
      return fmt::format("em_{}", header_.e_machine);
  }
}

}  // namespace splitstrip
