#include "typedata/library/dwarf_types.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <utility>

#include <dwarf.h>

#include "dwarf/language.h"
#include "typedata/library/failure.h"

namespace splitstrip::library {
namespace {

// DIEs, and DIEs within DIEs; the largest libraries have some hundred thousand.
constexpr std::uint64_t kMostDies = 4'000'000;
constexpr std::size_t kDeepest = 100;
constexpr std::uint64_t kMostUnits = 100'000;
constexpr std::uint64_t kFarthest = std::uint64_t{1} << 48;  // bytes, of a member in its record
constexpr std::uint64_t kMostAlignment = std::uint64_t{1} << 28;
// Of equal hashes an attacker may have any number: a chain of names is looked through only so far.
constexpr int kLongestCollision = 256;

std::optional<typedata_kind> kind_of(std::uint16_t tag) {
  switch (tag) {
    case DW_TAG_base_type:
      return TYPEDATA_KIND_BASE;
    case DW_TAG_unspecified_type:
      return TYPEDATA_KIND_UNSPECIFIED;
    case DW_TAG_pointer_type:
      return TYPEDATA_KIND_POINTER;
    case DW_TAG_reference_type:
    case DW_TAG_rvalue_reference_type:
      return TYPEDATA_KIND_REFERENCE;
    case DW_TAG_ptr_to_member_type:
      return TYPEDATA_KIND_MEMBER_POINTER;
    // Other languages' types that are represented as the type they name.
    case DW_TAG_immutable_type:
    case DW_TAG_packed_type:
    case DW_TAG_shared_type:
    case DW_TAG_const_type:
      return TYPEDATA_KIND_CONST;
    case DW_TAG_volatile_type:
      return TYPEDATA_KIND_VOLATILE;
    case DW_TAG_restrict_type:
      return TYPEDATA_KIND_RESTRICT;
    case DW_TAG_atomic_type:
      return TYPEDATA_KIND_ATOMIC;
    case DW_TAG_subrange_type:
    case DW_TAG_typedef:
    case DW_TAG_template_alias:
      return TYPEDATA_KIND_ALIAS;
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_interface_type:
    case DW_TAG_string_type:
      return TYPEDATA_KIND_STRUCT;
    case DW_TAG_union_type:
      return TYPEDATA_KIND_UNION;
    case DW_TAG_enumeration_type:
      return TYPEDATA_KIND_ENUM;
    case DW_TAG_array_type:
      return TYPEDATA_KIND_ARRAY;
    case DW_TAG_subroutine_type:
    case DW_TAG_subprogram:
      return TYPEDATA_KIND_FUNCTION;
    default:
      return std::nullopt;
  }
}

bool is_scope(std::uint16_t tag) {
  return tag == DW_TAG_namespace || tag == DW_TAG_module;
}

bool is_class(std::uint16_t tag) {
  const auto kind = kind_of(tag);
  return kind && is_record(*kind);
}

// The unit's DIE is read for its language alone.
std::uint64_t language_of(Bytes in, const DwarfUnit& unit) {
  const std::uint64_t code = in.uleb();
  const Abbrev* abbrev = code == 0 ? nullptr : unit.abbrevs->find(code);
  if (abbrev == nullptr) return DW_LANG_C;
  for (unsigned i = 0; i < abbrev->count && in.ok(); ++i) {
    const AbbrevAttribute& attribute = unit.abbrevs->attributes(*abbrev)[i];
    if (attribute.name == DW_AT_language) {
      switch (attribute.form) {
        case DW_FORM_implicit_const:
          return static_cast<std::uint64_t>(unit.abbrevs->constant(attribute));
        case DW_FORM_data1:
          return in.u8();
        case DW_FORM_data2:
          return in.u16();
        case DW_FORM_udata:
          return in.uleb();
        default:
          return DW_LANG_C;
      }
    }
    if (attribute.size != AbbrevAttribute::kVaries) {
      in.skip(attribute.size);
    } else if (attribute.form == DW_FORM_string) {
      in.string();
    } else if (attribute.form == DW_FORM_udata || attribute.form == DW_FORM_sdata) {
      in.uleb();
    } else {
      return DW_LANG_C;
    }
  }
  return DW_LANG_C;
}

const char* symbol_of(const DieFields& fields) {
  return *fields.linkage_name != '\0' ? fields.linkage_name : fields.name;
}

}  // namespace

DwarfTypes::DwarfTypes(DwarfSections sections, const std::string& name)
    : sections_(std::move(sections)), strings_{sections_.str, sections_.line_str} {
  if (sections_.info.size() >= TYPEDATA_NONE) {
    throw Failure::of(TYPEDATA_DAMAGED, "{}: its types are too many: build or fetch it again",
                      name);
  }
  types_.resize(sections_.info.size());
  read_units(name);
  functions_.build();
  objects_.build();
}

// Moves `in` to the first DIE; fails for what is no header.
void DwarfTypes::read_unit_header(Bytes& in, DwarfUnit& unit, std::uint64_t& abbrev_offset) {
  unit.begin = in.offset();
  std::uint64_t length = in.u32();
  if (length == 0xffffffff) {
    unit.sizes.offset = 8;
    length = in.u64();
  } else if (length >= 0xfffffff0) {
    in.fail();
  }
  if (length > in.left()) in.fail();
  unit.end = in.offset() + length;
  const std::uint16_t version = in.u16();
  std::uint8_t type = DW_UT_compile;
  if (version == 5) {
    type = in.u8();
    unit.sizes.address = in.u8();
    abbrev_offset = in.sized(unit.sizes.offset);
  } else if (version >= 2 && version <= 4) {
    abbrev_offset = in.sized(unit.sizes.offset);
    unit.sizes.address = in.u8();
    unit.sizes.version_2 = version == 2;
  } else {
    in.fail();
  }
  if (type == DW_UT_skeleton || type == DW_UT_split_compile) {
    in.skip(8);
  } else if (type == DW_UT_type || type == DW_UT_split_type) {
    in.skip(8);
    in.skip(unit.sizes.offset);
  }
  const unsigned address = unit.sizes.address;
  if (address != 4 && address != 8 && address != 2) in.fail();
  unit.first_die = in.offset();
}

// Decodes each abbreviation table once, up to where the next one begins.
void DwarfTypes::read_tables(const std::vector<std::uint64_t>& offsets) {
  std::vector<std::uint64_t> begins = offsets;
  std::sort(begins.begin(), begins.end());
  std::map<std::pair<std::uint64_t, unsigned>, const AbbrevTable*> known;
  for (std::size_t i = 0; i < units_.size(); ++i) {
    DwarfUnit& unit = units_[i];
    const std::uint64_t offset = offsets[i];
    if (offset >= sections_.abbrev.size()) continue;
    const unsigned sizes =
        unit.sizes.address << 8 | unit.sizes.offset << 1 | (unit.sizes.version_2 ? 1 : 0);
    const AbbrevTable*& table = known[{offset, sizes}];
    if (table == nullptr) {
      const auto next = std::upper_bound(begins.begin(), begins.end(), offset);
      const std::uint64_t end = next == begins.end() ? sections_.abbrev.size() : *next;
      const auto bytes =
          std::span(sections_.abbrev)
              .subspan(offset, std::min<std::uint64_t>(end, sections_.abbrev.size()) - offset);
      AbbrevTable& fresh = tables_.emplace_back();
      fresh.read(Bytes(bytes, sections_.big_endian), unit.sizes);
      table = &fresh;
    }
    unit.abbrevs = table;
  }
}

void DwarfTypes::read_units(const std::string& name) {
  const auto damaged = [&](const DwarfUnit& unit) {
    throw Failure::of(TYPEDATA_DAMAGED,
                      "{}: its types cannot be read from offset {:#x} on: build or fetch it again",
                      name, unit.begin);
  };
  Bytes in(sections_.info, sections_.big_endian);
  std::vector<std::uint64_t> tables;
  while (in.ok() && !in.at_end()) {
    DwarfUnit unit;
    std::uint64_t abbrev_offset = 0;
    read_unit_header(in, unit, abbrev_offset);
    if (!in.ok() || unit.first_die > unit.end || units_.size() >= kMostUnits) damaged(unit);
    units_.push_back(unit);
    tables.push_back(abbrev_offset);
    in.seek(unit.end);
  }
  read_tables(tables);
  for (DwarfUnit& unit : units_) {
    if (unit.abbrevs == nullptr) damaged(unit);
    Bytes at(ByteSpan(sections_.info).first(unit.end), sections_.big_endian);
    at.seek(unit.first_die);
    unit.language = language_of(at, unit);
  }
  std::uint64_t dies = 0;
  // References go from one unit into another: all of them are there before the first is skimmed.
  for (const DwarfUnit& unit : units_) skim(unit, name, dies);
}

// Goes over all DIEs once: marks where types begin, and takes the functions and objects.
void DwarfTypes::skim(const DwarfUnit& unit, const std::string& name, std::uint64_t& dies) {
  const auto damaged = [&](std::uint64_t at) {
    throw Failure::of(TYPEDATA_DAMAGED,
                      "{}: the DWARF entry at {:#x} makes no sense: build or fetch it again", name,
                      at);
  };
  Bytes in(ByteSpan(sections_.info).first(unit.end), sections_.big_endian);
  in.seek(unit.first_die);
  // Whether what is at each depth is a scope: its functions and objects are the interface's.
  enum class Scope : std::uint8_t { space, record, other };
  Scope scopes[kDeepest + 1];
  std::size_t depth = 0;
  DieFields fields;
  while (!in.at_end()) {
    const std::uint64_t at = in.offset();
    Bytes peek = in;
    const std::uint64_t code = peek.uleb();
    if (code == 0) {
      in = peek;
      if (depth == 0) continue;  // padding behind the unit's own DIE
      --depth;
      continue;
    }
    const Abbrev* abbrev = unit.abbrevs->find(code);
    if (abbrev == nullptr || ++dies > kMostDies) damaged(at);
    const Scope around = depth == 0 ? Scope::space : scopes[depth];
    const bool root = around != Scope::other &&
                      (abbrev->tag == DW_TAG_subprogram || abbrev->tag == DW_TAG_variable);
    if (kind_of(abbrev->tag)) types_[at] = true;
    if (root || abbrev->size == Abbrev::kVaries) {
      if (!read_die(in, unit, strings_, fields)) damaged(at);
    } else {
      in = peek;
      in.skip(abbrev->size);
    }
    if (!in.ok()) damaged(at);
    if (root) {
      const bool function = abbrev->tag == DW_TAG_subprogram;
      // In a class only what is exported stands there whole, not as a mere declaration.
      const bool own =
          around == Scope::space || (function && fields.external && !fields.declaration);
      const char* symbol = symbol_of(fields);
      if (own && *symbol != '\0') {
        (function ? functions_ : objects_).add(symbol, static_cast<std::uint32_t>(at));
      }
    }
    if (!abbrev->children) continue;
    if (++depth > kDeepest) damaged(at);
    const bool whole_unit = depth == 1 && at == unit.first_die;
    if (is_scope(abbrev->tag) || whole_unit) {
      scopes[depth] = around == Scope::space ? Scope::space : Scope::other;
    } else {
      scopes[depth] =
          is_class(abbrev->tag) && around != Scope::other ? Scope::record : Scope::other;
    }
  }
  if (!in.ok()) damaged(unit.begin);
}

const DwarfUnit* DwarfTypes::unit_of(std::uint64_t offset) const {
  auto after = std::upper_bound(
      units_.begin(), units_.end(), offset,
      [](std::uint64_t wanted, const DwarfUnit& unit) { return wanted < unit.begin; });
  if (after == units_.begin()) return nullptr;
  --after;
  return offset < after->end ? &*after : nullptr;
}

const DwarfUnit* DwarfTypes::open(typedata_type type, Bytes& in, DieFields& fields) const {
  if (!is_type(type)) return nullptr;
  const DwarfUnit* unit = unit_of(type);
  if (unit == nullptr) return nullptr;
  in = Bytes(ByteSpan(sections_.info).first(unit->end), sections_.big_endian);
  in.seek(type);
  return read_die(in, *unit, strings_, fields) ? unit : nullptr;
}

typedata_type DwarfTypes::refer(std::uint64_t offset) const {
  if (offset == 0) return TYPEDATA_VOID;
  return is_type(offset) ? static_cast<typedata_type>(offset) : TYPEDATA_NONE;
}

template <typename Visit>
void DwarfTypes::children(Bytes& in, const DwarfUnit& unit, Visit visit) const {
  DieFields fields;
  std::size_t depth = 0;  // below a child
  while (in.ok() && !in.at_end()) {
    if (depth == 0) {
      if (!read_die(in, unit, strings_, fields)) return;
      if (!visit(static_cast<const DieFields&>(fields))) return;
      if (fields.children) ++depth;
      continue;
    }
    Bytes peek = in;
    const std::uint64_t code = peek.uleb();
    if (code == 0) {
      in = peek;
      --depth;
      continue;
    }
    const Abbrev* abbrev = unit.abbrevs->find(code);
    if (abbrev != nullptr && abbrev->size != Abbrev::kVaries) {
      in = peek;
      in.skip(abbrev->size);
    } else if (!read_die(in, unit, strings_, fields)) {
      return;
    }
    if (abbrev != nullptr && abbrev->children) ++depth;
  }
}

// Whether some enumerator is negative.
Number DwarfTypes::enumeration_sign(Bytes in, const DwarfUnit& unit) const {
  Number sign;
  children(in, unit, [&](const DieFields& child) {
    if (child.tag == DW_TAG_enumerator && child.const_value.negative) sign.negative = true;
    return !sign.negative;
  });
  return sign;
}

bool DwarfTypes::node(typedata_type type, typedata_info& info) const {
  info = {};
  info.name = "";
  info.size = TYPEDATA_UNKNOWN;
  info.kind = TYPEDATA_KIND_VOID;
  if (type == TYPEDATA_VOID) return true;
  Bytes in;
  DieFields fields;
  const DwarfUnit* unit = open(type, in, fields);
  if (unit == nullptr) return false;
  info.kind = *kind_of(fields.tag);
  info.name = fields.name;
  info.target = refer(fields.type);
  if (fields.byte_size.present && !fields.byte_size.negative &&
      fields.byte_size.value <= kFarthest) {
    info.size = fields.byte_size.value;
  }
  const std::uint64_t alignment = fields.alignment.value;
  if (alignment <= kMostAlignment && (alignment & (alignment - 1)) == 0) info.alignment = alignment;
  info.encoding = static_cast<unsigned>(fields.encoding.value);
  if (fields.declaration && info.kind != TYPEDATA_KIND_FUNCTION) info.flags |= TYPEDATA_DECLARATION;
  if (fields.vector) info.flags |= TYPEDATA_VECTOR;
  switch (info.kind) {
    case TYPEDATA_KIND_POINTER:
    case TYPEDATA_KIND_REFERENCE:
    case TYPEDATA_KIND_UNSPECIFIED:
      if (info.size == TYPEDATA_UNKNOWN) info.size = pointer_size();
      break;
    case TYPEDATA_KIND_MEMBER_POINTER: {
      // Itanium C++ ABI, 2.3: a ptrdiff_t, or a pair for a function.
      typedata_info target;
      const typedata_type pointed = strip(*this, info.target, true);
      const bool code = pointed != type && pointed != TYPEDATA_NONE && is_type(pointed) &&
                        node(pointed, target) && target.kind == TYPEDATA_KIND_FUNCTION;
      if (info.size == TYPEDATA_UNKNOWN) info.size = pointer_size() * (code ? 2 : 1);
      break;
    }
    case TYPEDATA_KIND_FUNCTION:
      info.size = TYPEDATA_UNKNOWN;
      if (!is_c(unit->language) || fields.prototyped) info.flags |= TYPEDATA_PROTOTYPED;
      if (fields.noreturn) info.flags |= TYPEDATA_NORETURN;
      if (fields.children) {
        children(in, *unit, [&](const DieFields& child) {
          if (child.tag == DW_TAG_unspecified_parameters) info.flags |= TYPEDATA_VARIADIC;
          return true;
        });
      }
      break;
    case TYPEDATA_KIND_ENUM:
      if (info.encoding == 0) {
        const typedata_type underlying = strip(*this, info.target, true);
        if (underlying != TYPEDATA_VOID && underlying != type && is_type(underlying)) {
          Bytes below;
          DieFields base;
          if (open(underlying, below, base) != nullptr) {
            info.encoding = static_cast<unsigned>(base.encoding.value);
          }
        }
        if (info.encoding == 0) {
          const bool negative = fields.children && enumeration_sign(in, *unit).negative;
          info.encoding = negative ? DW_ATE_signed : DW_ATE_unsigned;
        }
      }
      info.encoding = info.encoding == DW_ATE_signed || info.encoding == DW_ATE_signed_char
                          ? DW_ATE_signed
                          : DW_ATE_unsigned;
      break;
    case TYPEDATA_KIND_STRUCT:
    case TYPEDATA_KIND_UNION:
      if (fields.convention == DW_CC_pass_by_reference) info.flags |= TYPEDATA_NONTRIVIAL;
      if (fields.convention == DW_CC_normal ||
          (fields.convention == 0 && is_cxx(unit->language))) {
        info.flags |= TYPEDATA_PASSING_UNTOLD;
      }
      break;
    default:
      break;
  }
  return true;
}

namespace {

// Source: DWARF 5, 5.7.6; DW_AT_bit_offset as DWARF 3 has it.
void place_member(const DieFields& member, bool in_union, bool big_endian, typedata_item& item) {
  const auto sane = [](const Number& number) {
    return number.present && !number.negative && number.value <= kFarthest;
  };
  item.bit_size = sane(member.bit_size) ? member.bit_size.value : 0;
  item.bit_offset = TYPEDATA_UNKNOWN;
  if (sane(member.data_bit_offset)) {
    item.bit_offset = member.data_bit_offset.value;
  } else if (sane(member.bit_offset) && item.bit_size != 0) {
    const std::uint64_t start = sane(member.member_location) ? member.member_location.value * 8 : 0;
    const std::uint64_t storage = sane(member.byte_size) ? member.byte_size.value * 8 : 32;
    const std::uint64_t taken = member.bit_offset.value + item.bit_size;
    if (big_endian) {
      item.bit_offset = start + member.bit_offset.value;
    } else if (taken <= start + storage) {
      item.bit_offset = start + storage - taken;
    }
  } else if (sane(member.member_location)) {
    item.bit_offset = member.member_location.value * 8;
  } else if (in_union || !member.has_location) {
    item.bit_offset = 0;
  }
}

// The number of elements, -1 if not told. DWARF 5, 5.13: a count or an upper bound, from what the
// unit's language begins with unless it says otherwise.
std::int64_t dimension(const DieFields& range, std::uint64_t language) {
  const auto limited = [](std::uint64_t count) {
    return count > kFarthest ? -1 : static_cast<std::int64_t>(count);
  };
  if (range.count.present) return range.count.negative ? -1 : limited(range.count.value);
  if (!range.upper.present || range.moving_lower) return -1;
  const std::uint64_t lower =
      range.lower.present ? range.lower.value : default_lower_bound(language);
  // What GCC writes for no elements at all is -1 in one form or another.
  const bool none =
      range.upper.value == lower - 1 || (lower == 0 && range.upper.value == 0xffffffff);
  if (none) return 0;
  if (range.upper.negative && !range.lower.negative) return -1;
  return limited(range.upper.value - lower + 1);
}

}  // namespace

std::size_t DwarfTypes::items(typedata_type type, typedata_item* items,
                              std::size_t capacity) const {
  if (type == TYPEDATA_VOID) return 0;
  Bytes in;
  DieFields fields;
  const DwarfUnit* unit = open(type, in, fields);
  if (unit == nullptr) return 0;
  const typedata_kind kind = *kind_of(fields.tag);
  std::size_t count = 0;
  const auto add = [&](const typedata_item& item) {
    if (count < capacity) items[count] = item;
    ++count;
  };
  if (fields.children) {
    children(in, *unit, [&](const DieFields& child) {
      typedata_item item{};
      item.name = child.name;
      item.type = refer(child.type);
      switch (kind) {
        case TYPEDATA_KIND_STRUCT:
        case TYPEDATA_KIND_UNION:
          if (child.tag != DW_TAG_member && child.tag != DW_TAG_inheritance) break;
          // A static member, as DWARF before 5 writes it.
          if (child.tag == DW_TAG_member && (child.external || child.declaration)) break;
          item.base_class = child.tag == DW_TAG_inheritance;
          place_member(child, kind == TYPEDATA_KIND_UNION, sections_.big_endian, item);
          add(item);
          break;
        case TYPEDATA_KIND_ENUM:
          if (child.tag != DW_TAG_enumerator) break;
          item.type = TYPEDATA_VOID;
          item.value = static_cast<std::int64_t>(child.const_value.value);
          add(item);
          break;
        case TYPEDATA_KIND_FUNCTION:
          if (child.tag == DW_TAG_formal_parameter) add(item);
          break;
        case TYPEDATA_KIND_ARRAY:
          if (child.tag != DW_TAG_subrange_type && child.tag != DW_TAG_enumeration_type) break;
          item.type = TYPEDATA_VOID;
          item.value = dimension(child, unit->language);
          add(item);
          break;
        default:
          return false;
      }
      return true;
    });
  }
  if (kind == TYPEDATA_KIND_ARRAY && count == 0) {
    typedata_item open_end{};
    open_end.name = "";
    open_end.value = -1;
    add(open_end);
  }
  return count;
}

const char* DwarfTypes::symbol_at(std::uint32_t die) const {
  const DwarfUnit* unit = unit_of(die);
  Bytes in(ByteSpan(sections_.info).first(unit->end), sections_.big_endian);
  in.seek(die);
  DieFields fields;
  return read_die(in, *unit, strings_, fields) ? symbol_of(fields) : "";
}

typedata_type DwarfTypes::function(std::string_view symbol) const {
  int left = kLongestCollision;
  const std::uint32_t die = functions_.find(
      symbol, [&](std::uint32_t at) { return --left < 0 || symbol == symbol_at(at); });
  return die == NameIndex::kNone || left < 0 ? TYPEDATA_NONE : die;
}

typedata_type DwarfTypes::object(std::string_view symbol) const {
  int left = kLongestCollision;
  typedata_type type = TYPEDATA_NONE;
  objects_.find(symbol, [&](std::uint32_t at) {
    if (--left < 0) return true;
    const DwarfUnit* unit = unit_of(at);
    Bytes in(ByteSpan(sections_.info).first(unit->end), sections_.big_endian);
    in.seek(at);
    DieFields fields;
    if (!read_die(in, *unit, strings_, fields) || symbol != symbol_of(fields)) return false;
    type = fields.type == 0 ? TYPEDATA_NONE : refer(fields.type);
    return true;
  });
  return type;
}

std::vector<DwarfTypes::Named> DwarfTypes::all() const {
  std::vector<Named> named;
  const auto sorted_from = [&](std::size_t first) {
    std::stable_sort(
        named.begin() + static_cast<std::ptrdiff_t>(first), named.end(),
        [](const Named& a, const Named& b) { return std::strcmp(a.symbol, b.symbol) < 0; });
  };
  functions_.each([&](std::uint32_t die) { named.push_back({symbol_at(die), die, true}); });
  sorted_from(0);
  const std::size_t functions = named.size();
  objects_.each([&](std::uint32_t die) {
    const DwarfUnit* unit = unit_of(die);
    Bytes in(ByteSpan(sections_.info).first(unit->end), sections_.big_endian);
    in.seek(die);
    DieFields fields;
    if (!read_die(in, *unit, strings_, fields) || fields.type == 0) return;
    const typedata_type type = refer(fields.type);
    if (type != TYPEDATA_NONE) named.push_back({symbol_of(fields), type, false});
  });
  sorted_from(functions);
  return named;
}

typedata_type DwarfTypes::find_type(std::string_view name) const {
  typedata_type declaration = TYPEDATA_NONE;
  for (const DwarfUnit& unit : units_) {
    Bytes in(ByteSpan(sections_.info).first(unit.end), sections_.big_endian);
    in.seek(unit.first_die);
    std::vector<std::size_t> lengths;  // of `scope`, to go back to
    std::string scope;
    DieFields fields;
    while (in.ok() && !in.at_end()) {
      const std::uint64_t at = in.offset();
      if (!read_die(in, unit, strings_, fields)) {
        if (!in.ok()) break;
        if (!lengths.empty()) {
          scope.resize(lengths.back());
          lengths.pop_back();
        }
        continue;
      }
      const auto kind = kind_of(fields.tag);
      const bool looked_for =
          kind && (is_record(*kind) || *kind == TYPEDATA_KIND_ENUM || *kind == TYPEDATA_KIND_ALIAS);
      const std::string_view own = fields.name;
      if (looked_for && !own.empty() && name.size() == scope.size() + own.size() &&
          name.starts_with(scope) && name.ends_with(own)) {
        const auto type = static_cast<typedata_type>(at);
        if (!fields.declaration) return type;
        if (declaration == TYPEDATA_NONE) declaration = type;
      }
      if (!fields.children) continue;
      lengths.push_back(scope.size());
      const bool names_scope = is_scope(fields.tag) || is_class(fields.tag);
      // Longer than what is asked for, it cannot be a part of it.
      if (names_scope && !own.empty()) {
        if (scope.size() + own.size() < name.size()) {
          scope.append(own).append("::");
        } else {
          scope.push_back('\0');
        }
      }
    }
  }
  return declaration;
}

}  // namespace splitstrip::library
