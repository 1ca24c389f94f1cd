// A debugging information entry (DWARF 5, 2.1) behind libdw, which answers "absent" and
// "unreadable" alike with a null pointer; here absent is an empty optional and unreadable throws.
//
//   for (const Die& type : unit.die().children())
//     if (type.tag() == DW_TAG_structure_type) use(type.string(DW_AT_name),
//     type.unsigned_value(DW_AT_byte_size));
//
// A Die is a small value. It and every string_view it hands out live as long as the DebugInfo
// (dwarf/debug_info.h) they come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

#include <dwarf.h>
#include <elfutils/libdw.h>

namespace splitstrip {

class Children;

class Die {
 public:
  // `file` names the input in errors and outlives the Die.
  explicit Die(const Dwarf_Die& raw, std::string_view file) : raw_(raw), file_(file) {}

  // DW_TAG_*. Throws Error if the abbreviation is missing.
  int tag() const;
  // Of this DIE in its .debug_info (or .debug_types).
  std::uint64_t offset() const;

  bool has(unsigned attribute) const;
  // DW_FORM_*, or nothing if the attribute is absent.
  std::optional<unsigned> form(unsigned attribute) const;
  std::optional<std::string_view> string(unsigned attribute) const;
  // For an attribute of a constant form. An expression, a location list or a reference where a
  // constant is possible too (bounds, member locations) also count as absent.
  std::optional<std::uint64_t> unsigned_value(unsigned attribute) const;
  std::optional<std::int64_t> signed_value(unsigned attribute) const;
  // False if absent.
  bool flag(unsigned attribute) const;
  // The DIE referred to, in whichever unit.
  std::optional<Die> reference(unsigned attribute) const;

  // In file order. Throws Error where the order is not one, as a DW_AT_sibling that points back
  // would have it: a walk over any input ends.
  Children children() const;

  std::string_view file() const { return file_; }
  const Dwarf_Die& raw() const { return raw_; }

 private:
  std::optional<Dwarf_Attribute> attribute(unsigned name) const;
  [[noreturn]] void unreadable(unsigned attribute) const;

  mutable Dwarf_Die raw_;  // libdw caches the abbreviation in it
  std::string_view file_;
};

// The children of one DIE as an input range.
class Children {
 public:
  class Iterator {
   public:
    using value_type = Die;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    explicit Iterator(std::optional<Die> at) : at_(at) {}
    const Die& operator*() const { return *at_; }
    const Die* operator->() const { return &*at_; }
    Iterator& operator++();
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return !at_; }

   private:
    std::optional<Die> at_;
  };

  explicit Children(std::optional<Die> first) : first_(first) {}
  Iterator begin() const { return Iterator(first_); }
  std::default_sentinel_t end() const { return {}; }

 private:
  std::optional<Die> first_;
};

}  // namespace splitstrip
