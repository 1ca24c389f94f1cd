// Changes an ELF file that is otherwise to stay as it is.
//
//   ElfEdit edit(ElfFile::open("libfoo.so.1"));
//   edit.put_section({.name = ".gnu_typedata", .bytes = bytes});
//   edit.write("out/libfoo.so.1");
//
// All that a running program sees (headers of segments, allocated sections, their addresses) and
// every other section keeps its bytes and its index. What changes is the end of the file: the new
// section, the section names, the section header table. Putting a section and removing it again
// gives back the same file, if that ended with its section headers.
//
// Source: System V ABI (gABI), chapter 4.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "elf/elf_file.h"
#include "elf/file_layout.h"

namespace splitstrip {

// A section that is not loaded. `bytes` must outlive the edit.
struct NewSection {
  std::string name;
  std::span<const std::byte> bytes;
  std::uint32_t type = SHT_PROGBITS;
  std::uint64_t flags = 0;      // without SHF_ALLOC
  std::uint64_t alignment = 1;  // a power of two
  std::uint64_t entry_size = 0;
};

class ElfEdit {
 public:
  // `file` must outlive the edit.
  explicit ElfEdit(const ElfFile& file);

  // Adds the section as the last one, or replaces bytes, type, flags and alignment of the one that
  // has its name; links of that one stay. Throws Error if that one is loaded (SHF_ALLOC).
  void put_section(const NewSection& section);

  // Removes the section if there is one of that name; returns whether there was. Indices of later
  // sections go down by one, also in links and symbols. Throws Error if it is loaded, or if
  // something still refers to it.
  bool remove_section(std::string_view name);

  // Overwrites the bytes of the build-id note; the same number of bytes as it has. Throws Error if
  // there is no build-id, or one of another length.
  void set_build_id(std::span<const std::byte> bytes);

  // Overwrites the CRC in .gnu_debuglink. Throws Error if there is none.
  void set_debug_link_crc(std::uint32_t crc);

  // The changed file. Throws Error if the changes contradict what the file holds.
  std::vector<std::byte> bytes() const;

  // Writes it whole or not at all (facts/atomic_file.h), with the permissions that the file it was
  // made of has.
  void write(const std::filesystem::path& path) const;

 private:
  struct Entry {
    GElf_Shdr header{};
    std::string name;
    std::optional<std::span<const std::byte>> replaced;  // instead of what lies in the file
    bool added = false;                                  // was not in the file
  };

  std::size_t index_of(std::string_view name) const;  // 0 if there is none
  void refuse_loaded(const Entry& entry) const;
  void refuse_referred(std::size_t index) const;
  std::vector<std::size_t> movable() const;
  std::uint32_t add_name(const std::string& name);
  void drop_name(std::uint32_t offset, const std::string& name);

  const ElfFile& file_;
  std::vector<Entry> entries_;               // one per section header, the null section first
  std::vector<std::byte> names_;             // content of the section name table
  std::size_t names_index_ = 0;              // of that table in entries_
  std::uint64_t removed_from_ = UINT64_MAX;  // lowest offset in the file of a removed section
  std::vector<BytePatch> patches_;           // in place
};

}  // namespace splitstrip
