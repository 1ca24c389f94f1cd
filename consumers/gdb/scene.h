// The file that gdb is given for the query `typedata`, and the list of what is to be seen in it.
//
// gdb makes no symbol of a function without code, and typedata has no code: only names and types.
// So a copy of the file gets one more unit for each language that an export is of, in which every
// exported function and object stands at an address of its own and leaves all that can be said of
// it (DW_AT_specification, DW_AT_abstract_origin) to the DIE that describes it. All else is as it
// was. The same is done to a debug file, so that also what it only declares can be asked for.
//
// Source: DWARF 4, 2.13.2, 7.5.
#pragma once

#include <filesystem>

namespace splitstrip {

// Makes the scene of `library` in `directory`: the file `object`, and the file `exports` with a
// line for each export that is described, fields parted by tabs:
//
//   function  NAME  HEX  UNIT  LANGUAGE   stands at that address of the scene
//   object    NAME  HEX  UNIT  LANGUAGE   a variable within a function there
//   elsewhere-function  NAME  HEX  0   described by split DWARF, at that address of the library
//   elsewhere-object    NAME  HEX  0
//
//   shared    NAME  0    UNIT   no export: several types of the unit have this name
//   unreadable  .gnu_typedata  0  0    the only line: the library carries some, but damaged
//
// UNIT is the same for two exports if one unit describes them. LANGUAGE is `fortran` or `other`.
// Where `library` has .gnu_typedata the scene is made of what that holds and of nothing else;
// otherwise of the library's debug file, found below `debug_root`. Without either `exports` is
// empty and there is no `object`. Throws Error if the library or its debug file is damaged.
void make_scene(const std::filesystem::path& library, const std::filesystem::path& debug_root,
                const std::filesystem::path& directory);

}  // namespace splitstrip
