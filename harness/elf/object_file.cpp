#include "elf/object_file.h"

namespace splitstrip {

bool is_object(const ElfFile& elf) {
  return elf.header().e_type == ET_REL;
}

void require_strippable(const ElfFile& elf) {
  if (!is_object(elf)) elf.require_linked();
}

}  // namespace splitstrip
