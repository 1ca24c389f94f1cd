// DIEs by the name of their symbol: an open hash table that holds no names.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace splitstrip::library {

class NameIndex {
 public:
  static constexpr std::uint32_t kNone = 0;  // no DIE is at offset 0

  // A table that is half empty has chains far shorter; where names are made to collide, the rest of
  // them is not found.
  static constexpr std::size_t kMostSteps = 1024;

  // FNV-1a, 32 bits.
  static std::uint32_t hash(std::string_view name) {
    std::uint32_t value = 2166136261U;
    for (const char c : name) value = (value ^ static_cast<unsigned char>(c)) * 16777619U;
    return value;
  }

  void add(std::string_view name, std::uint32_t die) { entries_.push_back({hash(name), die}); }

  // Once everything is added.
  void build() {
    std::size_t size = 16;
    while (size < entries_.size() * 2) size *= 2;
    slots_.assign(size, {0, kNone});
    for (const Entry& entry : entries_) {
      std::size_t at = entry.hash & (size - 1);
      std::size_t steps = 0;
      while (slots_[at].die != kNone && ++steps < kMostSteps) at = (at + 1) & (size - 1);
      if (slots_[at].die == kNone) slots_[at] = entry;
    }
  }

  // The first one that was added of those of that name; `is_named(die)` says whether one is.
  template <typename IsNamed>
  std::uint32_t find(std::string_view name, IsNamed is_named) const {
    const std::uint32_t wanted = hash(name);
    for (std::size_t at = wanted & (slots_.size() - 1); slots_[at].die != kNone;
         at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].hash == wanted && is_named(slots_[at].die)) return slots_[at].die;
    }
    return kNone;
  }

  // In the order in which they were added.
  template <typename Visit>
  void each(Visit visit) const {
    for (const Entry& entry : entries_) visit(entry.die);
  }

 private:
  struct Entry {
    std::uint32_t hash;
    std::uint32_t die;
  };
  std::vector<Entry> entries_;
  std::vector<Entry> slots_;  // a power of two, at most half of them used
};

}  // namespace splitstrip::library
