// The fast reader: .debug_info as it lies in the file, unit by unit, without an object per DIE.
//
//   RawDwarf dwarf(elf, nullptr, 1);
//   for (const RawUnit& unit : dwarf.units()) {
//     DieCursor cursor(dwarf, unit);
//     ...
//
// libdw answers "what is attribute A of DIE D" by decoding D's abbreviation each time; a split has
// to look at every DIE of a library in milliseconds. This reader decodes each abbreviation table
// once, jumps over whole subtrees, and hands out attributes in the order in which they lie. All
// else that reads DWARF here uses libdw (dwarf/die.h).
//
// Understands DWARF 2 to 5, 32- and 64-bit, both byte orders, type units, and dwz's common file.
// Source: DWARF 5, chapter 7; GNU extensions as in binutils' dwarf2.def. Hostile input: nothing
// here throws after construction; what does not fit reads as absent.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include "dwarf/abbrev.h"
#include "dwarf/bytes.h"
#include "elf/elf_file.h"

namespace splitstrip {

// The sections of one file that units refer to.
struct RawFile {
  ByteSpan info, types, abbrev, str, line_str, str_offsets, addr, ranges, rnglists;
  bool big_endian = false;
  std::vector<std::vector<std::byte>> held;  // what had to be decompressed
};

// .debug_info or .debug_types of one file.
struct RawSpace {
  std::uint32_t file = 0;
  ByteSpan bytes;
  std::uint32_t first_unit = 0;
  std::uint32_t end_unit = 0;
};

struct RawUnit {
  std::uint32_t space = 0;
  std::uint64_t begin = 0;  // of the header, in the section
  std::uint64_t end = 0;
  std::uint32_t first_die = 0;  // from begin
  std::uint16_t version = 0;
  std::uint8_t type = 0;  // DW_UT_*, also for DWARF 2 to 4
  FormSizes sizes;
  const AbbrevTable* abbrevs = nullptr;
  std::uint64_t signature = 0;  // of a type unit
  std::uint64_t type_die = 0;   // of a type unit, from begin
  // From the unit's own DIE:
  std::uint16_t language = 0;  // DW_LANG_*
  std::uint64_t str_offsets_base = 0;
  std::uint64_t addr_base = 0;
  std::uint64_t rnglists_base = 0;
  std::uint64_t low_pc = 0;
  bool skeleton = false;  // its DIEs are in a .dwo file
};

// A DIE: the unit's index, and the offset from the unit's begin. Ordered as the DIEs lie.
struct DieRef {
  std::uint32_t unit = 0;
  std::uint32_t offset = 0;  // 0: no DIE

  explicit operator bool() const { return offset != 0; }
  friend auto operator<=>(const DieRef&, const DieRef&) = default;
};

class RawDwarf {
 public:
  // Both files must outlive this. `alt` is dwz's common file, or nullptr. Reads all unit headers,
  // unit DIEs and abbreviation tables, with `threads` threads. Throws Error if a section is
  // compressed and cannot be expanded.
  RawDwarf(const ElfFile& elf, const ElfFile* alt, unsigned threads);
  RawDwarf(const RawDwarf&) = delete;
  RawDwarf& operator=(const RawDwarf&) = delete;

  const std::vector<RawUnit>& units() const { return units_; }
  const RawSpace& space(const RawUnit& unit) const { return spaces_[unit.space]; }
  const RawFile& file(const RawUnit& unit) const { return files_[spaces_[unit.space].file]; }
  const RawFile* alt() const { return files_.size() > 1 ? &files_[1] : nullptr; }
  // Units of the file itself come before those of the common file.
  std::size_t own_units() const { return own_units_; }

  // The DIE at an offset into a section, or nothing if no unit covers it.
  DieRef at(std::uint32_t space, std::uint64_t offset) const;
  DieRef in_info_of(const RawUnit& unit, std::uint64_t offset) const;
  DieRef in_alt(std::uint64_t offset) const;
  // The type DIE of the type unit of that signature.
  DieRef of_signature(std::uint64_t signature) const;

  // From the unit's begin to its end.
  Bytes bytes(const RawUnit& unit) const {
    const RawSpace& in = spaces_[unit.space];
    return {in.bytes.subspan(unit.begin, unit.end - unit.begin), files_[in.file].big_endian};
  }

 private:
  std::uint32_t add_file(const ElfFile& elf, unsigned threads);
  void add_space(std::uint32_t file, ByteSpan bytes, bool types);
  const AbbrevTable* table(std::uint32_t file, std::uint64_t offset, const FormSizes& sizes);
  void read_tables(unsigned threads);
  void read_unit_die(RawUnit& unit) const;

  struct Table {
    std::uint32_t file;
    std::uint64_t offset;
    std::uint64_t end;  // where the next table begins
    FormSizes sizes;
    AbbrevTable table;
  };
  std::vector<RawFile> files_;  // [0] the file itself, [1] the common file
  std::vector<RawSpace> spaces_;
  std::vector<RawUnit> units_;
  std::size_t own_units_ = 0;
  std::deque<Table> tables_;
  std::unordered_multimap<std::uint64_t, Table*> table_at_;
  std::unordered_map<std::uint64_t, std::uint32_t> type_units_;
};

}  // namespace splitstrip
