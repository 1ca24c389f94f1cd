#include "typedata/array_descriptor.h"

#include <algorithm>

#include <dwarf.h>
#include <elf.h>

#include "dwarf/form.h"

namespace splitstrip {
namespace {

constexpr std::uint64_t kLargest = 4096;  // bytes, of a descriptor
// As many as Fortran has: before DWARF 5 gfortran writes them for an array of any rank.
constexpr unsigned kMostDimensions = 15;

// The end of the field that lies farthest in what DW_OP_push_object_address pushes. A dimension for
// all is given its index: that of the last is taken.
std::uint64_t farthest_field(ByteSpan expression, bool big_endian, std::uint64_t address_size) {
  std::uint64_t farthest = 0;
  std::uint64_t number = 0;  // the last one that was pushed
  std::uint64_t before = 0;  // the fields of the dimensions before
  bool by_index = false;
  Bytes in(expression, big_endian);
  while (in.ok() && !in.at_end()) {
    const std::uint8_t operation = in.u8();
    if (operation >= DW_OP_lit0 && operation <= DW_OP_lit31) {
      number = operation - DW_OP_lit0;
      continue;
    }
    switch (operation) {
      case DW_OP_plus_uconst: {
        const std::uint64_t offset = in.uleb();
        if (offset < kLargest) farthest = std::max(farthest, before + offset + address_size);
        break;
      }
      case DW_OP_constu:
      case DW_OP_consts:
        number = in.uleb();
        break;
      case DW_OP_over:
        by_index = true;
        break;
      case DW_OP_mul:
        if (by_index && number < kLargest) before = (kMostDimensions - 1) * number;
        by_index = false;
        break;
      case DW_OP_deref:
        before = 0;
        break;
      case DW_OP_push_object_address:
      case DW_OP_plus:
      case DW_OP_minus:
      case DW_OP_dup:
      case DW_OP_swap:
        break;
      default:
        return farthest;
    }
  }
  return farthest;
}

}  // namespace

std::optional<ArrayDescriptor> array_descriptor(const RawDwarf& dwarf, DieRef array) {
  const RawUnit& unit = dwarf.units()[array.unit];
  if (unit.abbrevs == nullptr) return std::nullopt;
  Bytes in = dwarf.bytes(unit);
  in.seek(array.offset);
  const bool big_endian = dwarf.file(unit).big_endian;
  bool described = false;
  bool any_rank = false;
  std::uint64_t size = 0;
  unsigned dimensions = 0;
  // The array itself, and then its children, none of which has children.
  for (bool own = true; in.ok(); own = false) {
    const std::uint64_t code = in.uleb();
    const Abbrev* abbrev = code == 0 ? nullptr : unit.abbrevs->find(code);
    if (abbrev == nullptr) break;
    const AbbrevAttribute* attributes = unit.abbrevs->attributes(*abbrev);
    for (unsigned i = 0; i < abbrev->count && in.ok(); ++i) {
      const RawValue value = read_form(in, attributes[i], dwarf, unit);
      if (own && attributes[i].name == DW_AT_data_location) described = true;
      if (own && attributes[i].name == DW_AT_rank) any_rank = true;
      if (!own && value.kind == RawValue::Kind::block) {
        size = std::max(size, farthest_field(value.block, big_endian, unit.sizes.address));
      }
    }
    if (!own) ++dimensions;
    if (own ? !abbrev->children : abbrev->children) break;
  }
  if (!any_rank && !described) return std::nullopt;
  return ArrayDescriptor{static_cast<std::uint32_t>(size),
                         any_rank || dimensions >= kMostDimensions};
}

std::uint64_t character_encoding(std::uint16_t machine) {
  switch (machine) {
    case EM_ARM:
    case EM_AARCH64:
    case EM_PPC:
    case EM_PPC64:
    case EM_S390:
    case EM_RISCV:
      return DW_ATE_unsigned_char;
    default:
      return DW_ATE_signed_char;
  }
}

}  // namespace splitstrip
