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
// Understands DWARF 2 to 5, 32- and 64-bit, both byte orders, type units, dwz's common file, and
// split DWARF, whose units it takes out of .dwo files or a .dwp package.
// Source: DWARF 5, chapter 7; GNU extensions as in binutils' dwarf2.def. Hostile input: nothing
// here throws after construction; what does not fit reads as absent.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dwarf/abbrev.h"
#include "dwarf/bytes.h"
#include "dwarf/split_files.h"
#include "elf/elf_file.h"

namespace splitstrip {

// The sections of one file that units refer to; of a .dwp package, the parts of one unit.
struct RawFile {
  ByteSpan info, types, abbrev, str, line_str, str_offsets, addr, ranges, rnglists;
  // Only where a unit is Fortran: that is told by them alone how arguments are passed.
  ByteSpan loc, loclists;
  bool big_endian = false;
  std::uint32_t abbrev_file = 0;             // whose .debug_abbrev has the units' tables …
  std::uint64_t abbrev_base = 0;             // … and where in it offsets count from
  std::vector<std::vector<std::byte>> held;  // what had to be decompressed
};

// .debug_info or .debug_types of one file.
struct RawSpace {
  std::uint32_t file = 0;
  ByteSpan bytes;
  std::uint32_t info_space = 0;  // where references into .debug_info lead
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
  std::string_view producer;
  std::uint64_t str_offsets_base = 0;
  std::uint64_t addr_base = 0;
  std::uint64_t rnglists_base = 0;
  std::uint64_t loclists_base = 0;
  std::uint64_t ranges_base = 0;  // of a unit of split DWARF 4
  std::uint64_t low_pc = 0;
  std::uint64_t dwo_id = 0;      // of a skeleton, and of the unit that holds its DIEs
  bool skeleton = false;         // its DIEs are in a .dwo file …
  std::uint32_t split_unit = 0;  // … and that unit has this index; 0: see split_problem()
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
  // unit DIEs and abbreviation tables, with `threads` threads; of split DWARF those files that
  // `split` finds, which it keeps. Throws Error if a section of `elf` or `alt` is compressed and
  // cannot be expanded.
  RawDwarf(const ElfFile& elf, const ElfFile* alt, unsigned threads,
           const SplitFiles* split = nullptr);
  RawDwarf(const RawDwarf&) = delete;
  RawDwarf& operator=(const RawDwarf&) = delete;

  const std::vector<RawUnit>& units() const { return units_; }
  std::uint16_t machine() const { return machine_; }  // EM_*, of the file itself
  const RawSpace& space(const RawUnit& unit) const { return spaces_[unit.space]; }
  const RawFile& file(const RawUnit& unit) const { return files_[spaces_[unit.space].file]; }
  const RawFile* alt() const { return alt_file_ == 0 ? nullptr : &files_[alt_file_]; }
  // Units of the file itself and of its split files come before those of the common file.
  std::size_t own_units() const { return own_units_; }
  // Why a skeleton has no split unit, naming the file; empty if it has one, or is none.
  std::string_view split_problem(const RawUnit& unit) const;

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
  // A skeleton's way to its DIEs.
  struct Skeleton {
    std::uint32_t unit = 0;
    std::string_view name, directory;
    std::uint64_t ranges_base = 0;  // DW_AT_GNU_ranges_base, which counts for its split unit
  };
  // What one split file brought.
  struct SplitGroup {
    std::size_t first_unit = 0;
    std::size_t end_unit = 0;
    bool wanted = false;  // some skeleton means one of the units
  };
  struct SplitUnit {
    std::uint32_t unit = 0;
    std::uint32_t group = 0;
    bool taken = false;  // by a skeleton
  };

  std::uint32_t add_file(const ElfFile& elf, unsigned threads, std::string_view suffix = {});
  void add_spaces(std::uint32_t file);
  // Once the units of `file`, which came from `elf`, are read.
  void add_locations(const ElfFile& elf, std::uint32_t file, std::string_view suffix = {});
  void add_space(std::uint32_t file, ByteSpan bytes, bool types, std::uint32_t info_space);
  const AbbrevTable* table(std::uint32_t file, std::uint64_t offset, const FormSizes& sizes);
  // Of what was added since the last call.
  void read_tables(unsigned threads);
  void read_unit_die(RawUnit& unit);
  // raw_split.cpp:
  void add_split(const SplitFiles& files, unsigned threads);
  void add_package(const std::filesystem::path& path, const std::vector<Skeleton>& skeletons,
                   unsigned threads);
  void add_dwo(const std::filesystem::path& path, unsigned threads);
  void note_split_units(std::size_t first_unit);
  bool link_skeleton(const Skeleton& skeleton);
  std::string find_dwo(const Skeleton& skeleton, const SplitFiles& files, unsigned threads);
  const ElfFile& open_split(const std::filesystem::path& path);

  struct Table {
    std::uint32_t file;
    std::uint64_t offset;
    std::uint64_t end;  // where the next table begins
    FormSizes sizes;
    AbbrevTable table;
  };
  std::uint16_t machine_ = 0;
  std::vector<RawFile> files_;  // [0] the file itself
  std::vector<RawSpace> spaces_;
  std::vector<RawUnit> units_;
  std::size_t own_units_ = 0;
  std::uint32_t alt_file_ = 0;  // 0: none
  std::uint32_t alt_space_ = 0;
  std::size_t tables_read_ = 0;
  std::size_t units_read_ = 0;
  std::vector<Skeleton> skeletons_;
  std::deque<ElfFile> split_elves_;
  std::vector<SplitGroup> split_groups_;
  // By device and inode: why the file cannot be read, or nothing.
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::string> split_known_;
  std::unordered_map<std::uint64_t, SplitUnit> split_units_;       // by dwo_id
  std::unordered_map<std::uint32_t, std::string> split_problems_;  // by unit
  std::deque<Table> tables_;
  std::unordered_multimap<std::uint64_t, Table*> table_at_;
  std::unordered_map<std::uint64_t, std::uint32_t> type_units_;
};

}  // namespace splitstrip
