// How classes of C++ are passed to functions and returned: by value, or, where copying or
// destroying one takes more than its bytes, by the address of a copy.
//
// gcc does not say so in DWARF; it follows from what the class and all that it consists of declare.
// Source: Itanium C++ ABI, 1.1 "non-trivial for the purposes of calls"; C++17, 15.8. Where the
// description leaves two answers open, or compilers are known to differ (a copy constructor that is
// deleted because a member's is), the answer is unknown.
#pragma once

#include <cstdint>
#include <vector>

#include "typedata/record.h"

namespace splitstrip {

enum class Passing : std::uint8_t { unknown, by_value, by_reference };

// The types among which classes are judged, by number.
class PassedTypes {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  PassedTypes() = default;
  PassedTypes(const PassedTypes&) = delete;
  PassedTypes& operator=(const PassedTypes&) = delete;
  virtual ~PassedTypes() = default;

  virtual const Record& record(std::uint32_t type) const = 0;
  virtual SpecialMembers special(std::uint32_t type) const = 0;
  // The number of what a reference means, or kNone.
  virtual std::uint32_t find(DieRef die) const = 0;
};

class PassingJudge {
 public:
  // `types` must outlive this, and has `count` of them.
  PassingJudge(const PassedTypes& types, std::uint32_t count) : types_(types), known_(count) {}

  // Unknown also for what is no class, and for classes of other languages than C and C++.
  Passing judge(std::uint32_t type);

 private:
  // What becomes of each special member: a set, as more than one may be possible.
  struct Outcome {
    static constexpr unsigned kTrivial = 1, kNontrivial = 2, kDeleted = 4;
    static constexpr unsigned kAbsent = 8;  // of moving: copied instead
    static constexpr unsigned kAny = 7, kAnyMove = 15;
    unsigned copy = kTrivial, move = kTrivial, destructor = kTrivial;

    static Outcome unknown() { return {kAny, kAnyMove, kAny}; }
  };
  struct Known {
    enum class State : std::uint8_t { untouched, open, done } state = State::untouched;
    Outcome outcome;
  };
  // All members and bases taken together.
  struct Parts {
    Outcome all;
    bool is_virtual = false;  // something in it is
  };

  Outcome of_class(std::uint32_t type, unsigned depth);
  Outcome of_part(DieRef type, unsigned depth);
  Parts parts(const Record& record, unsigned depth);
  static Outcome conclude(const SpecialMembers& special, const Parts& parts);

  const PassedTypes& types_;
  std::vector<Known> known_;
};

}  // namespace splitstrip
