// A record as it lies in memory: its members, and those of records, bases and arrays of records
// inside of it, in the order of their places.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "typedata/library/type_view.h"

namespace splitstrip::library {

struct Leaf {
  std::uint64_t offset = 0;  // in bits, from the start of the outermost record
  std::uint64_t bits = 0;
  std::uint64_t element_bits = 0;      // less than `bits` for an array
  typedata_type type = TYPEDATA_NONE;  // of an array the element's
  bool bit_field = false;
  bool is_union = false;  // kept whole
  bool blob = false;      // bytes of which nothing is known
  std::string name;       // "outer.inner[2]"

  std::uint64_t end() const { return offset + bits; }
};

struct Leaves {
  std::vector<Leaf> all;
  bool whole = true;  // whether that is all of it: of virtual bases no place is known
};

// Of a record, or of any other type as the single leaf that it is.
Leaves leaves_of(const TypeView& types, typedata_type type);

}  // namespace splitstrip::library
