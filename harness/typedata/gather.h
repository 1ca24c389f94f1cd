// The second pass: from the chosen DIEs follows every reference to a type, unit by unit, and notes
// of each type its hash and what it refers to. Nothing else is kept in memory; the few types that
// remain after merging are read again.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "typedata/decode.h"

namespace splitstrip {

// One type DIE that is reached. Numbers count over all units.
struct Entity {
  DieRef die;
  std::uint64_t hash = 0;   // of all but what it refers to
  std::uint64_t key = 0;    // see Record::key
  std::uint32_t first = 0;  // into Gathered::references
  std::uint32_t count = 0;
  bool stands = false;  // its one reference is what stands for it
  SpecialMembers special;
};

struct Gathered {
  static constexpr std::uint32_t kNone = 0xffffffff;  // void, or not a type

  std::vector<Entity> entities;           // in the order of their units
  std::vector<std::uint32_t> references;  // indices of entities, or kNone

  // The entity that a reference to `index` means: the definition in place of a declaration.
  std::uint32_t meant(std::uint32_t index) const;
};

class Gatherer {
 public:
  Gatherer(const RawDwarf& dwarf, const std::vector<UnitScan>& scans,
           const Completions& completions, unsigned threads);

  // Follows everything that `roots` (types) reach. May be called once.
  void run(std::vector<DieRef> roots);

  const Gathered& result() const { return gathered_; }
  // The entity of a type DIE that was reached, or Gathered::kNone.
  std::uint32_t find(DieRef die) const;

 private:
  // Offset of a DIE in its unit -> number of its entity in the unit.
  class OffsetMap {
   public:
    std::uint32_t insert(std::uint32_t offset, std::uint32_t number);  // the number it has now
    std::uint32_t find(std::uint32_t offset) const;

   private:
    void grow();
    struct Slot {
      std::uint32_t offset = 0;
      std::uint32_t number = 0;
    };
    std::vector<Slot> slots_;
    std::uint32_t used_ = 0;
  };
  struct UnitGraph {
    OffsetMap numbers;
    std::vector<Entity> entities;
    std::vector<DieRef> references;
    std::vector<DieRef> elsewhere;  // types of other units, not followed yet
    std::uint32_t done = 0;         // entities that are read
    std::uint32_t base = 0;         // number of the first among all
  };

  void visit(std::uint32_t unit, std::span<const DieRef> wanted, Decoder& decoder, Record& record);
  void number_all();

  const RawDwarf& dwarf_;
  const std::vector<UnitScan>& scans_;
  const Completions& completions_;
  const unsigned threads_;
  std::vector<UnitGraph> graphs_;
  Gathered gathered_;
};

// The hash of a record, but for the types that it refers to, its parent among them; those are put
// at the end of `references` in the order in which they stand.
std::uint64_t hash_record(const Record& record, std::vector<DieRef>& references);

}  // namespace splitstrip
