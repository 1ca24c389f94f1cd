// How deep the functions of CTypes are within each other, and how deep they may be.
#pragma once

#include <cstddef>

#include "facts/error.h"
#include "typedata/c_types.h"

namespace splitstrip {

inline constexpr std::size_t deepest_in_c = 200;

// Counts how deep the functions below are within each other; all of them recurse through it.
class CTypes::Depth {
 public:
  explicit Depth(CTypes& types) : types_(types) {
    if (types_.depth_ >= deepest_in_c) {
      throw Error::of("{}: its types are nested too deeply for C: use '--format json'",
                      types_.file_);
    }
    types_.counted(" ");  // going round and round writes nothing, but has to end as well
    ++types_.depth_;
  }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;
  ~Depth() { --types_.depth_; }

 private:
  CTypes& types_;
};

}  // namespace splitstrip
