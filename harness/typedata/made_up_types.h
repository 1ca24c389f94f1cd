// Types that are passed in calls but that no DIE of the input describes: the pointers of Fortran's
// arguments and what they point to.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "dwarf/writer.h"

namespace splitstrip {

// Each is made when it is first asked for, at the end of the first unit.
class MadeUpTypes {
 public:
  // `writer` must outlive this; `machine` is EM_*, `address_size` in bytes.
  MadeUpTypes(DwarfWriter& writer, std::uint16_t machine, unsigned address_size)
      : writer_(writer), machine_(machine), address_size_(address_size) {}

  // To `target`, 0 for void.
  DwarfWriter::Die pointer(DwarfWriter::Die target);
  // A descriptor of `size` bytes, 0 if that is not known, of the array type `array`.
  DwarfWriter::Die descriptor(DwarfWriter::Die array, std::uint32_t size);
  DwarfWriter::Die character();
  DwarfWriter::Die text_pointer() { return pointer(character()); }

  // An array of `size` characters.
  DwarfWriter::Die bytes(std::uint32_t size);

  // The attributes of all that were asked for: once, when no other DIE's are being written.
  void write();

 private:
  struct Descriptor {
    DwarfWriter::Die die = 0;
    // Of its own: readers look for the definition of what is only declared by its name.
    std::string name;
    DwarfWriter::Die base = 0;  // the member that points to the array
    DwarfWriter::Die to_array = 0;
    // Where the array begins, of how many elements, and so on: the compiler's own.
    DwarfWriter::Die rest = 0;
  };

  DwarfWriter& writer_;
  const std::uint16_t machine_;
  const unsigned address_size_;
  std::map<DwarfWriter::Die, DwarfWriter::Die> pointers_;  // by target
  std::map<std::pair<DwarfWriter::Die, std::uint32_t>, Descriptor> descriptors_;
  struct Bytes {
    DwarfWriter::Die die = 0;
    DwarfWriter::Die count = 0;
  };
  std::map<std::uint32_t, Bytes> bytes_;  // arrays of characters, by size
  std::optional<DwarfWriter::Die> character_;
};

}  // namespace splitstrip
