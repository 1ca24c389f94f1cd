#include "typedata/load.h"

#include <algorithm>
#include <unordered_map>

#include "dwarf/language.h"
#include "facts/error.h"
#include "typedata/check.h"

namespace splitstrip {
namespace {

std::optional<TypeKind> type_kind(int tag) {
  switch (tag) {
    case DW_TAG_base_type:
      return TypeKind::base;
    case DW_TAG_unspecified_type:
      return TypeKind::unspecified;
    case DW_TAG_pointer_type:
      return TypeKind::pointer;
    case DW_TAG_reference_type:
      return TypeKind::reference;
    case DW_TAG_rvalue_reference_type:
      return TypeKind::rvalue_reference;
    case DW_TAG_ptr_to_member_type:
      return TypeKind::member_pointer;
    case DW_TAG_const_type:
      return TypeKind::const_qualified;
    case DW_TAG_volatile_type:
      return TypeKind::volatile_qualified;
    case DW_TAG_restrict_type:
      return TypeKind::restrict_qualified;
    case DW_TAG_atomic_type:
      return TypeKind::atomic_qualified;
    // Other languages' types that are represented as the type they name.
    case DW_TAG_immutable_type:
    case DW_TAG_packed_type:
    case DW_TAG_shared_type:
      return TypeKind::const_qualified;
    case DW_TAG_subrange_type:
    case DW_TAG_typedef:
    case DW_TAG_template_alias:
      return TypeKind::alias;
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_interface_type:
    case DW_TAG_string_type:
      return TypeKind::structure;
    case DW_TAG_union_type:
      return TypeKind::union_;
    case DW_TAG_enumeration_type:
      return TypeKind::enumeration;
    case DW_TAG_array_type:
      return TypeKind::array;
    case DW_TAG_subroutine_type:
      return TypeKind::function;
    default:
      return std::nullopt;
  }
}

class Loader {
 public:
  Loader(const DebugInfo& info, const LoadLimits& limits) : info_(info), limits_(limits) {}

  Interface load() {
    read_header();
    for (const Unit& unit : info_.units()) {
      const std::uint64_t language =
          unit.die().unsigned_value(DW_AT_language).value_or(DW_LANG_C11);
      unit_is_c_ = is_c(language);
      lower_bound_ = static_cast<std::int64_t>(default_lower_bound(language));
      unit_is_cxx_ = is_cxx(language);
      if (result_.producer.empty()) result_.producer = name_of(unit.die(), DW_AT_producer);
      read_children(unit.die(), no_scope, 0);
    }
    resolve();
    check_interface(result_, info_.name(), limits_.depth);
    const auto by_symbol = [](const auto& one, const auto& other) {
      return one.symbol() < other.symbol();
    };
    std::stable_sort(result_.functions.begin(), result_.functions.end(), by_symbol);
    std::stable_sort(result_.objects.begin(), result_.objects.end(), by_symbol);
    return std::move(result_);
  }

 private:
  [[noreturn]] void damaged(const Die& die, std::string_view what) const {
    throw Error::of("{}: the DWARF entry at {:#x} {}: the file is damaged, build or fetch it again",
                    info_.name(), die.offset(), what);
  }

  void read_header() {
    const GElf_Ehdr& header = info_.elf().header();
    result_.machine = header.e_machine;
    result_.big_endian = header.e_ident[EI_DATA] == ELFDATA2MSB;
    result_.address_size = header.e_ident[EI_CLASS] == ELFCLASS32 ? 4 : 8;
  }

  std::string_view name_of(const Die& die, unsigned attribute = DW_AT_name) const {
    const std::string_view name = die.string(attribute).value_or("");
    if (name.size() > limits_.name_length) damaged(die, "has a name beyond all measure");
    return name;
  }

  void count(const Die& die, std::size_t depth) {
    if (++entries_ > limits_.entries) damaged(die, "is one of too many");
    if (depth > limits_.depth) damaged(die, "is nested too deeply");
  }

