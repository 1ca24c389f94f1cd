#include "typedata/passing.h"

#include <dwarf.h>

#include "typedata/keep.h"

namespace splitstrip {
namespace {

// Classes within classes; what lies deeper is unknown.
constexpr unsigned kDeepest = 100;
// From a member to its class: typedefs, qualifiers, arrays.
constexpr int kMostHops = 32;

const RecordAttribute* find(const Record& record, const RecordDie& die, std::uint16_t name) {
  for (std::uint32_t i = 0; i < die.count; ++i) {
    const RecordAttribute& attribute = record.attributes[die.first + i];
    if (attribute.name() == name) return &attribute;
  }
  return nullptr;
}

bool is_virtual(const Record& record, const RecordDie& die) {
  const RecordAttribute* found = find(record, die, DW_AT_virtuality);
  return found != nullptr && found->number() != DW_VIRTUALITY_none;
}

}  // namespace

// What a class type, a pointer or whatever else contributes as a member or base.
PassingJudge::Outcome PassingJudge::of_part(DieRef type, unsigned depth) {
  bool is_const = false;
  bool is_volatile = false;
  for (int hops = 0; hops < kMostHops; ++hops) {
    const std::uint32_t number = type ? types_.find(type) : PassedTypes::kNone;
    if (number >= known_.size()) return Outcome::unknown();
    const Record& record = types_.record(number);
    if (record.empty()) return Outcome::unknown();
    switch (record.dies[0].tag) {
      case DW_TAG_base_type:
      case DW_TAG_enumeration_type:
      case DW_TAG_pointer_type:
      case DW_TAG_ptr_to_member_type:
      case DW_TAG_reference_type:
      case DW_TAG_unspecified_type:
        return {};
      case DW_TAG_rvalue_reference_type:
        return {Outcome::kDeleted, Outcome::kTrivial, Outcome::kTrivial};
      case DW_TAG_class_type:
      case DW_TAG_structure_type:
      case DW_TAG_union_type: {
        if (is_volatile) return Outcome::unknown();  // compilers differ
        Outcome outcome = of_class(number, depth + 1);
        const SpecialMembers special = types_.special(number);
        if (special.odd != 0) outcome.copy = Outcome::kAny, outcome.move = Outcome::kAnyMove;
        // Who may not copy it is deleted; gcc asks only whether it would be trivial.
        if ((special.hidden & 1U) != 0 && (outcome.copy & Outcome::kTrivial) != 0)
          outcome.copy |= Outcome::kDeleted;
        if ((special.hidden & 2U) != 0 && (outcome.move & Outcome::kTrivial) != 0)
          outcome.move |= Outcome::kDeleted;
        if ((outcome.move & Outcome::kAbsent) != 0) {
          outcome.move = (outcome.move & ~Outcome::kAbsent) | outcome.copy;
        }
        // What is constant is copied, as C++ has it, or moved, as gcc has it.
        if (is_const) outcome.move |= outcome.copy;
        return outcome;
      }
      case DW_TAG_const_type:
        is_const = true;
        break;
      case DW_TAG_volatile_type:
        is_volatile = true;
        break;
      case DW_TAG_typedef:
      case DW_TAG_array_type:
        break;
      default:
        return Outcome::unknown();
    }
    const RecordAttribute* next = find(record, record.dies[0], DW_AT_type);
    if (next == nullptr || next->kind() != RecordAttribute::Kind::type) return Outcome::unknown();
    type = next->die();
  }
  return Outcome::unknown();
}

namespace {

// Of a member function that does one thing after the other: each pair of what is possible.
unsigned both(unsigned one, unsigned other) {
  constexpr unsigned trivial = 1, nontrivial = 2, deleted = 4;
  unsigned result = (one | other) & deleted;
  const unsigned alive_one = one & ~deleted;
  const unsigned alive_other = other & ~deleted;
  if (alive_one == 0 || alive_other == 0) return deleted;
  result |= (alive_one | alive_other) & nontrivial;
  if ((alive_one & alive_other & trivial) != 0) result |= trivial;
  return result;
}

}  // namespace

PassingJudge::Parts PassingJudge::parts(const Record& record, unsigned depth) {
  Parts parts;
  for (std::size_t i = 1; i < record.dies.size(); ++i) {
    const RecordDie& child = record.dies[i];
    if (child.depth != 1) continue;
    if (child.tag == DW_TAG_subprogram && is_virtual(record, child)) parts.is_virtual = true;
    if (child.tag == DW_TAG_variant_part) parts.all = Outcome::unknown();
    if (child.tag != DW_TAG_member && child.tag != DW_TAG_inheritance) continue;
    if (child.tag == DW_TAG_inheritance && is_virtual(record, child)) parts.is_virtual = true;
    const RecordAttribute* type = find(record, child, DW_AT_type);
    const bool named = type != nullptr && type->kind() == RecordAttribute::Kind::type;
    const Outcome part = named ? of_part(type->die(), depth) : Outcome::unknown();
    parts.all.copy = both(parts.all.copy, part.copy);
    parts.all.move = both(parts.all.move, part.move);
    parts.all.destructor = both(parts.all.destructor, part.destructor);
  }
  // What cannot be destroyed cannot be a part of what is copied.
  if ((parts.all.destructor & Outcome::kDeleted) != 0) {
    parts.all.copy |= Outcome::kDeleted;
    parts.all.move |= Outcome::kDeleted;
  }
  if (find(record, record.dies[0], DW_AT_containing_type) != nullptr) parts.is_virtual = true;
  if (parts.is_virtual) {
    const auto not_trivial = [](unsigned& outcome) {
      if ((outcome & Outcome::kTrivial) != 0)
        outcome = (outcome & ~Outcome::kTrivial) | Outcome::kNontrivial;
    };
    not_trivial(parts.all.copy);
    not_trivial(parts.all.move);
  }
  return parts;
}

PassingJudge::Outcome PassingJudge::conclude(const SpecialMembers& special, const Parts& parts) {
  const unsigned nontrivial_copy = parts.all.copy & Outcome::kNontrivial;
  const unsigned nontrivial_move = parts.all.move & Outcome::kNontrivial;
  // One that is deleted as defaulted is passed over.
  const unsigned own_move = (parts.all.move & ~Outcome::kDeleted) |
                            ((parts.all.move & Outcome::kDeleted) != 0 ? Outcome::kAbsent : 0U);
  const auto declared = [](unsigned ways) { return (ways & ~way::implicit) != 0; };
  const auto undeclared = [](unsigned ways) { return (ways & way::implicit) != 0; };

  Outcome outcome{0, 0, 0};
  if ((special.copy & way::provided) != 0) outcome.copy |= Outcome::kNontrivial;
  // In gcc a member counts even if it is not copied after all.
  if ((special.copy & way::deleted) != 0) outcome.copy |= Outcome::kDeleted | nontrivial_copy;
  const auto defaulted = [&](unsigned ways) {
    const unsigned alive = ways & ~Outcome::kDeleted & ~Outcome::kAbsent;
    return special.marked != 0 && alive != 0 ? alive : ways;
  };
  if ((special.copy & way::defaulted) != 0) outcome.copy |= defaulted(parts.all.copy);
  if ((special.copy & way::implicit) != 0) {
    if (declared(special.move) || declared(special.move_assignment))
      outcome.copy |= Outcome::kDeleted | nontrivial_copy;
    if (undeclared(special.move) && undeclared(special.move_assignment))
      outcome.copy |= parts.all.copy;
  }
  if ((special.move & way::provided) != 0) outcome.move |= Outcome::kNontrivial;
  if ((special.move & way::deleted) != 0) outcome.move |= Outcome::kDeleted | nontrivial_move;
  if ((special.move & way::defaulted) != 0) outcome.move |= defaulted(own_move);
  if ((special.move & way::implicit) != 0) {
    if (declared(special.copy) || declared(special.copy_assignment) ||
        declared(special.move_assignment) || declared(special.destructor))
      outcome.move |= Outcome::kAbsent;
    if (undeclared(special.copy) && undeclared(special.copy_assignment) &&
        undeclared(special.move_assignment) && undeclared(special.destructor))
      outcome.move |= own_move;
  }
  if ((special.destructor & way::provided) != 0) outcome.destructor |= Outcome::kNontrivial;
  if ((special.destructor & way::deleted) != 0)
    outcome.destructor |= Outcome::kDeleted | (parts.all.destructor & Outcome::kNontrivial);
  if ((special.destructor & (way::defaulted | way::implicit)) != 0)
    outcome.destructor |= parts.all.destructor;
  return outcome;
}

PassingJudge::Outcome PassingJudge::of_class(std::uint32_t type, unsigned depth) {
  Known& known = known_[type];
  if (known.state == Known::State::done) return known.outcome;
  const Record& record = types_.record(type);
  const SpecialMembers special = types_.special(type);
  // A class within itself is damage.
  const bool refused = known.state == Known::State::open || depth > kDeepest;
  if (refused || record.empty() || special.copy == 0 ||
      find(record, record.dies[0], DW_AT_declaration) != nullptr) {
    return Outcome::unknown();
  }
  known.state = Known::State::open;
  const Outcome outcome = conclude(special, parts(record, depth));
  known.state = Known::State::done;
  known.outcome = outcome;
  return outcome;
}

Passing PassingJudge::judge(std::uint32_t type) {
  const Record& record = types_.record(type);
  if (record.empty() || !is_scope_tag(record.dies[0].tag)) return Passing::unknown;
  const SpecialMembers special = types_.special(type);
  if (special.told == DW_CC_pass_by_reference) return Passing::by_reference;
  if (special.told == DW_CC_pass_by_value) return Passing::by_value;
  if (special.copy == 0) return Passing::unknown;
  const Outcome outcome = of_class(type, 0);

  constexpr unsigned bytes = Outcome::kTrivial | Outcome::kDeleted;
  bool reference = ((outcome.copy | outcome.move | outcome.destructor) & Outcome::kNontrivial) != 0;
  const bool destroyed = (outcome.destructor & Outcome::kTrivial) != 0;
  bool value =
      destroyed &&
      (((outcome.copy & Outcome::kTrivial) != 0 &&
        (outcome.move & (bytes | Outcome::kAbsent)) != 0) ||
       ((outcome.copy & Outcome::kDeleted) != 0 && (outcome.move & Outcome::kTrivial) != 0));
  const bool neither = (outcome.copy & Outcome::kDeleted) != 0 &&
                       (outcome.move & (Outcome::kDeleted | Outcome::kAbsent)) != 0;
  if (neither) {
    // By what the class itself declares; gcc does not ask what its members do to what it does not.
    const auto surely = [](unsigned ways) { return (ways & way::implicit) == 0; };
    const bool moves = surely(special.move) || surely(special.move_assignment);
    const bool certain =
        (special.copy == way::deleted || (special.copy == way::implicit && moves)) &&
        (special.move == way::deleted ||
         (special.move == way::implicit && (surely(special.copy) || moves)));
    reference = true;
    if (!certain || special.deleted_passing != SpecialMembers::kByReference)
      value = value || destroyed;
  }
  if ((outcome.destructor & Outcome::kDeleted) != 0) reference = value = true;
  if (reference == value) return Passing::unknown;
  return reference ? Passing::by_reference : Passing::by_value;
}

}  // namespace splitstrip
