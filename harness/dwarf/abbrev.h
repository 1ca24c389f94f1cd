// One table of .debug_abbrev, prepared for fast skipping.
//
// Source: DWARF 5, 7.5.3.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "dwarf/bytes.h"

namespace splitstrip {

// Sizes that decide how long an attribute is. Tables are prepared for one of each.
struct FormSizes {
  std::uint8_t address = 8;  // bytes
  std::uint8_t offset = 4;   // 4: 32-bit DWARF, 8: 64-bit DWARF
  bool version_2 = false;    // DW_FORM_ref_addr was of address size then

  friend bool operator==(const FormSizes&, const FormSizes&) = default;
};

struct AbbrevAttribute {
  static constexpr std::uint8_t kVaries = 0xff;

  std::uint16_t name = 0;            // DW_AT_*
  std::uint16_t form = 0;            // DW_FORM_*
  std::uint32_t size : 8 = kVaries;  // in bytes, where that is the same always
  std::uint32_t constant : 24 = 0;   // DW_FORM_implicit_const: index into the table's constants
};

struct Abbrev {
  static constexpr std::uint16_t kVaries = 0xffff;

  std::uint16_t tag = 0;  // DW_TAG_*
  bool children = false;
  std::uint16_t count = 0;          // of attributes
  std::uint32_t first = 0;          // into AbbrevTable::attributes
  std::uint16_t size = kVaries;     // of all attributes, in bytes, where that is the same always
  std::uint16_t sibling = kVaries;  // where in the DIE a DW_AT_sibling of form ref4 lies
};

class AbbrevTable {
 public:
  // Reads until the terminating zero, or until the section ends or makes no sense; codes from there
  // on are unknown.
  void read(Bytes in, const FormSizes& sizes);

  // nullptr for a code that the table does not have; code 0 is never asked for.
  const Abbrev* find(std::uint64_t code) const {
    if (code - 1 < dense_.size()) return &dense_[code - 1];
    if (sparse_.empty()) return nullptr;
    const auto found = sparse_.find(code);
    return found == sparse_.end() ? nullptr : &found->second;
  }
  const AbbrevAttribute* attributes(const Abbrev& abbrev) const {
    return attributes_.data() + abbrev.first;
  }
  std::int64_t constant(const AbbrevAttribute& attribute) const {
    return constants_[attribute.constant];
  }

 private:
  std::vector<Abbrev> dense_;  // codes 1, 2, 3, ... as every producer numbers them
  std::unordered_map<std::uint64_t, Abbrev> sparse_;  // the others
  std::vector<AbbrevAttribute> attributes_;
  std::vector<std::int64_t> constants_;
};

// Bytes that a form takes, or -1 if that varies or the form is unknown.
int fixed_form_size(std::uint16_t form, const FormSizes& sizes);

}  // namespace splitstrip
