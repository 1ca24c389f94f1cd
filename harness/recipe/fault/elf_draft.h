// An ELF file in which a fault is planted: its sections as bytes that may be written to.
//
//   ElfDraft debug("libfoo.so.debug");
//   debug.content(".debug_line")[100] ^= std::byte{1};
//   debug.save();
//
// What is not touched stays as it is. Unlike elf/elf_edit.h, which this uses, it keeps no promise
// that the result makes sense; that is the point of a fault.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "elf/elf_file.h"

namespace splitstrip {

class ElfDraft {
 public:
  // Throws Error if that is no ELF file.
  explicit ElfDraft(std::filesystem::path path);

  // The file as it was before any change.
  const ElfFile& elf() const { return elf_; }
  bool has(std::string_view section) const;  // with bytes in it
  bool changed() const;

  // The bytes of a section that is not loaded, decompressed, to be changed or resized. Valid until
  // save(). Throws Error if there is none with bytes in it.
  std::vector<std::byte>& content(const std::string& section);
  // The same to look at; that is no change.
  std::vector<std::byte> read(const std::string& section) const;
  // The bytes of a loaded section, to be changed where they are. Throws likewise.
  std::span<std::byte> loaded(const std::string& section);
  // Any byte of the file. Throws Error beyond its end.
  std::span<std::byte> range(std::uint64_t offset, std::uint64_t size);

  // A further section that is not loaded; replaces one of that name.
  void add(const std::string& section, std::vector<std::byte> bytes);
  void remove(const std::string& section);

  // A section's header in the file that is saved (gABI 4, "Section Header").
  void make_nobits(const std::string& section);
  void move_address(const std::string& section, std::uint64_t by);

  // Writes the file in place of the one that was read. Call once, last. Throws Error.
  void save();

 private:
  const Section& need(std::string_view section) const;
  void patch_headers(std::vector<std::byte>& file) const;

  std::filesystem::path path_;
  ElfFile elf_;
  std::vector<std::byte> file_;
  std::map<std::string, std::vector<std::byte>> contents_;
  std::set<std::string> removed_;
  std::set<std::string> hollow_;
  std::map<std::string, std::uint64_t> moved_;
  bool patched_ = false;
};

}  // namespace splitstrip