  // References are DIE offsets until resolve() turns them into TypeIds; offsets of .debug_types
  // and .debug_info may coincide, so the address of the entry itself is the key.
  TypeId refer(const Die& die, unsigned attribute = DW_AT_type) {
    const auto target = die.reference(attribute);
    if (!target) return void_type;
    const auto [at, fresh] = reference_ids_.try_emplace(target->raw().addr, references_.size());
    if (fresh) references_.push_back(*target);
    return static_cast<TypeId>(at->second);
  }

  void read_children(const Die& parent, ScopeId scope, std::size_t depth) {
    for (const Die& die : parent.children()) {
      count(die, depth);
      const int tag = die.tag();
      if (const auto kind = type_kind(tag)) {
        read_type(die, tag, *kind, scope, depth);
      } else if (tag == DW_TAG_namespace || tag == DW_TAG_module) {
        result_.scopes.push_back({name_of(die), scope});
        read_children(die, static_cast<ScopeId>(result_.scopes.size() - 1), depth + 1);
      } else if (tag == DW_TAG_subprogram) {
        read_function(die, scope, depth);
      } else if (tag == DW_TAG_variable) {
        result_.objects.push_back(
            {name_of(die), name_of(die, DW_AT_linkage_name), scope, refer(die)});
      }
    }
  }

  TypeId add(const Die& die, Type type) {
    if (result_.types.size() >= void_type - 1) damaged(die, "is one type too many");
    const auto id = static_cast<TypeId>(result_.types.size());
    ids_.emplace(die.raw().addr, id);
    result_.types.push_back(std::move(type));
    return id;
  }

  void read_type(const Die& die, int tag, TypeKind kind, ScopeId scope, std::size_t depth) {
    Type type;
    type.kind = kind;
    type.name = name_of(die);
    type.scope = scope;
    type.target = refer(die);
    type.size = die.unsigned_value(DW_AT_byte_size);
    type.alignment = alignment_of(die);
    type.encoding = die.unsigned_value(DW_AT_encoding).value_or(0);
    type.declaration = die.flag(DW_AT_declaration);
    type.is_class = tag == DW_TAG_class_type;
    type.vector = die.flag(DW_AT_GNU_vector);
    if (is_record(kind)) type.passed = passed_as(die);
    if (kind == TypeKind::function) type.prototyped = !unit_is_c_ || die.flag(DW_AT_prototyped);
    if (kind == TypeKind::member_pointer) type.containing = refer(die, DW_AT_containing_type);
    // The element is added before its children: a nested class comes after the one around it.
    const TypeId id = add(die, {});
    if (kind == TypeKind::enumeration) {
      read_enumerators(die, type, depth + 1);
    } else if (kind == TypeKind::array) {
      read_dimensions(die, type, scope, depth + 1);
    } else if (kind == TypeKind::function) {
      read_parameters(die, type.parameters, type.variadic, depth + 1);
    } else if (is_record(kind)) {
      read_record(die, type, scope, depth + 1);
    }
    result_.types[id] = std::move(type);
  }

  PassedAs passed_as(const Die& die) const {
    switch (die.unsigned_value(DW_AT_calling_convention).value_or(0)) {
      case DW_CC_pass_by_reference:
        return PassedAs::address;
      case DW_CC_pass_by_value:
        return PassedAs::value;
      case DW_CC_normal:  // unspecified
        return PassedAs::untold;
      default:
        return unit_is_cxx_ ? PassedAs::untold : PassedAs::value;
    }
  }

  std::optional<std::uint64_t> alignment_of(const Die& die) const {
    const auto alignment = die.unsigned_value(DW_AT_alignment);
    // Only powers of two up to what an ELF object can have mean anything.
    if (!alignment || *alignment == 0 || (*alignment & (*alignment - 1)) != 0 ||
        *alignment > (1U << 28)) {
      return std::nullopt;
    }
    return alignment;
  }

  void read_enumerators(const Die& die, Type& type, std::size_t depth) {
    for (const Die& child : die.children()) {
      count(child, depth);
      if (child.tag() != DW_TAG_enumerator) continue;
      const unsigned form = child.form(DW_AT_const_value).value_or(0);
      Enumerator enumerator{name_of(child)};
      if (form == DW_FORM_sdata || form == DW_FORM_implicit_const) {
        const std::int64_t value = child.signed_value(DW_AT_const_value).value_or(0);
        enumerator.value = static_cast<std::uint64_t>(value);
        enumerator.negative = value < 0;
      } else {
        enumerator.value = child.unsigned_value(DW_AT_const_value).value_or(0);
      }
      type.enumerators.push_back(enumerator);
    }
  }

