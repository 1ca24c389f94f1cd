// An ELF file, read: libelf behind RAII, with every size and offset checked once, when it is
// opened.
//
//   const ElfFile elf = ElfFile::open("libfoo.so.1");
//   if (const Section* info = elf.section(".debug_info")) {
//     const SectionContents contents = elf.contents(*info);
//     use(contents.bytes());
//   }
//
// Source: System V ABI (gABI), chapters 4 and 5; elf(5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gelf.h>

#include "elf/mapped_file.h"

namespace splitstrip {

struct Section {
  std::size_t index = 0;  // in the section header table; extended numbering is resolved
  std::string_view name;  // points into the file
  GElf_Shdr header{};

  bool allocated() const { return (header.sh_flags & SHF_ALLOC) != 0; }
  bool nobits() const { return header.sh_type == SHT_NOBITS; }
};

// A section's bytes as its readers want them: decompressed. A view into the file wherever possible,
// so it must not outlive the ElfFile.
class SectionContents {
 public:
  explicit SectionContents(std::span<const std::byte> view) : view_(view) {}
  explicit SectionContents(std::vector<std::byte> owned)
      : owned_(std::move(owned)), view_(owned_) {}
  SectionContents(SectionContents&&) noexcept = default;
  SectionContents& operator=(SectionContents&&) noexcept = default;
  SectionContents(const SectionContents&) = delete;
  SectionContents& operator=(const SectionContents&) = delete;
  ~SectionContents() = default;

  std::span<const std::byte> bytes() const& { return view_; }
  std::span<const std::byte> bytes() const&& = delete;  // would outlive what it points into
  std::string_view text() const&& = delete;
  std::string_view text() const& {
    return {reinterpret_cast<const char*>(view_.data()), view_.size()};
  }

 private:
  std::vector<std::byte> owned_;
  std::span<const std::byte> view_;
};

// Not for two threads at a time: libelf reads lazily and keeps what it read. Threads open the file
// once each; mapping it again costs nothing.
class ElfFile {
 public:
  // Both throw Error for anything that is not one whole ELF file: not an ELF, a static archive, a
  // linker script, truncated, tables outside of the file, unreadable.
  static ElfFile open(const std::filesystem::path& path);
  // `name` stands in messages in place of a path.
  static ElfFile from_memory(std::vector<std::byte> bytes, std::filesystem::path name);

  // Throws Error unless the file is a shared library or an executable (ET_DYN, ET_EXEC), which is
  // what can be stripped and run; says what it is instead.
  void require_linked() const;

  const std::filesystem::path& path() const { return path_; }
  std::span<const std::byte> bytes() const { return file_.bytes(); }

  const GElf_Ehdr& header() const { return header_; }
  bool is_64() const { return header_.e_ident[EI_CLASS] == ELFCLASS64; }
  bool big_endian() const { return header_.e_ident[EI_DATA] == ELFDATA2MSB; }

  // All sections in the order of the table, the null section at index 0 included.
  const std::vector<Section>& sections() const { return sections_; }
  // The first section of that name, or nullptr.
  const Section* section(std::string_view name) const;
  // Whether the file itself holds DWARF: a .debug_info (or .zdebug_info) with bytes in it.
  bool has_dwarf() const;
  // Whether this is a separate debug file: its code is left out (SHT_NOBITS).
  bool is_debug_file() const;

  // The bytes as they lie in the file; none for a section without bytes in it (SHT_NOBITS).
  std::span<const std::byte> raw(const Section& section) const;
  // The bytes decompressed if SHF_COMPRESSED (zlib or zstd) or a .zdebug_ section. Throws Error if
  // that fails.
  SectionContents contents(const Section& section) const;
  bool compressed(const Section& section) const;

  const std::vector<GElf_Phdr>& program_headers() const { return program_headers_; }
  // DT_SONAME; empty if there is none.
  std::string_view soname() const;
  // The machine as `uname -m` says it: x86_64, aarch64, ppc64le, ...; "em_N" for others.
  std::string machine_name() const;

  // For libdw and libelf; owned by this object, not to be ended. What they change (libdw
  // decompresses sections in place) does not show in what this class answers.
  ::Elf* handle() const { return elf_.get(); }

 private:
  ElfFile(MappedFile file, std::filesystem::path path);
  void read_header();
  void read_sections();
  void read_program_headers();

  struct End {
    void operator()(::Elf* elf) const { elf_end(elf); }
  };

  std::filesystem::path path_;
  MappedFile file_;
  std::unique_ptr<::Elf, End> elf_;  // ends before the bytes go
  GElf_Ehdr header_{};
  std::vector<Section> sections_;
  std::vector<GElf_Phdr> program_headers_;
};

}  // namespace splitstrip
