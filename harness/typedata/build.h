// Builds typedata: the types and prototypes of a library's exported interface.
//
//   const TypedataResult typedata = build_typedata(ElfFile::open(file), ElfFile::open(file));
//   add_section(main, ".gnu_typedata", typedata.section);
//
// The result depends on the input alone: not on threads, time, machine or the file's name.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "elf/debug_files.h"
#include "elf/elf_file.h"
#include "typedata/object.h"

namespace splitstrip {

struct Untyped {
  std::string name;    // of the symbol; NAME@VERSION if it is not the default version
  std::string reason;  // in words
};

// Exported symbols, each name and version counted once.
struct Coverage {
  std::size_t functions = 0;
  std::size_t functions_typed = 0;
  std::size_t objects = 0;  // data, TLS included
  std::size_t objects_typed = 0;
  std::vector<Untyped> untyped;  // in the order of .dynsym
};

struct TypedataResult {
  std::string section;     // content of .gnu_typedata: `object`, compressed
  std::string object;      // the ELF object
  TypedataSections dwarf;  // what is in it, for those who want it as sections of their own
  Coverage coverage;
};

struct TypedataOptions {
  unsigned threads = 0;  // 0: as many as the machine has, at most 4
  DebugPlaces places = {};    // where dwz's common file is looked for
};

// `dwarf` has the DWARF, `exports` the exported symbols; both are the same file if that is not
// stripped. An object file (ET_REL) is relocated first. Class, byte order, machine and build-id are
// those of `exports`. Throws Error if there is no DWARF, or if it is damaged beyond reading.
TypedataResult build_typedata(const ElfFile& dwarf, const ElfFile& exports,
                              const TypedataOptions& options = {});

// The same for paths.
TypedataResult build_typedata(const std::filesystem::path& dwarf,
                              const std::filesystem::path& exports,
                              const TypedataOptions& options = {});

}  // namespace splitstrip
