// The comparison's parts, which call each other: values, pointers (compare_pointers.cpp), layouts
// (compare_layouts.cpp) and functions.
//
// Types refer to themselves, so what is being compared already is taken to be the same: if it is
// not, the comparison that is under way says so. Each pair is gone through once, and all of it is
// limited: what lies beyond the limits is not held against a declaration.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "typedata/library/compare.h"
#include "typedata/library/leaves.h"

namespace splitstrip::library {

// Who writes what is pointed to, and who reads it.
enum class Flow : std::uint8_t {
  in,   // the caller hands it to the library, which takes it to be what it says
  out,  // the library hands it to the caller
  both
};

// How a value comes about.
enum class Place : std::uint8_t {
  parameter,  // arrays and functions are pointers there
  result,
  memory  // an object, a member, an element, what is pointed to
};

class Comparer {
 public:
  Comparer(const TypeView& library, const TypeView& declared, unsigned flags)
      : library_(library),
        declared_(declared),
        machine_((flags & TYPEDATA_MACHINE_ONLY) != 0),
        shallow_((flags & TYPEDATA_SHALLOW) != 0) {}

  // With both sides named in `words`.
  Difference compare(typedata_type its, typedata_type type);

 private:
  // A type without its names and qualifiers.
  struct Operand {
    enum class Class : std::uint8_t {
      unknown,
      nothing,
      integer,
      floating,
      complex,
      decimal,
      pointer,
      member_pointer,
      record,  // also a union
      array,
      vector,
      function
    };
    typedata_type type = TYPEDATA_NONE;
    Class what = Class::unknown;
    typedata_info info{};
    std::uint64_t size = TYPEDATA_UNKNOWN;
    typedata_type pointee = TYPEDATA_NONE;

    bool is(Class other) const { return what == other; }
    bool is_signed() const;
    bool is_bytes() const { return what == Class::integer && size == 1; }
    bool is_quad() const;  // of the formats of 16 bytes the IEEE one
    bool opaque() const;
  };
  using Class = Operand::Class;

  class Deeper;  // counts how deep these are within each other

  static Operand operand(const TypeView& view, typedata_type type, Place place);
  static const char* describe(const Operand& operand);
  std::string both_sizes(const Operand& its, const Operand& its_not) const;
  // "is 'int' there, 'long' here: "
  std::string sides(typedata_type its, typedata_type type) const;

  // What they say of the two sides is a continuation of "… there, … here: ".
  Difference value(typedata_type its, typedata_type type, Place place, Flow flow);
  Difference same_class(const Operand& its, const Operand& mine, Place place, Flow flow);
  Difference integers(const Operand& its, const Operand& mine, Place place, Flow flow) const;
  Difference other_class(const Operand& its, const Operand& mine, Place place, Flow flow);
  // A pointer and an integer, or the other way round.
  static bool word_for_word(const Operand& its, const Operand& mine);
  // What was found of a parameter or result, if it is harmful to nobody who just hands it on.
  // `in_register`: what is narrower there is extended by who passes it.
  Difference as_handle(Difference found, typedata_type its, typedata_type mine, Place place,
                       bool in_register) const;
  // How many integer registers a parameter may take at most.
  unsigned registers_of(typedata_type its) const;
  // What a function of the program's own is given by the library.
  Difference given_back(typedata_type its, typedata_type mine, Flow flow);
  // Whether it is nothing but two floating-point numbers that take `size` bytes.
  static bool is_pair(const TypeView& view, const Operand& of, std::uint64_t size);
  Difference results(const Operand& its, const Operand& mine, Flow flow);
  Difference pointers(typedata_type its, typedata_type mine, Flow flow);
  Difference pointees(const Operand& its, const Operand& mine, Flow flow);
  Difference record_pointees(const Operand& its, const Operand& mine, Flow flow);
  Difference arrays(const Operand& its, const Operand& mine, Flow flow, bool pointed_to);
  Difference records_by_value(const Operand& its, const Operand& mine);
  // A record of the library's that is not handed over whole, or may not be.
  static bool by_address(const Operand& its);
  static Difference refused_by_value(const Operand& its);
  // What comes back where a hidden first parameter says, declared as a pointer or nothing.
  bool hides_place(typedata_type returned) const;
  Difference place_of_result(typedata_type returned, typedata_type mine);
  Difference machine_records(const Operand& its, const Operand& mine);
  // Two types in memory, member by member.
  Difference layouts(const Operand& its, const Operand& mine, Flow flow);
  Difference merged(const Leaves& its, const Leaves& mine, std::uint64_t its_size,
                    std::uint64_t my_size, Flow flow);
  // Whether a record lacks nothing but members at its end.
  bool ends_early(const Operand& its, const Operand& mine, Flow flow);
  Difference leaf(const Leaf& its, const Leaf& mine, Flow flow);
  Difference unions(const Leaf& its, const Leaf& mine, Flow flow);
  Difference union_and_others(const Leaf& its_union, const Leaves& others, bool library_has_union,
                              Flow flow);
  Difference functions(typedata_type its, typedata_type mine, Flow flow, bool top);
  std::string prototype(typedata_type function) const;

  const TypeView& library_;
  const TypeView& declared_;
  bool machine_;
  bool shallow_;
  unsigned depth_ = 0;
  std::uint64_t steps_ = 0;
  // What was compared, or is being compared.
  using Pair = std::tuple<typedata_type, typedata_type, unsigned>;
  std::map<Pair, Difference> known_;
  std::vector<Pair> order_;  // in which they came

  // What is known of a pair, if it is; else it is taken to be the same from now on.
  const Difference* known(const Pair& pair);
  void learn(const Pair& pair, const Difference& found) { known_[pair] = found; }
  // Forgets what came since: it may rest on an assumption that did not hold.
  std::size_t mark() const { return order_.size(); }
  void forget_since(std::size_t mark);

  friend class Merge;
};

// Keeps the worse one; of two alike the first.
void keep_worst(Difference& worst, Difference other);

}  // namespace splitstrip::library
