// Writes units of plain DWARF 5: trees of DIEs become .debug_info and .debug_abbrev.
//
//   DwarfWriter out;
//   auto type = out.add(DwarfWriter::kUnit, DW_TAG_base_type);
//   out.text(type, DW_AT_name, "int");
//   out.number(type, DW_AT_byte_size, 4);
//   auto variable = out.add(DwarfWriter::kUnit, DW_TAG_variable);
//   out.reference(variable, DW_AT_type, type);
//   DwarfWriter::Sections sections = out.write(8, false);
//
// Forms are chosen so that the result compresses well: strings inline, beside what they belong to
// (two equal members are equal bytes then); references as ULEB128 from the unit's start, so that a
// type is the same bytes wherever it is referred to and the first ones take one or two; numbers
// that hardly vary in the abbreviation; no DW_AT_sibling. Sibling DIEs are written in the order in
// which they were added, and so are units, which share their abbreviations. A reference into
// another unit is a DW_FORM_ref_addr.
//
// Source: DWARF 5, 7.5.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dwarf/bytes.h"

namespace splitstrip {

class DwarfWriter {
 public:
  using Die = std::uint32_t;
  static constexpr Die kUnit = 0;  // the first DW_TAG_compile_unit, there from the start

  DwarfWriter();

  // Room for so many more, so that nothing moves while they are added.
  void reserve(std::size_t dies, std::size_t attributes);
  Die add(Die parent, std::uint16_t tag);
  // One more DW_TAG_compile_unit.
  Die add_unit();
  // Each attribute once for each DIE, and all of a DIE's in one go, before those of another one.
  // Strings and blocks must live until write().
  void number(Die die, std::uint16_t name, std::uint64_t value);
  void negative(Die die, std::uint16_t name, std::int64_t value);
  void flag(Die die, std::uint16_t name);
  void text(Die die, std::uint16_t name, std::string_view value);
  // An expression; or with `plain` bytes that are a value.
  void block(Die die, std::uint16_t name, ByteSpan value, bool plain = false);
  // `target` may be added later.
  void reference(Die die, std::uint16_t name, Die target);

  struct Sections {
    std::string info;
    std::string abbrev;
  };
  // `address_size` in bytes, for the units' headers. Throws Error if it outgrows 32-bit DWARF.
  Sections write(unsigned address_size, bool big_endian);

 private:
  enum class Kind : std::uint8_t { number, negative, flag, text, block, plain, reference };
  struct Attribute {
    std::uint64_t value = 0;  // number, target, or where text or block lies
    std::uint32_t size = 0;   // of text or block
    std::uint16_t name = 0;
    std::uint8_t form = 0;  // chosen by write(); all that it chooses are below 256
    Kind kind = Kind::number;
  };
  struct Node {
    std::uint16_t tag = 0;
    Die first_child = 0, last_child = 0, next = 0;
    std::uint32_t first_attribute = 0;
    std::uint16_t attributes = 0;
    std::uint32_t abbrev = 0;
    std::uint32_t offset = 0;  // from the unit's begin
    std::uint32_t unit = 0;    // into units_
  };
  struct Unit {
    Die die = 0;
    std::uint64_t begin = 0;  // of the header, in .debug_info
  };

  std::span<Attribute> of(const Node& node) {
    return {attributes_.data() + node.first_attribute, node.attributes};
  }
  std::span<const Attribute> of(const Node& node) const {
    return {attributes_.data() + node.first_attribute, node.attributes};
  }
  Attribute& add_attribute(Die die, std::uint16_t name, Kind kind);
  bool same_shape(const Node& a, const Node& b) const;
  std::uint64_t shape_hash(const Node& node) const;
  void choose_forms();
  void number_abbrevs(std::string& section);
  void place(std::uint64_t header);
  void emit(Die unit, bool big_endian, std::string& out) const;
  std::uint64_t attribute_size(const Attribute& attribute) const;
  template <typename Visit>
  void in_order(Die unit, Visit visit) const;

  std::vector<Node> nodes_;
  std::vector<Unit> units_;
  std::vector<Attribute> attributes_;
};

}  // namespace splitstrip
