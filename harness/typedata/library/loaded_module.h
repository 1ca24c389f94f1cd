// A library as it is loaded in this process: where it is, what it was loaded from, and whether a
// file is still that.
//
// Source: dladdr(3), _dl_find_object in glibc's manual; ELF gABI, chapter 5.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "typedata/library/elf_image.h"

struct link_map;

namespace splitstrip::library {

class LoadedModule {
 public:
  // That has `address` in one of its segments.
  static std::optional<LoadedModule> at(const void* address);

  // Where it starts: the same for no two modules at a time.
  std::uintptr_t start() const { return start_; }
  // What is added to the addresses in its file.
  std::uintptr_t bias() const { return bias_; }
  // As the dynamic linker knows it; dlsym() takes it as a handle. nullptr for a static program.
  ::link_map* map() const { return map_; }

  // Where its file is or was, the best guess first: what the dynamic linker was told, what the
  // kernel mapped. Empty for what never was a file (the vDSO).
  std::vector<std::string> paths() const;
  // For messages.
  std::string name() const;
  // Whether `file` is what was loaded: by build-id, or by its headers where there is none.
  bool is(const ElfImage& file) const;

 private:
  std::vector<std::byte> build_id() const;

  std::uintptr_t start_ = 0;
  std::uintptr_t end_ = 0;
  std::uintptr_t bias_ = 0;
  ::link_map* map_ = nullptr;
};

}  // namespace splitstrip::library
