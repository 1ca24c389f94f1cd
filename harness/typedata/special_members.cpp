#include "typedata/special_members.h"

#include <charconv>

#include <dwarf.h>

#include "dwarf/form.h"
#include "dwarf/language.h"
#include "typedata/keep.h"
#include "typedata/scan.h"

namespace splitstrip {
namespace {

// From a parameter to its class: a reference, qualifiers, typedefs.
constexpr int kMostHops = 32;

unsigned intersect(unsigned a, unsigned b, bool& contradiction) {
  if ((a & b) == 0) contradiction = true;
  return a & b;
}

// "GNU C++17 12.2.0 …" and "GNU GIMPLE 12.2.0 …": the 12; 0 for others.
unsigned gcc_version(std::string_view producer) {
  if (!producer.starts_with("GNU C++") && !producer.starts_with("GNU GIMPLE ")) return 0;
  producer.remove_prefix(4);
  producer.remove_prefix(std::min(producer.find(' '), producer.size()));
  if (!producer.empty()) producer.remove_prefix(1);
  unsigned version = 0;
  std::from_chars(producer.data(), producer.data() + producer.size(), version);
  return version;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

void SpecialMembers::add(const SpecialMembers& other) {
  if (copy == 0) {
    *this = other;
    return;
  }
  if (other.copy == 0) return;
  bool contradiction = told != 0 && other.told != 0 && told != other.told;
  copy = intersect(copy, other.copy, contradiction);
  move = intersect(move, other.move, contradiction);
  destructor = intersect(destructor, other.destructor, contradiction);
  copy_assignment = intersect(copy_assignment, other.copy_assignment, contradiction);
  move_assignment = intersect(move_assignment, other.move_assignment, contradiction);
  deleted_passing |= other.deleted_passing;
  hidden |= other.hidden;
  odd |= other.odd;
  marked |= other.marked;
  cxx |= other.cxx;
  told |= other.told;
  if (contradiction) {
    copy = move = destructor = copy_assignment = move_assignment = way::any;
    told = 0;
  }
}

SpecialMembersReader::Compiler SpecialMembersReader::compiler_of(const RawUnit& unit) {
  Compiler compiler;
  if (contains(unit.producer, "clang version")) {
    // It says of each class how it is passed; this is for those of before clang 7, which did not.
    compiler.lists_members = true;
    return compiler;
  }
  const unsigned version = gcc_version(unit.producer);
  // Before gcc 8 link-time optimisation forgot what nobody called.
  if (version == 0 || (version < 8 && unit.producer.starts_with("GNU GIMPLE"))) return compiler;
  compiler.lists_members = true;
  if (version < 8) return compiler;
  // Options are recorded unless that is switched off; -g is one where there is DWARF.
  const bool options = contains(unit.producer, " -g");
  const bool strict = !options || contains(unit.producer, "-gstrict-dwarf");
  compiler.marks_defaulted = unit.version >= 5 || !strict;
  // Before gcc 8 (ABI 12) what can be neither copied nor moved was passed by value.
  if (options && !contains(unit.producer, "-fabi-version"))
    compiler.deleted_passing = SpecialMembers::kByReference;
  return compiler;
}

SpecialMembersReader::SpecialMembersReader(const RawDwarf& dwarf) : dwarf_(dwarf) {
  for (const RawUnit& unit : dwarf.units()) {
    if (!is_cxx(unit.language) || unit.producer.empty()) continue;
    const Compiler one = compiler_of(unit);
    if (!any_cxx_) {
      weakest_ = one;
    } else {
      weakest_.lists_members = weakest_.lists_members && one.lists_members;
      weakest_.marks_defaulted = weakest_.marks_defaulted && one.marks_defaulted;
      weakest_.deleted_passing |= one.deleted_passing;
    }
    any_cxx_ = true;
  }
}

const SpecialMembersReader::Compiler& SpecialMembersReader::compiler(const RawUnit& unit) {
  if (unit_ != &unit) {
    unit_ = &unit;
    compiler_ = unit.producer.empty() ? weakest_ : compiler_of(unit);
  }
  return compiler_;
}

SpecialMembers SpecialMembersReader::begin(const RawUnit& unit) {
  SpecialMembers members;
  const bool cxx = is_cxx(unit.language);
  // dwz's units have no language: what they hold is of C or C++, if anything is of C++.
  const bool plain_c = is_c(unit.language);
  if (!cxx && !plain_c && (unit.language != 0 || !any_cxx_)) return members;
  members.cxx = cxx ? 1 : 0;
  Compiler from{.lists_members = true};
  if (!plain_c) from = compiler(unit);
  const unsigned unseen = from.lists_members ? way::implicit : way::any;
  members.copy = members.move = members.destructor = unseen;
  members.copy_assignment = members.move_assignment = unseen;
  members.deleted_passing = from.deleted_passing;
  members.marked = from.marks_defaulted ? 1 : 0;
  return members;
}

struct SpecialMembersReader::Function {
  bool artificial = false, is_virtual = false, hidden = false;
  bool in_class = false, out_of_class = false, deleted = false;
  bool is_template = false;
  unsigned parameters = 0;  // without the artificial ones
  DieRef first;             // type of the first of these
};

bool SpecialMembersReader::read(DieRef die, Function& function) const {
  const RawUnit& unit = dwarf_.units()[die.unit];
  Bytes in = dwarf_.bytes(unit);
  in.seek(die.offset);
  const Abbrev* abbrev = unit.abbrevs->find(in.uleb());
  if (abbrev == nullptr) return false;
  // Calls back with each attribute's name and value.
  const auto each = [&](const Abbrev& of, const auto& take) {
    const AbbrevAttribute* attributes = unit.abbrevs->attributes(of);
    for (unsigned i = 0; i < of.count && in.ok(); ++i) {
      take(attributes[i].name, read_form(in, attributes[i], dwarf_, unit));
    }
  };
  each(*abbrev, [&](std::uint16_t name, const RawValue& value) {
    if (name == DW_AT_artificial) function.artificial = value.number != 0;
    if (name == DW_AT_virtuality) function.is_virtual = value.number != 0;
    if (name == DW_AT_accessibility) function.hidden = value.number != DW_ACCESS_public;
    if (name == DW_AT_defaulted) {
      function.in_class = value.number == DW_DEFAULTED_in_class;
      function.out_of_class = value.number == DW_DEFAULTED_out_of_class;
    }
    if (name == DW_AT_deleted) function.deleted = value.number != 0;
  });
  if (!abbrev->children) return in.ok();
  while (in.ok()) {
    const std::uint64_t code = in.uleb();
    if (code == 0) break;
    const Abbrev* child = unit.abbrevs->find(code);
    if (child == nullptr) return false;
    bool artificial = false;
    DieRef type;
    each(*child, [&](std::uint16_t name, const RawValue& value) {
      if (name == DW_AT_artificial) artificial = value.number != 0;
      if (name == DW_AT_type) type = value.die;
    });
    switch (child->tag) {
      case DW_TAG_formal_parameter:
        if (!artificial && ++function.parameters == 1) function.first = type;
        break;
      case DW_TAG_template_type_parameter:
      case DW_TAG_template_value_parameter:
      case DW_TAG_GNU_template_template_param:
      case DW_TAG_GNU_template_parameter_pack:
        function.is_template = true;
        break;
      case DW_TAG_GNU_formal_parameter_pack:
      case DW_TAG_unspecified_parameters:
        function.parameters += 2;
        break;
      default:
        break;
    }
    if (child->children) skip_children(in, unit);
  }
  return in.ok();
}

SpecialMembersReader::Parameter SpecialMembersReader::classify(DieRef type, const Class& of,
                                                               bool& odd) const {
  Parameter kind = Parameter::other;
  bool is_const = false, is_volatile = false;
  // Before DWARF 4 a `T&&` may be written as `T&`.
  const bool old = dwarf_.units()[of.die.unit].version < 4;
  for (int hops = 0; type && hops < kMostHops; ++hops) {
    if (type == of.die) break;
    const RawUnit& unit = dwarf_.units()[type.unit];
    if (unit.abbrevs == nullptr) return Parameter::maybe;
    Bytes in = dwarf_.bytes(unit);
    in.seek(type.offset);
    const Abbrev* abbrev = unit.abbrevs->find(in.uleb());
    if (abbrev == nullptr) return Parameter::maybe;
    DieRef next;
    std::string_view name;
    bool declaration = false;
    const AbbrevAttribute* attributes = unit.abbrevs->attributes(*abbrev);
    for (unsigned i = 0; i < abbrev->count && in.ok(); ++i) {
      const RawValue value = read_form(in, attributes[i], dwarf_, unit);
      if (attributes[i].name == DW_AT_type) next = value.die;
      if (attributes[i].name == DW_AT_name) name = value.string;
      if (attributes[i].name == DW_AT_declaration) declaration = value.number != 0;
    }
    switch (abbrev->tag) {
      case DW_TAG_reference_type:
      case DW_TAG_rvalue_reference_type:
        if (kind != Parameter::other) return Parameter::other;
        kind = abbrev->tag == DW_TAG_reference_type ? Parameter::copies : Parameter::moves;
        break;
      case DW_TAG_const_type:
        is_const = true;
        break;
      case DW_TAG_volatile_type:
        is_volatile = true;
        break;
      case DW_TAG_typedef:
        break;
      default:
        // The class itself may be declared elsewhere; and another one may have its name.
        return is_aggregate_tag(abbrev->tag) && name == of.name &&
                       (declaration || type.unit != of.die.unit)
                   ? Parameter::maybe
                   : Parameter::other;
    }
    type = next;
  }
  if (!type || type != of.die) return Parameter::other;
  if (kind == Parameter::copies && old && !is_const) return Parameter::maybe;
  if (kind == Parameter::copies) odd = !is_const || is_volatile;
  if (kind == Parameter::moves) odd = is_const || is_volatile;
  return kind;
}

void SpecialMembersReader::add(const Class& of, DieRef function, std::string_view name,
                               SpecialMembers& members) {
  if (members.copy == 0) return;
  const bool destructor = name.starts_with('~');
  const bool assignment = name == "operator=";
  const bool constructor =
      !of.name.empty() && (name == of.name || name == of.name.substr(0, of.name.find('<')));
  if (!destructor && !assignment && !constructor) return;
  Function found;
  // What is public need not say so in a struct or union (DWARF 5, 5.7.6).
  found.hidden = of.tag == DW_TAG_class_type;
  if (!read(function, found)) return;
  if (found.artificial || found.is_template) return;

  const Compiler& from = compiler(dwarf_.units()[function.unit]);
  unsigned ways = way::provided;
  if (found.deleted) {
    ways = way::deleted;
  } else if (found.in_class) {
    ways = way::defaulted;
  } else if (!found.out_of_class && !from.marks_defaulted) {
    ways = way::provided | way::defaulted | way::deleted;
  }
  // One of several is as good as another: which of them counts may be up to constraints.
  const auto note = [&](unsigned known, bool sure) {
    const unsigned before = known == way::implicit || known == way::any ? 0 : known;
    return before | ways | (sure ? 0U : known);
  };
  if (destructor) {
    // A virtual one takes more than nothing whatever it says.
    if (found.is_virtual && !found.deleted) ways = way::provided;
    members.destructor = note(members.destructor, true);
    return;
  }
  bool odd = false;
  Parameter kind = found.parameters == 0 ? Parameter::other : classify(found.first, of, odd);
  // Whether the other parameters have default values is not told.
  bool sure = kind != Parameter::maybe && found.parameters == 1;
  if (assignment) {
    if (kind == Parameter::copies || kind == Parameter::maybe)
      members.copy_assignment = note(members.copy_assignment, sure);
    if (kind == Parameter::moves || kind == Parameter::maybe)
      members.move_assignment = note(members.move_assignment, sure);
    return;
  }
  if (kind == Parameter::other) return;
  members.odd |= odd || !sure ? 1 : 0;
  if (found.hidden) {
    members.hidden |= kind == Parameter::copies ? 1U : kind == Parameter::moves ? 2U : 3U;
  }
  if (kind != Parameter::moves) members.copy = note(members.copy, sure);
  if (kind != Parameter::copies) members.move = note(members.move, sure);
}

}  // namespace splitstrip
