#include "typedata/made_up_types.h"

#include <dwarf.h>

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
    if (size >= address_size_) {
      descriptor.base = writer_.add(descriptor.die, DW_TAG_member);
      descriptor.to_array = pointer(array);
    }
  }
  return descriptor.die;
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
  for (const auto& [key, descriptor] : descriptors_) {
    writer_.text(descriptor.die, DW_AT_name, "array_descriptor");
    if (descriptor.base == 0) {
      writer_.flag(descriptor.die, DW_AT_declaration);
      continue;
    }
    writer_.number(descriptor.die, DW_AT_byte_size, key.second);
    writer_.text(descriptor.base, DW_AT_name, "base_addr");
    writer_.reference(descriptor.base, DW_AT_type, descriptor.to_array);
    writer_.number(descriptor.base, DW_AT_data_member_location, 0);
  }
}

}  // namespace splitstrip
