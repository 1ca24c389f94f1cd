#include "typedata/library/leaves.h"

#include <algorithm>

namespace splitstrip::library {
namespace {

constexpr std::size_t kMostLeaves = 16 * 1024;
constexpr std::size_t kMostItems = 16 * 1024;
constexpr std::uint64_t kMostSteps = 64 * 1024;  // also for what has no leaves
constexpr int kDeepest = 32;
constexpr std::uint64_t kMostElements = 256;  // of an array of records that are looked at

class Flattener {
 public:
  Flattener(const TypeView& types, Leaves& result) : types_(types), result_(result) {}

  void add(typedata_type type, std::uint64_t offset, const std::string& name, int depth) {
    const typedata_type real = strip(types_, type, true);
    typedata_info info;
    if (real == TYPEDATA_NONE || !types_.node(real, info) || result_.all.size() >= kMostLeaves ||
        depth > kDeepest || ++steps_ > kMostSteps) {
      result_.whole = false;
      return;
    }
    const std::uint64_t size = size_of(types_, real);
    if (info.kind == TYPEDATA_KIND_STRUCT) return record(real, size, offset, name, depth);
    if (info.kind == TYPEDATA_KIND_ARRAY && (info.flags & TYPEDATA_VECTOR) == 0) {
      return array(real, info.target, size, offset, name, depth);
    }
    Leaf leaf = make(offset, size, name);
    leaf.type = real;
    leaf.is_union = info.kind == TYPEDATA_KIND_UNION && types_.items(real, nullptr, 0) != 0;
    leaf.blob = info.kind == TYPEDATA_KIND_UNION && !leaf.is_union;
    push(std::move(leaf));
  }

  void bit_field(const typedata_item& item, std::uint64_t offset, const std::string& name) {
    Leaf leaf = make(offset, 0, name);
    leaf.bits = leaf.element_bits = item.bit_size;
    leaf.type = strip(types_, item.type, true);
    leaf.bit_field = true;
    push(std::move(leaf));
  }

 private:
  static Leaf make(std::uint64_t offset, std::uint64_t size, const std::string& name) {
    Leaf leaf;
    leaf.offset = offset;
    leaf.bits = size == TYPEDATA_UNKNOWN ? 0 : size * 8;
    leaf.element_bits = leaf.bits;
    leaf.name = name;
    return leaf;
  }

  void push(Leaf leaf) {
    // An array at the end without a length, an empty base: no bytes, nothing to differ in.
    if (leaf.bits != 0) result_.all.push_back(std::move(leaf));
  }

  void record(typedata_type type, std::uint64_t size, std::uint64_t offset, const std::string& name,
              int depth) {
    std::vector<typedata_item> items(16);
    const std::size_t count = types_.items(type, items.data(), items.size());
    if (count > items.size()) {
      items.resize(std::min(count, kMostItems));
      types_.items(type, items.data(), items.size());
    }
    if (count > items.size()) result_.whole = false;
    items.resize(std::min(count, items.size()));
    if (items.empty()) {
      Leaf leaf = make(offset, size, name);
      leaf.type = type;
      leaf.blob = true;
      return push(std::move(leaf));
    }
    for (const typedata_item& item : items) {
      if (item.bit_offset == TYPEDATA_UNKNOWN) {
        result_.whole = false;
        continue;
      }
      const std::string own = item.name;
      const std::string full = own.empty() || name.empty() ? name + own : name + "." + own;
      if (item.bit_size != 0) {
        bit_field(item, offset + item.bit_offset, full);
      } else {
        add(item.type, offset + item.bit_offset, full, depth + 1);
      }
    }
  }

  void array(typedata_type type, typedata_type element, std::uint64_t size, std::uint64_t offset,
             const std::string& name, int depth) {
    const typedata_type real = strip(types_, element, true);
    typedata_info info;
    if (real == TYPEDATA_NONE || !types_.node(real, info)) {
      result_.whole = false;
      return;
    }
    const std::uint64_t each = size_of(types_, real);
    if (size == TYPEDATA_UNKNOWN || each == TYPEDATA_UNKNOWN || each == 0) return;
    const std::uint64_t count = size / each;
    const bool plain = info.kind != TYPEDATA_KIND_STRUCT && info.kind != TYPEDATA_KIND_UNION;
    if (plain && info.kind != TYPEDATA_KIND_ARRAY) {
      Leaf leaf = make(offset, size, name);
      leaf.type = real;
      leaf.element_bits = each * 8;
      return push(std::move(leaf));
    }
    // An array of arrays is one of their elements.
    if (info.kind == TYPEDATA_KIND_ARRAY) {
      const std::size_t before = result_.all.size();
      add(real, offset, name, depth + 1);
      if (result_.all.size() == before + 1 && result_.all.back().bits == each * 8) {
        result_.all.back().bits = size * 8;
        return;
      }
      result_.all.resize(before);
    }
    for (std::uint64_t i = 0; i < std::min(count, kMostElements); ++i) {
      add(real, offset + i * each * 8, name + "[" + std::to_string(i) + "]", depth + 1);
    }
    if (count > kMostElements) {
      Leaf rest = make(offset + kMostElements * each * 8, (count - kMostElements) * each, name);
      rest.type = type;
      rest.blob = true;
      push(std::move(rest));
    }
  }

  const TypeView& types_;
  Leaves& result_;
  std::uint64_t steps_ = 0;
};

}  // namespace

Leaves leaves_of(const TypeView& types, typedata_type type) {
  Leaves result;
  Flattener(types, result).add(type, 0, "", 0);
  std::stable_sort(result.all.begin(), result.all.end(),
                   [](const Leaf& a, const Leaf& b) { return a.offset < b.offset; });
  return result;
}

}  // namespace splitstrip::library
