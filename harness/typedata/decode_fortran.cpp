// What Decoder makes of Fortran: the types that are passed and that lie in memory, where the DWARF
// gives those that the program sees.
#include <dwarf.h>

#include "typedata/array_descriptor.h"
#include "typedata/decode.h"

namespace splitstrip {
namespace {

using Kind = RecordAttribute::Kind;

}  // namespace

// DW_TAG_string_type: Fortran's, whose characters have no DIE (DWARF 5, 5.11).
void Decoder::string_type(DieRef die, Record& record) {
  const RecordAttribute* size = attributes_.find(DW_AT_byte_size);
  std::optional<std::uint64_t> length;
  if (size != nullptr && size->kind() == Kind::number) length = size->number();
  attributes_ = {};
  if (length == 1) {
    attributes_.add(RecordAttribute::of_text(DW_AT_name, kCharacterName));
    attributes_.add(RecordAttribute::of_number(DW_AT_byte_size, 1, false));
    attributes_.add(
        RecordAttribute::of_number(DW_AT_encoding, character_encoding(dwarf_.machine()), false));
    add_die(DW_TAG_base_type, die.offset, 0, record);
    return;
  }
  attributes_.add(RecordAttribute::of_character(DW_AT_type));
  add_die(DW_TAG_array_type, die.offset, 0, record);
  attributes_ = {};
  if (length) attributes_.add(RecordAttribute::of_number(DW_AT_count, *length, false));
  add_die(DW_TAG_subrange_type, die.offset, 1, record);
}

// The type that is passed for the parameter in attributes_, of which DWARF gives the one that the
// program sees. Without a location it is taken for what Fortran does unless told otherwise.
void Decoder::pass_as_fortran_does(ArgumentPlace place) {
  const RecordAttribute* seen = attributes_.find(DW_AT_type);
  if (seen == nullptr || seen->kind() != Kind::type) return;
  const DieRef type = seen->die();
  const auto pass = [this](const RecordAttribute& passed) {
    attributes_.remove(DW_AT_type);
    attributes_.add(passed);
  };
  const auto below = [this] {
    const RecordAttribute* next = other_.find(DW_AT_type);
    return next == nullptr ? DieRef{} : next->die();
  };
  // What is made up for the call, as the length of a string is, comes by value.
  if (place == ArgumentPlace::unknown)
    place = attributes_.has_flag(DW_AT_artificial) ? ArgumentPlace::value : ArgumentPlace::address;

  DieRef inner = type;
  std::uint16_t tag = open_type(inner, false);
  if (tag == DW_TAG_array_type) {
    if (const auto descriptor = array_descriptor(dwarf_, inner)) {
      // Of any rank, hence of any size.
      const std::uint32_t size = descriptor->any_rank ? 0 : descriptor->size;
      pass(RecordAttribute::of_descriptor_pointer(DW_AT_type, inner, size));
      return;
    }
    // As C passes arrays: the address of the first element.
    for (int hops = 0; tag == DW_TAG_array_type && hops < kMostTypedefs; ++hops) {
      inner = below();
      tag = open_type(inner, false);
    }
    pass(tag == DW_TAG_string_type ? RecordAttribute::of_text_pointer(DW_AT_type)
                                   : RecordAttribute::of_pointer(DW_AT_type, inner));
  } else if (tag == DW_TAG_string_type) {
    const RecordAttribute* size = other_.find(DW_AT_byte_size);
    const bool one = size != nullptr && size->kind() == Kind::number && size->number() == 1;
    if (place == ArgumentPlace::address || !one) pass(RecordAttribute::of_text_pointer(DW_AT_type));
  } else if (place == ArgumentPlace::address) {
    pass(RecordAttribute::of_pointer(DW_AT_type, type));
  } else if (tag == DW_TAG_pointer_type || tag == DW_TAG_reference_type) {
    // The caller's place for a string that is returned.
    inner = below();
    if (open_type(inner, false) == DW_TAG_string_type)
      pass(RecordAttribute::of_text_pointer(DW_AT_type));
  }
}

// What lies where the variable or member in attributes_ does: of an array that is allocated or
// pointed to, its descriptor.
void Decoder::lie_as_fortran_has_it() {
  const RecordAttribute* seen = attributes_.find(DW_AT_type);
  if (seen == nullptr || seen->kind() != Kind::type) return;
  DieRef type = seen->die();
  if (open_type(type, false) != DW_TAG_array_type) return;
  const auto descriptor = array_descriptor(dwarf_, type);
  if (!descriptor || descriptor->size == 0) return;
  attributes_.remove(DW_AT_type);
  attributes_.add(RecordAttribute::of_descriptor(DW_AT_type, type, descriptor->size));
}

// A pointer to a string, whose length is told apart, points to its first character.
void Decoder::point_as_c_does() {
  const RecordAttribute* seen = attributes_.find(DW_AT_type);
  if (seen == nullptr || seen->kind() != Kind::type) return;
  DieRef type = seen->die();
  if (open_type(type, false) != DW_TAG_string_type) return;
  attributes_.remove(DW_AT_type);
  attributes_.add(RecordAttribute::of_character(DW_AT_type));
}

}  // namespace splitstrip
