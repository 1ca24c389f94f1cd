// What a class of C++ declares of its copying, moving and destruction: how it is passed follows
// from that (typedata/passing.h), and nothing of it is carried.
//
// Compilers differ in what they write. gcc lists all that a class declares, with DW_AT_defaulted
// and DW_AT_deleted (not under -gstrict-dwarf -gdwarf-4, and not before gcc 8); what it makes up
// itself is DW_AT_artificial, stands there only if it was used, and counts for nothing here. So
// each answer is a set of what is possible.
#pragma once

#include <cstdint>
#include <string_view>

#include "dwarf/raw.h"

namespace splitstrip {

// How a class may come to a special member.
namespace way {
inline constexpr unsigned implicit = 1;   // not declared
inline constexpr unsigned defaulted = 2;  // `= default` within the class
inline constexpr unsigned deleted = 4;
inline constexpr unsigned provided = 8;  // has a body of its own
inline constexpr unsigned any = 15;
}  // namespace way

struct SpecialMembers {
  // Sets of ways; 0 only in what is no class.
  std::uint32_t copy : 4 = 0;
  std::uint32_t move : 4 = 0;
  std::uint32_t destructor : 4 = 0;
  std::uint32_t copy_assignment : 4 = 0;
  std::uint32_t move_assignment : 4 = 0;
  std::uint32_t hidden : 2 = 0;  // private or protected: 1 the first, 2 the second
  std::uint32_t marked : 1 =
      0;                      // what is defaulted is not deleted by that, or else it would say so
  std::uint32_t odd : 1 = 0;  // a copy constructor takes no `const T&` alone
  std::uint32_t cxx : 1 = 0;  // the unit says that it is C++
  std::uint32_t deleted_passing : 2 =
      0;                       // what follows if all constructors are deleted: a set of …
  std::uint32_t told : 3 = 0;  // DW_AT_calling_convention, or 0

  static constexpr unsigned kByValue = 1, kByReference = 2;  // … these

  // What two units say of the same class; of what contradicts itself anything is possible.
  void add(const SpecialMembers& other);
};

// Reads the special members of classes. Holds on to nothing but the DWARF.
class SpecialMembersReader {
 public:
  explicit SpecialMembersReader(const RawDwarf& dwarf);

  // What is known of a class in that unit before its members are.
  SpecialMembers begin(const RawUnit& unit);
  // A class whose members are being read.
  struct Class {
    DieRef die;
    std::uint16_t tag = 0;
    std::string_view name;
  };
  // Takes note of a member function of that name.
  void add(const Class& of, DieRef function, std::string_view name, SpecialMembers& members);

 private:
  // What can be relied upon in the units of a compiler.
  struct Compiler {
    bool lists_members = false;
    bool marks_defaulted = false;  // and deleted
    unsigned deleted_passing = SpecialMembers::kByValue | SpecialMembers::kByReference;
  };
  struct Function;

  static Compiler compiler_of(const RawUnit& unit);
  const Compiler& compiler(const RawUnit& unit);
  bool read(DieRef die, Function& function) const;
  // What a function with such a parameter does to its class.
  enum class Parameter : std::uint8_t { other, copies, moves, maybe };
  Parameter classify(DieRef type, const Class& of, bool& odd) const;

  const RawDwarf& dwarf_;
  bool any_cxx_ = false;
  const RawUnit* unit_ = nullptr;  // the one asked about last …
  Compiler compiler_;              // … and its compiler
  Compiler weakest_;               // for units that do not name theirs: dwz's, and type units
};

}  // namespace splitstrip
