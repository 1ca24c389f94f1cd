// A type, function or variable taken out of DWARF: what typedata keeps of it, in one form whatever
// the DWARF version, the producer and the forms were. Two that mean the same are equal.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dwarf/raw.h"

namespace splitstrip {

struct RecordAttribute {
  enum class Kind : std::uint8_t {
    number,
    negative,  // number, two's complement
    flag,
    string,
    block,
    type,  // die
    inner  // number: index into Record::dies
  };

  std::uint16_t name = 0;  // DW_AT_* of DWARF 5
  Kind kind = Kind::number;
  std::uint64_t number = 0;
  DieRef die;
  std::string_view string;
  ByteSpan block;
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

  bool empty() const { return dies.empty(); }  // it was no type at all: as void
  void clear() {
    dies.clear();
    attributes.clear();
    parent = {};
    stands_for = {};
    key = 0;
  }
};

}  // namespace splitstrip