  // DW_TAG_subrange_type (DWARF 5, 5.13): a count or an upper bound, from what the language begins
  // with unless it says otherwise.
  void read_dimensions(const Die& die, Type& type, ScopeId scope, std::size_t depth) {
    for (const Die& child : die.children()) {
      count(child, depth);
      const int tag = child.tag();
      if (tag != DW_TAG_subrange_type && tag != DW_TAG_enumeration_type) continue;
      if (tag == DW_TAG_enumeration_type)
        read_type(child, tag, TypeKind::enumeration, scope, depth);
      const auto upper = child.signed_value(DW_AT_upper_bound);
      // One that is computed at run time makes the number of elements one, too.
      const bool moving = child.has(DW_AT_lower_bound) && !child.signed_value(DW_AT_lower_bound);
      const auto lower = child.signed_value(DW_AT_lower_bound).value_or(lower_bound_);
      auto length = child.unsigned_value(DW_AT_count);
      if (!length && upper && !moving) {
        // An upper bound is read unsigned first: data1 0xff is 255 here, not -1. What GCC writes
        // for no elements at all is -1 in one form or another, one less than the lower bound.
        const std::uint64_t bound = child.unsigned_value(DW_AT_upper_bound).value_or(0);
        const bool none = *upper == lower - 1 &&
                          (child.form(DW_AT_upper_bound) == DW_FORM_sdata || bound >= 0xffffffff);
        length = none ? 0 : bound - static_cast<std::uint64_t>(lower) + 1;
      }
      type.counts.push_back(length);
    }
    if (type.counts.empty()) type.counts.emplace_back();
  }

  void read_parameters(const Die& die, std::vector<Parameter>& into, bool& variadic,
                       std::size_t depth) {
    for (const Die& child : die.children()) {
      count(child, depth);
      const int tag = child.tag();
      if (tag == DW_TAG_formal_parameter) {
        into.push_back({name_of(child), refer(child)});
      } else if (tag == DW_TAG_unspecified_parameters) {
        variadic = true;
      } else if (const auto kind = type_kind(tag)) {
        read_type(child, tag, *kind, no_scope, depth);  // local to the function
      } else if (tag == DW_TAG_lexical_block) {
        std::vector<Parameter> none;
        bool ignored = false;
        read_parameters(child, none, ignored, depth + 1);
      }
    }
  }

  void read_record(const Die& die, Type& type, ScopeId scope, std::size_t depth) {
    ScopeId inner = no_scope;
    auto scope_inside = [&] {
      if (inner == no_scope) {
        result_.scopes.push_back({type.name, scope});
        inner = static_cast<ScopeId>(result_.scopes.size() - 1);
      }
      return inner;
    };
    for (const Die& child : die.children()) {
      count(child, depth);
      const int tag = child.tag();
      if (tag == DW_TAG_member || tag == DW_TAG_inheritance) {
        // A static member, as DWARF before 5 writes it.
        if (tag == DW_TAG_member && (child.flag(DW_AT_external) || child.flag(DW_AT_declaration))) {
          continue;
        }
        type.members.push_back(read_member(child, type, tag == DW_TAG_inheritance));
      } else if (tag == DW_TAG_subprogram) {
        ++type.methods;
        // One that is exported stands there whole, not as a mere declaration.
        if (child.flag(DW_AT_external) && !child.flag(DW_AT_declaration)) {
          read_function(child, scope_inside(), depth);
        }
      } else if (const auto kind = type_kind(tag)) {
        read_type(child, tag, *kind, scope_inside(), depth);
      }
    }
  }

