#include "typedata/library/type_view.h"

#include <algorithm>
#include <vector>

namespace splitstrip::library {
namespace {

// Of typedefs, qualifiers and arrays; real ones are within ten of each other.
constexpr int kLongestChain = 100;
constexpr std::uint64_t kLargest = std::uint64_t{1} << 48;  // bytes, far above any real type
// Of items that are looked through for an alignment.
constexpr std::size_t kMostMembers = 4096;
constexpr int kDeepest = 16;

bool multiply(std::uint64_t& by, std::uint64_t factor) {
  return !__builtin_mul_overflow(by, factor, &by) && by <= kLargest;
}

// The number of elements in all dimensions; unknown if one is.
std::uint64_t elements(const TypeView& types, typedata_type array) {
  typedata_item dimensions[16];
  const std::size_t count = types.items(array, dimensions, std::size(dimensions));
  if (count == 0 || count > std::size(dimensions)) return TYPEDATA_UNKNOWN;
  std::uint64_t all = 1;
  for (std::size_t i = 0; i < count; ++i) {
    if (dimensions[i].value < 0) return TYPEDATA_UNKNOWN;
    if (!multiply(all, static_cast<std::uint64_t>(dimensions[i].value))) return TYPEDATA_UNKNOWN;
  }
  return all;
}

std::uint64_t alignment(const TypeView& types, typedata_type type, int depth) {
  std::uint64_t asked = 0;
  typedata_info info;
  for (int hops = 0; hops < kLongestChain; ++hops) {
    if (!types.node(type, info)) return 1;
    asked = std::max(asked, info.alignment);
    if (!is_qualifier(info.kind) && info.kind != TYPEDATA_KIND_ALIAS &&
        info.kind != TYPEDATA_KIND_ARRAY) {
      break;
    }
    if ((info.flags & TYPEDATA_VECTOR) != 0) return std::max(asked, size_of(types, type));
    type = info.target;
  }
  if (asked != 0 && !is_record(info.kind)) return asked;
  if (!is_record(info.kind)) {
    const std::uint64_t size = info.size;
    if (size == TYPEDATA_UNKNOWN || size == 0 || (size & (size - 1)) != 0) return 1;
    // A complex number is aligned as its parts are (System V ABI).
    constexpr unsigned complex_float = 3;
    if (info.kind == TYPEDATA_KIND_BASE && info.encoding == complex_float) return size / 2;
    const std::uint64_t word = types.pointer_size();
    return std::min<std::uint64_t>(size, size > word ? 2 * word : word);
  }
  std::uint64_t widest = std::max<std::uint64_t>(asked, 1);
  if (depth == 0) return widest;
  std::vector<typedata_item> members(64);
  const std::size_t count = types.items(type, members.data(), members.size());
  if (count > members.size()) {
    members.resize(std::min(count, kMostMembers));
    types.items(type, members.data(), members.size());
  }
  for (std::size_t i = 0; i < std::min(count, members.size()); ++i) {
    const std::uint64_t own = alignment(types, members[i].type, depth - 1);
    // A packed member is none that aligns.
    const std::uint64_t at = members[i].bit_offset;
    if (members[i].bit_size == 0 && at != TYPEDATA_UNKNOWN && at % (own * 8) == 0) {
      widest = std::max(widest, own);
    }
  }
  if (info.size != TYPEDATA_UNKNOWN && info.size % widest != 0)
    return std::max<std::uint64_t>(asked, 1);
  return widest;
}

}  // namespace

typedata_type strip(const TypeView& types, typedata_type type, bool aliases) {
  typedata_info info;
  for (int hops = 0; hops < kLongestChain; ++hops) {
    if (!types.node(type, info)) return TYPEDATA_NONE;
    if (!is_qualifier(info.kind) && !(aliases && info.kind == TYPEDATA_KIND_ALIAS)) return type;
    type = info.target;
  }
  return TYPEDATA_NONE;
}

std::uint64_t size_of(const TypeView& types, typedata_type type) {
  std::uint64_t times = 1;
  typedata_info info;
  for (int hops = 0; hops < kLongestChain; ++hops) {
    if (!types.node(type, info)) return TYPEDATA_UNKNOWN;
    if (info.kind == TYPEDATA_KIND_VOID || info.kind == TYPEDATA_KIND_FUNCTION) {
      return TYPEDATA_UNKNOWN;
    }
    const bool follows = is_qualifier(info.kind) || info.kind == TYPEDATA_KIND_ALIAS;
    if (!follows && info.size != TYPEDATA_UNKNOWN) {
      return multiply(times, info.size) ? times : TYPEDATA_UNKNOWN;
    }
    if (info.kind == TYPEDATA_KIND_ARRAY) {
      const std::uint64_t count = elements(types, type);
      if (count == TYPEDATA_UNKNOWN || !multiply(times, count)) return TYPEDATA_UNKNOWN;
    } else if (!follows && info.kind != TYPEDATA_KIND_ENUM) {
      return TYPEDATA_UNKNOWN;
    }
    type = info.target;
  }
  return TYPEDATA_UNKNOWN;
}

std::uint64_t alignment_of(const TypeView& types, typedata_type type) {
  return alignment(types, type, kDeepest);
}

bool describe(const TypeView& types, typedata_type type, typedata_info& info) {
  if (!types.node(type, info)) {
    info = {};
    info.name = "";
    info.target = TYPEDATA_NONE;
    info.size = TYPEDATA_UNKNOWN;
    return false;
  }
  info.count = types.items(type, nullptr, 0);
  info.size = size_of(types, type);
  return true;
}

}  // namespace splitstrip::library
