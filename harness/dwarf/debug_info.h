// The DWARF of one ELF file, opened through libdw.
//
//   DebugInfo info = DebugInfo::open("libfoo.so.1");
//   for (const Unit& unit : info.units()) walk(unit.die());
//
// libdw is told nothing about separate files: what is not in this file is absent.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dwarf/die.h"
#include "elf/elf_file.h"

namespace splitstrip {

// One unit of .debug_info or .debug_types (DWARF 5, 7.5.1).
class Unit {
 public:
  Unit(const Dwarf_Die& die, Dwarf_Half version, std::uint8_t type, std::string_view file)
      : die_(die, file), version_(version), type_(type) {}

  const Die& die() const { return die_; }
  // 2 to 5.
  int version() const { return version_; }
  // DW_UT_*; for versions before 5 what libdw deduces.
  int type() const { return type_; }

 private:
  Die die_;
  Dwarf_Half version_;
  std::uint8_t type_;
};

// The units in file order as an input range.
class Units {
 public:
  class Iterator {
   public:
    using value_type = Unit;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    Iterator(Dwarf* dwarf, std::string_view file) : dwarf_(dwarf), file_(file) { ++*this; }
    const Unit& operator*() const { return *at_; }
    const Unit* operator->() const { return &*at_; }
    Iterator& operator++();
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return !at_; }

   private:
    Dwarf* dwarf_;
    std::string_view file_;
    Dwarf_CU* cu_ = nullptr;
    std::optional<Unit> at_;
  };

  Units(Dwarf* dwarf, std::string_view file) : dwarf_(dwarf), file_(file) {}
  Iterator begin() const { return Iterator(dwarf_, file_); }
  std::default_sentinel_t end() const { return {}; }

 private:
  Dwarf* dwarf_;
  std::string_view file_;
};

// Owns the ELF file and libdw's state. Moving it leaves every Die and string_view valid. Not for
// two threads at a time.
class DebugInfo {
 public:
  // Throws Error if the file holds no DWARF, or none that libdw can begin to read.
  explicit DebugInfo(ElfFile elf);
  // The units of split DWARF that lie in .dwo files beside the file are to be had from libdw
  // (dwarf_get_units). Throws as ElfFile::open() does, too.
  static DebugInfo open(const std::filesystem::path& file);

  Units units() const;
  const ElfFile& elf() const;
  // For what this wrapper leaves to libdw: lines, scopes, locations. Owned by this object.
  Dwarf* dwarf() const;
  // The file's path, or what stands for it in errors.
  const std::string& name() const;

 private:
  struct Owned;
  std::shared_ptr<Owned> owned_;
};

}  // namespace splitstrip
