// A type, function or variable taken out of DWARF: what typedata keeps of it, in one form whatever
// the DWARF version, the producer and the forms were. Two that mean the same are equal.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dwarf/raw.h"
#include "typedata/special_members.h"

namespace splitstrip {

// Small, as there are millions of them; the value is read by the function of its kind.
class RecordAttribute {
 public:
  enum class Kind : std::uint8_t {
    number,
    negative,  // number(), in two's complement
    flag,
    text,
    block,
    type,                // die()
    pointer,             // a pointer to die(), which no DIE describes
    descriptor,          // likewise, the descriptor of the array die(); see descriptor_size()
    descriptor_pointer,  // likewise, a pointer to one
    text_pointer,        // likewise, to characters
    character,           // a character, which no DIE describes
    inner                // number() is an index into Record::dies
  };

  RecordAttribute() = default;
  static RecordAttribute of_number(std::uint16_t name, std::uint64_t value, bool is_signed) {
    const bool negative = is_signed && static_cast<std::int64_t>(value) < 0;
    return {name, negative ? Kind::negative : Kind::number, 0, value};
  }
  static RecordAttribute of_inner(std::uint16_t name, std::uint64_t index) {
    return {name, Kind::inner, 0, index};
  }
  static RecordAttribute of_flag(std::uint16_t name) { return {name, Kind::flag, 0, 1}; }
  // Text and blocks point into the input.
  static RecordAttribute of_text(std::uint16_t name, std::string_view text) {
    return {name, Kind::text, static_cast<std::uint32_t>(text.size()),
            reinterpret_cast<std::uintptr_t>(text.data())};
  }
  static RecordAttribute of_block(std::uint16_t name, ByteSpan block) {
    return {name, Kind::block, static_cast<std::uint32_t>(block.size()),
            reinterpret_cast<std::uintptr_t>(block.data())};
  }
  static RecordAttribute of_type(std::uint16_t name, DieRef die) {
    return {name, Kind::type, 0, packed(die)};
  }
  static RecordAttribute of_pointer(std::uint16_t name, DieRef die) {
    return {name, Kind::pointer, 0, packed(die)};
  }
  static RecordAttribute of_descriptor(std::uint16_t name, DieRef array, std::uint32_t size) {
    return {name, Kind::descriptor, size, packed(array)};
  }
  static RecordAttribute of_descriptor_pointer(std::uint16_t name, DieRef array,
                                               std::uint32_t size) {
    return {name, Kind::descriptor_pointer, size, packed(array)};
  }
  static RecordAttribute of_text_pointer(std::uint16_t name) {
    return {name, Kind::text_pointer, 0, 0};
  }
  static RecordAttribute of_character(std::uint16_t name) { return {name, Kind::character, 0, 0}; }

  std::uint16_t name() const { return name_; }  // DW_AT_* of DWARF 5
  Kind kind() const { return kind_; }
  // Whether die() is a type that the record refers to.
  bool refers() const {
    return kind_ == Kind::type || kind_ == Kind::pointer || kind_ == Kind::descriptor ||
           kind_ == Kind::descriptor_pointer;
  }
  std::uint64_t number() const { return value_; }
  std::uint32_t descriptor_size() const { return size_; }  // in bytes; 0 if not known
  DieRef die() const {
    return {static_cast<std::uint32_t>(value_ >> 32U), static_cast<std::uint32_t>(value_)};
  }
  std::string_view text() const { return {reinterpret_cast<const char*>(value_), size_}; }
  ByteSpan block() const { return {reinterpret_cast<const std::byte*>(value_), size_}; }

 private:
  static std::uint64_t packed(DieRef die) { return std::uint64_t{die.unit} << 32U | die.offset; }
  RecordAttribute(std::uint16_t name, Kind kind, std::uint32_t size, std::uint64_t value)
      : name_(name), kind_(kind), size_(size), value_(value) {}

  std::uint16_t name_ = 0;
  Kind kind_ = Kind::number;
  std::uint32_t size_ = 0;
  std::uint64_t value_ = 0;
};

struct RecordDie {
  std::uint16_t tag = 0;     // DW_TAG_* of DWARF 5
  std::uint16_t depth = 0;   // 0: the record's own DIE, which comes first; then its descendants, in
                             // preorder
  std::uint32_t offset = 0;  // in the unit that it was read from
  std::uint32_t first = 0;   // into Record::attributes
  std::uint32_t count = 0;
};

struct Record {
  std::vector<RecordDie> dies;
  std::vector<RecordAttribute> attributes;
  // The namespace, module or class that it is a member of, or none.
  DieRef parent;
  // If set, this is a mere declaration (or stub) of that type, which stands for it everywhere.
  DieRef stands_for;
  // Hash of kind and qualified name of a class, struct, union or enumeration; 0 for all others.
  std::uint64_t key = 0;
  // Of a class of C or C++. Units may know more or less of it: it is no part of what makes two
  // types one.
  SpecialMembers special;

  bool empty() const { return dies.empty(); }  // it was no type at all: as void
  void clear() {
    dies.clear();
    attributes.clear();
    parent = {};
    stands_for = {};
    key = 0;
    special = {};
  }
};

}  // namespace splitstrip
