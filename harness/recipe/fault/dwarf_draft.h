// The DIEs of one file, to plant faults in: a field of a DIE is changed where it lies, and a DIE
// that is to lose a field, or itself, gets an abbreviation of its own. So no offset moves, and
// nothing else in the file changes.
//
//   DwarfDraft dwarf(debug.elf(), info, abbrev);
//   const Die member = dwarf.need("a member", [](const Die& die, const Die&) {
//     return die.tag() == DW_TAG_member;
//   });
//   dwarf.set(member, DW_AT_data_member_location, 99);
//   dwarf.finish();
//
// Source: DWARF 5, 7.5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "dwarf/debug_info.h"
#include "elf/elf_file.h"

namespace splitstrip {

// What an unknown tag or attribute is called: of the range that is the vendors', and nobody's.
inline constexpr unsigned unknown_tag = 0x5fff;
inline constexpr unsigned unknown_attribute = 0x3ff0;

class DwarfDraft {
 public:
  // `info` and `abbrev` are the decompressed .debug_info and .debug_abbrev of `elf`, which is read
  // and not changed; both outlive this. Throws Error if there is no DWARF in it.
  DwarfDraft(const ElfFile& elf, std::vector<std::byte>& info, std::vector<std::byte>& abbrev);

  using Suits = std::function<bool(const Die& die, const Die& parent)>;
  // The first DIE in file order, the units' own left out. need() throws Error, which says that the
  // library has no `what`.
  std::optional<Die> first(const Suits& suits) const;
  Die need(std::string_view what, const Suits& suits) const;
  // The units' own DIEs.
  std::vector<Die> units() const;
  [[noreturn]] void no_place(std::string_view what) const;

  // The value of an attribute that is a number, an address, an offset into another section, a
  // string's offset or a reference (then of the DIE's offset within .debug_info); nothing if it is
  // absent or of another kind.
  std::optional<std::uint64_t> number(const Die& die, unsigned attribute) const;
  // The bytes of an attribute that is an expression or a block; empty if it is absent or of another
  // kind.
  std::span<std::byte> block(const Die& die, unsigned attribute);

  // Throw Error if the attribute is absent, or if its form has no room for the value.
  void set(const Die& die, unsigned attribute, std::uint64_t value);
  void refer(const Die& die, unsigned attribute, const Die& target);
  // Another name of one letter less or with one letter changed.
  void rename(const Die& die, unsigned attribute = DW_AT_name);

  // The DIE becomes one of a tag that nobody knows, its children with it.
  void lose(const Die& die);
  void lose(const Die& die, unsigned attribute);
  void retag(const Die& die, unsigned tag);

  // Where a unit's header begins, and where it ends.
  std::uint64_t unit_begin(const Die& die) const;
  std::uint64_t unit_end(const Die& die) const;

  // Writes the abbreviations. Call once, last. Throws Error if there is no room for one.
  void finish();

 private:
  struct Attribute {
    unsigned name;
    unsigned form;
    std::int64_t implicit;  // DW_FORM_implicit_const
  };
  struct Abbreviation {
    unsigned tag = 0;
    bool children = false;
    std::vector<Attribute> attributes;
  };

  std::optional<Die> search(const Die& parent, const Suits& suits, unsigned depth) const;
  // Where the attribute's bytes lie in .debug_info; empty if it has none there.
  std::span<std::byte> place(const Die& die, unsigned attribute) const;
  Abbreviation& own(const Die& die);
  void number_abbreviations(std::uint64_t unit, const std::vector<std::uint64_t>& dies);

  DebugInfo read_;
  std::vector<std::byte>& info_;
  std::vector<std::byte>& abbrev_;
  bool big_endian_;
  std::map<std::uint64_t, Abbreviation> own_;       // by the DIE's offset
  std::map<std::uint64_t, std::uint64_t> unit_of_;  // of those, the unit's begin
};

}  // namespace splitstrip
