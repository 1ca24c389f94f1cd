#include "typedata/decode.h"

#include <algorithm>

#include <dwarf.h>

#include "dwarf/language.h"
#include "typedata/function.h"
#include "typedata/keep.h"

namespace splitstrip {
namespace {

using Kind = RecordAttribute::Kind;

// Variant parts nest in variants, parameters in packs; nothing that is kept nests deeper.
constexpr unsigned kDeepest = 32;
bool is_c_family(std::uint16_t language) {
  return is_flat_language(language) || is_cxx(language);
}

// C, where a function can have no prototype.
bool may_lack_prototypes(const RawUnit& unit) {
  return is_flat_language(unit.language) && unit.language != DW_LANG_Mips_Assembler;
}

bool is_template_child(std::uint16_t tag) {
  return tag == DW_TAG_template_type_parameter || tag == DW_TAG_template_value_parameter ||
         tag == DW_TAG_GNU_template_template_param || tag == DW_TAG_GNU_template_parameter_pack;
}

// The children that belong to what a DIE is. Types among its children are entities of their own.
bool is_kept_child(std::uint16_t parent, std::uint16_t tag) {
  switch (tag) {
    case DW_TAG_member:
    case DW_TAG_inheritance:
    case DW_TAG_variant_part:
    case DW_TAG_variant:
    case DW_TAG_variable:
    case DW_TAG_subprogram:
      return is_aggregate_tag(parent) || parent == DW_TAG_variant || parent == DW_TAG_variant_part;
    case DW_TAG_enumerator:
      return parent == DW_TAG_enumeration_type;
    case DW_TAG_subrange_type:
    case DW_TAG_generic_subrange:
      return parent == DW_TAG_array_type || parent == DW_TAG_coarray_type;
    case DW_TAG_formal_parameter:
    case DW_TAG_unspecified_parameters:
      return parent == DW_TAG_subprogram || parent == DW_TAG_subroutine_type ||
             parent == DW_TAG_GNU_formal_parameter_pack;
    default:
      return false;
  }
}

}  // namespace

Decoder::Decoder(const RawDwarf& dwarf, const std::vector<UnitScan>& scans,
                 const Completions& completions)
    : dwarf_(dwarf),
      scans_(scans),
      completions_(completions),
      has_c_(std::ranges::any_of(dwarf.units(), may_lack_prototypes)),
      special_(dwarf) {}

const Abbrev* Decoder::open(DieRef die, Bytes& in) const {
  const RawUnit& unit = dwarf_.units()[die.unit];
  if (unit.abbrevs == nullptr) return nullptr;
  in = dwarf_.bytes(unit);
  in.seek(die.offset);
  const std::uint64_t code = in.uleb();
  return code == 0 ? nullptr : unit.abbrevs->find(code);
}

void Decoder::add_die(std::uint16_t tag, std::uint32_t offset, unsigned depth,
                      Record& record) const {
  RecordDie die;
  die.tag = tag;
  die.depth = static_cast<std::uint16_t>(depth);
  die.offset = offset;
  die.first = static_cast<std::uint32_t>(record.attributes.size());
  const auto all = attributes_.all();
  die.count = static_cast<std::uint32_t>(all.size());
  record.attributes.insert(record.attributes.end(), all.begin(), all.end());
  record.dies.push_back(die);
}

// Adds to attributes_ what the DIE leaves to its origins.
void Decoder::inherit() {
  DieRef next = attributes_.origin;
  for (int hops = 0; next && hops < 8; ++hops) {
    Bytes in;
    const Abbrev* abbrev = open(next, in);
    if (abbrev == nullptr) return;
    other_.read(in, *abbrev, dwarf_, dwarf_.units()[next.unit]);
    for (const RecordAttribute& attribute : other_.all()) {
      if (attribute.name() != DW_AT_declaration) attributes_.add(attribute);
    }
    next = other_.origin;
  }
}

// A type of C and one of another language may be one, written into C's unit: what the other one
// need not say has to be said there (DWARF 5, 3.3.1). dwz's units have the language of those that
// import them.
void Decoder::say_prototyped(const RawUnit& unit) {
  const std::uint16_t language =
      scans_[static_cast<std::size_t>(&unit - dwarf_.units().data())].language;
  if (has_c_ && language != 0 && !is_flat_language(language))
    attributes_.add(RecordAttribute::of_flag(DW_AT_prototyped));
}

// The container of a DIE becomes the record's parent; returns its index.
std::uint32_t Decoder::place(DieRef die, Record& record) const {
  const UnitScan& scan = scans_[die.unit];
  const std::uint32_t container = scan.container_of(die.offset);
  record.parent =
      container == Container::kNone ? DieRef{} : DieRef{die.unit, scan.containers[container].begin};
  return container;
}

// How a class is passed is said of what is left after merging (typedata/passing.h), since compilers
// differ in whether they say it.
void Decoder::begin_class(const RawUnit& unit, std::uint16_t tag, Record& record) {
  if (!is_aggregate_tag(tag) || tag == DW_TAG_enumeration_type) return;
  if (attributes_.has_flag(DW_AT_declaration)) return;
  record.special = special_.begin(unit);
  const RecordAttribute* told = attributes_.find(DW_AT_calling_convention);
  if (record.special.copy == 0 || told == nullptr || told->kind() != Kind::number) return;
  record.special.told = told->number() & 7U;
  attributes_.remove(DW_AT_calling_convention);
}

void Decoder::entity(DieRef die, std::uint16_t tag, Record& record) {
  const DieRef origin = attributes_.origin;
  if (origin) inherit();
  begin_class(dwarf_.units()[die.unit], tag, record);
  if (tag == DW_TAG_subroutine_type) say_prototyped(dwarf_.units()[die.unit]);
  if (tag == DW_TAG_subrange_type) normalise_bounds(die);
  const std::uint32_t container = place(origin ? origin : die, record);
  if (is_aggregate_tag(tag)) {
    const UnitScan& scan = scans_[origin ? origin.unit : die.unit];
    const std::uint64_t scope =
        container == Container::kNone ? kGlobalScope : scan.containers[container].key;
    if (const RecordAttribute* name = attributes_.find(DW_AT_name)) {
      record.key = named_type_key(tag, name->text(), scope);
    }
    if (attributes_.signature && attributes_.signature != die) {
      record.stands_for = attributes_.signature;
    } else if (record.key != 0 && attributes_.has_flag(DW_AT_declaration)) {
      const auto definition = completions_.find(record.key);
      if (definition != completions_.end() && definition->second != die) {
        record.stands_for = definition->second;
      }
    }
  }
  add_die(tag, die.offset, 0, record);
}

void Decoder::type(DieRef die, Record& record) {
  record.clear();
  Bytes in;
  const Abbrev* abbrev = open(die, in);
  if (abbrev == nullptr) return;
  const std::uint16_t tag = abbrev->tag;
  if (!is_type_tag(tag) && !is_scope_tag(tag)) return;
  const RawUnit& unit = dwarf_.units()[die.unit];
  attributes_.read(in, *abbrev, dwarf_, unit);
  if (tag == DW_TAG_string_type) {
    string_type(die, record);
    return;
  }
  if (tag == DW_TAG_pointer_type && is_fortran(scans_[die.unit].language)) point_as_c_does();
  entity(die, tag, record);
  if (record.stands_for || !abbrev->children) return;
  if (tag == DW_TAG_namespace || tag == DW_TAG_module) return;
  const RecordAttribute* name = attributes_.find(DW_AT_name);
  const bool keep_template =
      name != nullptr && name->text().find('<') == std::string_view::npos && is_aggregate_tag(tag);
  children(in, unit, tag, keep_template, 1, record);
  if (has_inner_) resolve_inner(record);
}

// What DW_AT_discr refers to is known only when all of the type is read.
void Decoder::resolve_inner(Record& record) {
  has_inner_ = false;
  for (RecordAttribute& attribute : record.attributes) {
    if (attribute.kind() != Kind::inner) continue;
    const auto target = std::lower_bound(
        record.dies.begin(), record.dies.end(), attribute.number(),
        [](const RecordDie& die, std::uint64_t offset) { return die.offset < offset; });
    const bool found = target != record.dies.end() && target->offset == attribute.number();
    const auto index = static_cast<std::uint64_t>(target - record.dies.begin());
    attribute = RecordAttribute::of_inner(attribute.name(), found ? index : 0);
  }
}

void Decoder::children(Bytes& in, const RawUnit& unit, std::uint16_t parent_tag, bool keep_template,
                       unsigned depth, Record& record) {
  while (in.ok()) {
    const auto offset = static_cast<std::uint32_t>(in.offset());
    const std::uint64_t code = in.uleb();
    if (code == 0) return;
    const Abbrev* abbrev = unit.abbrevs->find(code);
    if (abbrev == nullptr) {
      in.fail();
      return;
    }
    std::uint16_t tag = abbrev->tag;
    const bool pack = tag == DW_TAG_GNU_formal_parameter_pack && depth < kDeepest;
    const bool wanted =
        is_kept_child(parent_tag, tag) || (keep_template && is_template_child(tag)) || pack;
    attributes_.sibling = 0;
    if (wanted && depth < kDeepest) {
      attributes_.read(in, *abbrev, dwarf_, unit);
      if (tag == DW_TAG_subprogram) note_special(offset, unit, record);
      if (pack) {  // its parameters are the function's own
        if (abbrev->children) children(in, unit, parent_tag, false, depth, record);
        continue;
      }
      const auto index = static_cast<std::uint32_t>(&unit - dwarf_.units().data());
      if (normalise_child(tag, {index, offset})) {
        add_die(tag, offset, depth, record);
        if (abbrev->children) children(in, unit, tag, false, depth + 1, record);
        continue;
      }
    } else if (abbrev->children && abbrev->sibling != Abbrev::kVaries) {
      Bytes at = in;
      at.skip(abbrev->sibling);
      attributes_.sibling = at.u32();
      skip_attributes(in, *abbrev, unit);
    } else {
      skip_attributes(in, *abbrev, unit);
    }
    if (!abbrev->children) continue;
    if (attributes_.sibling > in.offset()) {
      in.seek(attributes_.sibling);
    } else {
      skip_children(in, unit);
    }
  }
}

// Takes note of the member function in attributes_ if the passing of its class hangs on it.
void Decoder::note_special(std::uint32_t offset, const RawUnit& unit, Record& record) {
  const RecordAttribute* name = attributes_.find(DW_AT_name);
  if (record.special.copy == 0 || name == nullptr) return;
  const RecordDie& of = record.dies[0];
  std::string_view class_name;
  for (std::uint32_t i = 0; i < of.count; ++i) {
    if (record.attributes[i].name() == DW_AT_name) class_name = record.attributes[i].text();
  }
  const auto index = static_cast<std::uint32_t>(&unit - dwarf_.units().data());
  special_.add({{index, of.offset}, of.tag, class_name}, {index, offset}, name->text(),
               record.special);
}

// Brings the child in attributes_ into the records' form; false if it is not kept after all.
bool Decoder::normalise_child(std::uint16_t& tag, DieRef die) {
  const RawUnit& unit = dwarf_.units()[die.unit];
  switch (tag) {
    case DW_TAG_member:
      if (attributes_.has_flag(DW_AT_external) || attributes_.has_flag(DW_AT_declaration)) {
        tag = DW_TAG_variable;
      } else if (attributes_.old_bit_offset) {
        convert_bit_field(unit);
      }
      if (is_fortran(scans_[die.unit].language)) lie_as_fortran_has_it();
      return true;
    case DW_TAG_subprogram:
      return attributes_.find(DW_AT_virtuality) != nullptr &&
             !attributes_.has_flag(DW_AT_artificial);
    case DW_TAG_subrange_type:
      if (is_c_family(scans_[die.unit].language)) attributes_.remove(DW_AT_type);
      attributes_.remove(DW_AT_name);
      normalise_bounds(die);
      return true;
    case DW_TAG_generic_subrange:
      normalise_bounds(die);
      return true;
    case DW_TAG_variant_part:
      if (attributes_.discriminant != 0) {
        attributes_.add(RecordAttribute::of_inner(DW_AT_discr, attributes_.discriminant));
        has_inner_ = true;
      }
      return true;
    case DW_TAG_formal_parameter:
      if (attributes_.origin) inherit();
      return true;
    default:
      return true;
  }
}

// DW_AT_bit_offset counts from the most significant bit of a storage unit of DW_AT_byte_size bytes
// at DW_AT_data_member_location; DW_AT_data_bit_offset from the start of the struct, in memory
// order. Source: DWARF 4, 5.5.6.
void Decoder::convert_bit_field(const RawUnit& unit) {
  auto number = [this](std::uint16_t name) -> std::optional<std::uint64_t> {
    const RecordAttribute* found = attributes_.find(name);
    if (found == nullptr || found->kind() != Kind::number) return std::nullopt;
    return found->number();
  };
  const auto bits = number(DW_AT_bit_size);
  const RecordAttribute* type = attributes_.find(DW_AT_type);
  if (!bits) return;
  std::uint64_t storage = number(DW_AT_byte_size).value_or(0);
  if (storage == 0 && type != nullptr) storage = storage_size(type->die());
  const std::uint64_t start = number(DW_AT_data_member_location).value_or(0) * 8;
  std::uint64_t offset = start + *attributes_.old_bit_offset;
  if (!dwarf_.file(unit).big_endian) {
    offset = start + storage * 8 - *attributes_.old_bit_offset - *bits;
  }
  attributes_.remove(DW_AT_byte_size);
  attributes_.remove(DW_AT_data_member_location);
  attributes_.add(RecordAttribute::of_number(DW_AT_data_bit_offset, offset, false));
}

std::uint64_t Decoder::storage_size(DieRef type) {
  for (int hops = 0; type && hops < kMostTypedefs; ++hops) {
    Bytes in;
    const Abbrev* abbrev = open(type, in);
    if (abbrev == nullptr) return 0;
    other_.read(in, *abbrev, dwarf_, dwarf_.units()[type.unit]);
    const RecordAttribute* size = other_.find(DW_AT_byte_size);
    if (size != nullptr && size->kind() == Kind::number) return size->number();
    const RecordAttribute* next = other_.find(DW_AT_type);
    type = next == nullptr ? DieRef{} : next->die();
  }
  return 0;
}

// Brings what the DIE of an export says itself, and leaves to its origins, into attributes_. `in`
// is left at its children; the abbreviation is null if it cannot be read.
Decoder::Export Decoder::read_export(DieRef die, Bytes& in, Record& record) {
  record.clear();
  const Abbrev* abbrev = open(die, in);
  if (abbrev == nullptr) return {};
  attributes_.read(in, *abbrev, dwarf_, dwarf_.units()[die.unit]);
  const bool has_origin = static_cast<bool>(attributes_.origin);
  inherit();
  attributes_.remove(DW_AT_external);
  attributes_.remove(DW_AT_declaration);
  return {abbrev, has_origin};
}

// What begins at run time has as many elements as are found then.
void Decoder::normalise_bounds(DieRef die) {
  if (attributes_.moving_lower_bound) {
    attributes_.remove(DW_AT_upper_bound);
    return;
  }
  const std::uint64_t usual = default_lower_bound(scans_[die.unit].language);
  const RecordAttribute* lower = attributes_.find(DW_AT_lower_bound);
  if (lower == nullptr) {
    if (usual != 0) attributes_.add(RecordAttribute::of_number(DW_AT_lower_bound, usual, false));
  } else if (lower->number() == 0) {
    attributes_.remove(DW_AT_lower_bound);
  }
}

void Decoder::function(DieRef die, DieRef declaration, Record& record) {
  Bytes in;
  const auto [abbrev, has_origin] = read_export(die, in, record);
  if (abbrev == nullptr) return;
  say_prototyped(dwarf_.units()[die.unit]);
  add_die(DW_TAG_subprogram, die.offset, 0, record);
  std::vector<DieRef> chain = origin_chain(dwarf_, die);
  place(chain.back(), record);
  if (declaration) chain.push_back(declaration);
  for (const ParameterDie& from : function_parameters(dwarf_, chain)) parameter(from, record);
}

void Decoder::parameter(const ParameterDie& from, Record& record) {
  Bytes in;
  const Abbrev* abbrev = open(from.die, in);
  if (abbrev == nullptr) return;
  const RawUnit& unit = dwarf_.units()[from.die.unit];
  attributes_.read(in, *abbrev, dwarf_, unit);
  if (from.tag == DW_TAG_formal_parameter && attributes_.origin) inherit();
  if (is_fortran(scans_[from.die.unit].language)) pass_as_fortran_does(from.place);
  add_die(from.tag, from.die.offset, 1, record);
}

// Reads the type into other_, with what lies below its qualifiers and, if asked for, typedefs;
// returns its tag, 0 for void and what cannot be read.
std::uint16_t Decoder::open_type(DieRef& type, bool through_typedefs) {
  for (int hops = 0; type && hops < kMostTypedefs; ++hops) {
    Bytes in;
    const Abbrev* abbrev = open(type, in);
    if (abbrev == nullptr) return 0;
    other_.read(in, *abbrev, dwarf_, dwarf_.units()[type.unit]);
    const std::uint16_t tag = abbrev->tag;
    const bool qualifier = tag == DW_TAG_const_type || tag == DW_TAG_volatile_type ||
                           tag == DW_TAG_restrict_type || tag == DW_TAG_atomic_type;
    if (!qualifier && !(through_typedefs && tag == DW_TAG_typedef)) return tag;
    const RecordAttribute* next = other_.find(DW_AT_type);
    type = next == nullptr ? DieRef{} : next->die();
  }
  return 0;
}

void Decoder::resolved_function(DieRef resolver, Record& record) {
  Bytes in;
  if (read_export(resolver, in, record).abbrev == nullptr) return;
  const RecordAttribute* returned = attributes_.find(DW_AT_type);
  if (returned == nullptr) return;
  DieRef type = returned->die();
  if (open_type(type, true) != DW_TAG_pointer_type) return;
  const RecordAttribute* pointed = other_.find(DW_AT_type);
  if (pointed == nullptr) return;
  type = pointed->die();
  if (open_type(type, true) != DW_TAG_subroutine_type) return;
  const Abbrev* abbrev = open(type, in);
  if (abbrev == nullptr) return;
  const RawUnit& unit = dwarf_.units()[type.unit];
  attributes_.read(in, *abbrev, dwarf_, unit);
  if (may_lack_prototypes(unit) && !attributes_.has_flag(DW_AT_prototyped)) return;
  attributes_.remove(DW_AT_name);
  say_prototyped(unit);
  add_die(DW_TAG_subprogram, resolver.offset, 0, record);
  if (abbrev->children) children(in, unit, DW_TAG_subroutine_type, false, 1, record);
}

void Decoder::variable(DieRef die, Record& record) {
  Bytes in;
  const auto [abbrev, has_origin] = read_export(die, in, record);
  if (abbrev == nullptr) return;
  attributes_.remove(DW_AT_const_value);
  if (is_fortran(scans_[die.unit].language)) lie_as_fortran_has_it();
  place(has_origin ? origin_chain(dwarf_, die).back() : die, record);
  add_die(DW_TAG_variable, die.offset, 0, record);
}

}  // namespace splitstrip
