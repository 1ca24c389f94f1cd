#include "typedata/c_layout.h"

#include <algorithm>
#include <numeric>

#include <elf.h>

namespace splitstrip {
namespace {

constexpr std::uint64_t largest_alignment = 4096;  // worth trying

constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t to) {
  return (value + to - 1) / to * to;
}

}  // namespace

CLayout::CLayout(const Interface& interface)
    : interface_(interface), plans_(interface.types.size()) {}

// The processor supplements of the System V ABI: natural alignment, but for these.
std::uint64_t CLayout::base_alignment(std::uint64_t size) const {
  std::uint64_t natural = 1;
  while (natural < size && natural < 16) natural *= 2;
  switch (interface_.machine) {
    case EM_386:
      return std::min<std::uint64_t>(natural, 4);
    case EM_68K:
      return std::min<std::uint64_t>(natural, 2);
    case EM_S390:
    case EM_ARM:
    case EM_MIPS:
      return std::min<std::uint64_t>(natural, 8);
    default:
      return natural;
  }
}

std::uint64_t CLayout::alignment(TypeId id) {
  while (id != void_type) {
    const Type& type = interface_.type(id);
    if (is_qualifier(type.kind) || (type.kind == TypeKind::array && !type.vector)) {
      id = type.target;
    } else if (type.kind == TypeKind::alias) {
      if (type.alignment) return *type.alignment;
      id = type.target;
    } else if (is_record(type.kind)) {
      return type.declaration ? 1 : plan(id).alignment;
    } else if (type.kind == TypeKind::array) {
      return std::max<std::uint64_t>(1, size_of(interface_, id).value_or(1));
    } else if (type.kind == TypeKind::member_pointer) {
      return base_alignment(interface_.address_size);
    } else {
      std::uint64_t size = size_of(interface_, id).value_or(1);
      if (type.kind == TypeKind::base && (type.encoding == 0x03 || type.encoding == 0x09)) {
        size /= 2;  // DW_ATE_complex_float, DW_ATE_imaginary_float: two of half the size
      }
      return base_alignment(size);
    }
  }
  return 1;
}

const RecordPlan& CLayout::plan(TypeId record) {
  if (plans_[record]) return *plans_[record];
  const Type& type = interface_.type(record);
  // check_interface() bounds how deep records lie within records, so this recursion is bounded.
  for (const Member& member : type.members) alignment(member.type);
  order_.resize(type.members.size());
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::erase_if(order_, [&](std::size_t at) { return !type.members[at].bit_offset; });
  std::stable_sort(order_.begin(), order_.end(), [&](std::size_t one, std::size_t other) {
    return *type.members[one].bit_offset < *type.members[other].bit_offset;
  });
  auto result = lay_out(type, false);
  if (!result) result = lay_out(type, true);
  if (!result) {
    result.emplace();
    result->opaque = true;
    result->aligned = type.alignment.value_or(0);
    result->alignment = std::max<std::uint64_t>(1, result->aligned);
  }
  plans_[record] = std::move(result);
  return *plans_[record];
}

bool CLayout::place_bit_field(const Member& member, bool packed, std::uint64_t& cursor,
                              RecordPlan& plan, FieldPlan& field) {
  const auto size = size_of(interface_, member.type);
  const std::uint64_t width = *member.bit_size;
  if (!size || *size == 0 || *size > 16 || width == 0 || width > *size * 8) return false;
  const std::uint64_t unit = alignment(member.type) * 8;
  // A bit-field spans no more units of its type's alignment than the type itself does.
  const auto spans = [&](std::uint64_t at) {
    return !packed && (at % unit + width + unit - 1) / unit > *size * 8 / unit;
  };
  const std::uint64_t target = *member.bit_offset;
  const std::uint64_t natural = spans(cursor) ? round_up(cursor, unit) : cursor;
  if (natural > target) return false;
  if (natural < target) {
    if (spans(target)) return false;
    field.padding_bits = target - cursor;
  }
  cursor = target + width;
  if (!packed) plan.alignment = std::max(plan.alignment, unit / 8);
  return true;
}

