#include "typedata/keep.h"

#include <dwarf.h>

namespace splitstrip {

bool is_type_tag(std::uint16_t tag) {
  switch (tag) {
    case DW_TAG_array_type:
    case DW_TAG_atomic_type:
    case DW_TAG_base_type:
    case DW_TAG_class_type:
    case DW_TAG_coarray_type:
    case DW_TAG_const_type:
    case DW_TAG_dynamic_type:
    case DW_TAG_enumeration_type:
    case DW_TAG_file_type:
    case DW_TAG_immutable_type:
    case DW_TAG_interface_type:
    case DW_TAG_packed_type:
    case DW_TAG_pointer_type:
    case DW_TAG_ptr_to_member_type:
    case DW_TAG_reference_type:
    case DW_TAG_restrict_type:
    case DW_TAG_rvalue_reference_type:
    case DW_TAG_set_type:
    case DW_TAG_shared_type:
    case DW_TAG_string_type:
    case DW_TAG_structure_type:
    case DW_TAG_subrange_type:
    case DW_TAG_subroutine_type:
    case DW_TAG_template_alias:
    case DW_TAG_typedef:
    case DW_TAG_union_type:
    case DW_TAG_unspecified_type:
    case DW_TAG_volatile_type:
      return true;
    default:
      return false;
  }
}

bool is_scope_tag(std::uint16_t tag) {
  switch (tag) {
    case DW_TAG_namespace:
    case DW_TAG_module:
    case DW_TAG_class_type:
    case DW_TAG_interface_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
      return true;
    default:
      return false;
  }
}

bool is_aggregate_tag(std::uint16_t tag) {
  return tag == DW_TAG_enumeration_type ||
         (is_scope_tag(tag) && tag != DW_TAG_namespace && tag != DW_TAG_module);
}

namespace keep_detail {

constexpr auto kTable = [] {
  std::array<Keep, 0x90> keep{};
  for (const int name : {DW_AT_name,
                         DW_AT_byte_size,
                         DW_AT_bit_size,
                         DW_AT_encoding,
                         DW_AT_declaration,
                         DW_AT_alignment,
                         DW_AT_data_bit_offset,
                         DW_AT_const_value,
                         DW_AT_prototyped,
                         DW_AT_enum_class,
                         DW_AT_virtuality,
                         DW_AT_linkage_name,
                         DW_AT_artificial,
                         DW_AT_external,
                         DW_AT_reference,
                         DW_AT_accessibility,
                         DW_AT_endianity,
                         DW_AT_digit_count,
                         DW_AT_decimal_scale,
                         DW_AT_decimal_sign,
                         DW_AT_binary_scale,
                         DW_AT_small,
                         DW_AT_discr_value,
                         DW_AT_address_class,
                         DW_AT_ordering,
                         DW_AT_noreturn,
                         DW_AT_export_symbols,
                         DW_AT_calling_convention,
                         DW_AT_rvalue_reference,
                         DW_AT_variable_parameter,
                         DW_AT_is_optional,
                         DW_AT_mutable,
                         DW_AT_explicit,
                         DW_AT_picture_string,
                         DW_AT_threads_scaled}) {
    keep[static_cast<std::size_t>(name)] = Keep::yes;
  }
  for (const int name : {DW_AT_lower_bound, DW_AT_upper_bound, DW_AT_count, DW_AT_bit_stride,
                         DW_AT_byte_stride, DW_AT_rank, DW_AT_string_length_byte_size}) {
    keep[static_cast<std::size_t>(name)] = Keep::bound;
  }
  keep[DW_AT_data_member_location] = Keep::location;
  keep[DW_AT_vtable_elem_location] = Keep::location;
  keep[DW_AT_type] = Keep::type;
  keep[DW_AT_containing_type] = Keep::type;
  keep[DW_AT_abstract_origin] = Keep::origin;
  keep[DW_AT_specification] = Keep::origin;
  keep[DW_AT_bit_offset] = Keep::old_bits;
  keep[DW_AT_signature] = Keep::signature;
  keep[DW_AT_discr] = Keep::inner;
  keep[DW_AT_sibling] = Keep::sibling;
  return keep;
}();

const std::array<Keep, 0x90> standard = kTable;

Keep vendor(std::uint16_t name) {
  return name == DW_AT_MIPS_linkage_name || name == DW_AT_GNU_vector ? Keep::yes : Keep::no;
}

}  // namespace keep_detail

}  // namespace splitstrip
