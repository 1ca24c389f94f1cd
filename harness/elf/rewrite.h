// A private copy of an ELF file, for libelf to change in place.
//
//   Rewrite copy(elf);
//   gelf_update_sym(elf_getdata(elf_getscn(copy.handle(), index), nullptr), 3, &symbol);
//   const ElfFile changed = copy.finish();
//
// Nothing moves: sections keep their places and sizes. See elf_edit.h for what does.
#pragma once

#include "elf/elf_file.h"

namespace splitstrip {

class Rewrite {
 public:
  explicit Rewrite(const ElfFile& file);
  ~Rewrite();
  Rewrite(const Rewrite&) = delete;
  Rewrite& operator=(const Rewrite&) = delete;

  // Open for reading and writing; data that is changed has to be flagged (elf_flagdata).
  ::Elf* handle() const { return elf_; }

  // The changed file, of the same name. Call once.
  ElfFile finish();

 private:
  const ElfFile& file_;
  int fd_ = -1;
  ::Elf* elf_ = nullptr;
};

// A descriptor of a copy of the file, for readers that want one; the caller closes it.
int copy_in_memory(const ElfFile& file);

}  // namespace splitstrip