bool CLayout::place_member(const Type& type, std::size_t order, bool packed, std::uint64_t& cursor,
                           RecordPlan& plan, FieldPlan& field) {
  const Member& member = type.members[field.member];
  const std::uint64_t target = *member.bit_offset;
  if (target % 8 != 0) return false;
  const auto size = size_of(interface_, member.type);
  const TypeId stripped = strip(interface_, member.type, true);
  const bool unbounded = !size && stripped != void_type &&
                         interface_.type(stripped).kind == TypeKind::array &&
                         size_of(interface_, interface_.type(stripped).target);
  // What is left until the next member, for a member that cannot be written as what it is: of an
  // incomplete type, or a base class whose tail padding the derived class uses (Itanium C++ ABI).
  std::uint64_t room = type.size.value_or(0) * 8 > target ? type.size.value_or(0) * 8 - target : 0;
  if (type.kind != TypeKind::union_ && order + 1 < order_.size()) {
    room = *type.members[order_[order + 1]].bit_offset - target;
  }
  field.as_bytes = (!size && !unbounded) || (member.base_class && size && *size * 8 > room);
  field.bytes = room / 8;
  const std::uint64_t own = field.as_bytes || packed ? 1 : alignment(member.type);
  const std::uint64_t asked = member.alignment.value_or(0);
  const std::uint64_t align = std::max(own, asked) * 8;
  if (asked > own) field.aligned = asked;
  const std::uint64_t natural = round_up(cursor, align);
  std::uint64_t effective = align;
  if (natural > target) return false;
  if (natural < target) {
    bool found = false;
    for (std::uint64_t wider = align * 2; !packed && asked == 0 && wider <= largest_alignment * 8;
         wider *= 2) {
      if (round_up(cursor, wider) != target || (type.size.value_or(0) * 8) % wider != 0) continue;
      field.aligned = wider / 8;
      effective = wider;
      found = true;
      break;
    }
    if (!found) {
      if (target % align != 0) return false;
      field.padding_bits = target - cursor;
    }
  }
  plan.alignment = std::max(plan.alignment, effective / 8);
  cursor = target + (field.as_bytes ? field.bytes : size.value_or(0)) * 8;
  return true;
}

std::optional<RecordPlan> CLayout::lay_out(const Type& type, bool packed) {
  RecordPlan plan;
  plan.packed = packed;
  std::uint64_t cursor = 0;
  std::uint64_t end = 0;
  for (std::size_t order = 0; order < order_.size(); ++order) {
    FieldPlan field;
    field.member = order_[order];
    const Member& member = type.members[field.member];
    if (type.kind == TypeKind::union_) cursor = 0;
    const bool placed = member.bit_size ? place_bit_field(member, packed, cursor, plan, field)
                                        : place_member(type, order, packed, cursor, plan, field);
    if (!placed || (type.kind == TypeKind::union_ && field.padding_bits != 0)) return std::nullopt;
    end = std::max(end, cursor);
    if (!field.as_bytes || field.bytes != 0) plan.fields.push_back(field);
  }
  const std::uint64_t needed = round_up(end, 8) / 8;
  const std::uint64_t size = type.size.value_or(needed);
  if (type.alignment.value_or(0) > plan.alignment) {
    plan.aligned = plan.alignment = *type.alignment;
  }
  if (round_up(needed, plan.alignment) > size) return std::nullopt;
  if (round_up(needed, plan.alignment) < size) {
    for (std::uint64_t wider = plan.alignment * 2; wider <= largest_alignment; wider *= 2) {
      if (round_up(needed, wider) != size) continue;
      plan.aligned = plan.alignment = wider;
      return plan;
    }
    if (size % plan.alignment != 0) return std::nullopt;
    plan.tail_bytes = size - needed;
  }
  return plan;
}

}  // namespace splitstrip