  Member read_member(const Die& die, const Type& record, bool base_class) {
    Member member;
    member.name = name_of(die);
    member.type = refer(die);
    member.base_class = base_class;
    member.alignment = alignment_of(die);
    member.bit_size = die.unsigned_value(DW_AT_bit_size);
    constexpr std::uint64_t limit = std::uint64_t{1} << 48;  // bytes, far above any real record
    const auto bytes = die.unsigned_value(DW_AT_data_member_location);
    const auto bits = die.unsigned_value(DW_AT_data_bit_offset);
    const auto from_top = die.unsigned_value(DW_AT_bit_offset);  // DWARF 2 and 3
    if (bytes.value_or(0) > limit || bits.value_or(0) > limit || from_top.value_or(0) > limit ||
        member.bit_size.value_or(0) > limit) {
      damaged(die, "lies beyond all measure");
    }
    if (bits) {
      member.bit_offset = *bits;
    } else if (from_top && member.bit_size) {
      // DW_AT_bit_offset counts from the most significant bit of a storage unit of byte_size.
      const std::uint64_t unit = die.unsigned_value(DW_AT_byte_size).value_or(4);
      const std::uint64_t start = bytes.value_or(0) * 8;
      const std::uint64_t taken = *from_top + *member.bit_size;
      if (unit > limit || (!result_.big_endian && start + unit * 8 < taken)) {
        damaged(die, "is a bit-field outside of its storage");
      }
      member.bit_offset = result_.big_endian ? start + *from_top : start + unit * 8 - taken;
    } else if (bytes) {
      member.bit_offset = *bytes * 8;
    } else if (const auto location = plus_constant(die)) {
      if (*location > limit) damaged(die, "lies beyond all measure");
      member.bit_offset = *location * 8;
    } else if (record.kind == TypeKind::union_ || !die.has(DW_AT_data_member_location)) {
      member.bit_offset = 0;
    }
    return member;
  }

  // DWARF 2 wrote a member's place as the expression "DW_OP_plus_uconst N".
  static std::optional<std::uint64_t> plus_constant(const Die& die) {
    Dwarf_Die raw = die.raw();
    Dwarf_Attribute attribute;
    Dwarf_Op* operations = nullptr;
    std::size_t length = 0;
    if (dwarf_attr(&raw, DW_AT_data_member_location, &attribute) == nullptr ||
        dwarf_getlocation(&attribute, &operations, &length) != 0 || length != 1 ||
        operations[0].atom != DW_OP_plus_uconst) {
      return std::nullopt;
    }
    return operations[0].number;
  }

  void read_function(const Die& die, ScopeId scope, std::size_t depth) {
    Function function;
    function.name = name_of(die);
    function.linkage_name = name_of(die, DW_AT_linkage_name);
    function.scope = scope;
    function.returns = refer(die);
    function.prototyped = !unit_is_c_ || die.flag(DW_AT_prototyped);
    function.noreturn = die.flag(DW_AT_noreturn);
    read_parameters(die, function.parameters, function.variadic, depth + 1);
    if (!function.symbol().empty()) result_.functions.push_back(std::move(function));
  }

  void resolve(TypeId& reference) const {
    if (reference == void_type) return;
    const Die& target = references_[reference];
    const auto found = ids_.find(target.raw().addr);
    if (found == ids_.end()) damaged(target, "is used as a type but is none");
    reference = found->second;
  }

  void resolve() {
    for (Type& type : result_.types) {
      resolve(type.target);
      resolve(type.containing);
      for (Member& member : type.members) resolve(member.type);
      for (Parameter& parameter : type.parameters) resolve(parameter.type);
    }
    for (Function& function : result_.functions) {
      resolve(function.returns);
      for (Parameter& parameter : function.parameters) resolve(parameter.type);
    }
    for (Object& object : result_.objects) resolve(object.type);
  }

  const DebugInfo& info_;
  const LoadLimits& limits_;
  Interface result_;
  bool unit_is_c_ = true;
  std::int64_t lower_bound_ = 0;  // of the unit's arrays that say none
  bool unit_is_cxx_ = false;
  std::size_t entries_ = 0;
  std::unordered_map<const void*, TypeId> ids_;
  std::unordered_map<const void*, std::size_t> reference_ids_;
  std::vector<Die> references_;
};

}  // namespace

Interface load_interface(const DebugInfo& info, const LoadLimits& limits) {
  return Loader(info, limits).load();
}

}  // namespace splitstrip
