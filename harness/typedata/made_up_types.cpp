#include "typedata/made_up_types.h"

#include <dwarf.h>
#include <fmt/format.h>

#include "typedata/array_descriptor.h"

namespace splitstrip {

DwarfWriter::Die MadeUpTypes::pointer(DwarfWriter::Die target) {
  const auto [known, fresh] = pointers_.try_emplace(target);
  if (fresh) known->second = writer_.add(DwarfWriter::kUnit, DW_TAG_pointer_type);
  return known->second;
}

DwarfWriter::Die MadeUpTypes::descriptor(DwarfWriter::Die array, std::uint32_t size) {
  const auto [known, fresh] = descriptors_.try_emplace({array, size});
  Descriptor& descriptor = known->second;
  if (fresh) {
    descriptor.die = writer_.add(DwarfWriter::kUnit, DW_TAG_structure_type);
    descriptor.name = fmt::format("array_descriptor_{}", descriptors_.size());
    if (size >= address_size_) {
      descriptor.base = writer_.add(descriptor.die, DW_TAG_member);
      descriptor.to_array = pointer(array);
      if (size > address_size_) {
        descriptor.rest = writer_.add(descriptor.die, DW_TAG_member);
        bytes(size - address_size_);
      }
    }
  }
  return descriptor.die;
}

DwarfWriter::Die MadeUpTypes::bytes(std::uint32_t size) {
  const auto [known, fresh] = bytes_.try_emplace(size);
  if (fresh) {
    character();
    known->second.die = writer_.add(DwarfWriter::kUnit, DW_TAG_array_type);
    known->second.count = writer_.add(known->second.die, DW_TAG_subrange_type);
  }
  return known->second.die;
}

DwarfWriter::Die MadeUpTypes::character() {
  if (!character_) character_ = writer_.add(DwarfWriter::kUnit, DW_TAG_base_type);
  return *character_;
}

void MadeUpTypes::write() {
  if (character_) {
    writer_.text(*character_, DW_AT_name, kCharacterName);
    writer_.number(*character_, DW_AT_byte_size, 1);
    writer_.number(*character_, DW_AT_encoding, character_encoding(machine_));
  }
  for (const auto& [target, pointer] : pointers_) {
    writer_.number(pointer, DW_AT_byte_size, address_size_);
    if (target != 0) writer_.reference(pointer, DW_AT_type, target);
  }
  for (const auto& [size, array] : bytes_) {
    writer_.reference(array.die, DW_AT_type, *character_);
    writer_.number(array.count, DW_AT_count, size);
  }
  for (const auto& [key, descriptor] : descriptors_) {
    writer_.text(descriptor.die, DW_AT_name, descriptor.name);
    if (descriptor.base == 0) {
      writer_.flag(descriptor.die, DW_AT_declaration);
      continue;
    }
    writer_.number(descriptor.die, DW_AT_byte_size, key.second);
    writer_.text(descriptor.base, DW_AT_name, "base_addr");
    writer_.reference(descriptor.base, DW_AT_type, descriptor.to_array);
    writer_.number(descriptor.base, DW_AT_data_member_location, 0);
    if (descriptor.rest == 0) continue;
    writer_.text(descriptor.rest, DW_AT_name, "rest");
    writer_.reference(descriptor.rest, DW_AT_type, bytes(key.second - address_size_));
    writer_.number(descriptor.rest, DW_AT_data_member_location, address_size_);
  }
}

}  // namespace splitstrip
