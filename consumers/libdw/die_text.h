// What a DIE says, as text that does not depend on how it is written down: no offsets, no forms.
//
// References become what they refer to: a type by its tag, name and place of declaration, one
// without a name by what it is made of. Strings, addresses, ranges, locations and file names are
// resolved; sizes of code become end addresses; a flag that is false is left out. What only says
// where other sections are to be looked into is left out as well.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include <elfutils/libdw.h>

namespace splitstrip {

// Names longer than this are cut in keys and references, with a digest of the rest.
inline constexpr std::size_t longest_name = 200;

// `text`, cut if it is longer than `most` bytes; what is left out counts by a digest.
std::string shortened(std::string text, std::size_t most);

class DieText {
 public:
  // What follows is about `unit` and what it imports: relative file names count from its
  // DW_AT_comp_dir.
  void enter(Dwarf_Die unit);

  enum class Places { told, left_out };  // DW_AT_decl_*
  // "byte_size=8; name=foo; type=base_type int", in the order of the attributes' numbers.
  std::string attributes(Dwarf_Die& die, Places places = Places::told);
  // Its name, or that of the DIE that it completes; empty if there is none.
  std::string name(Dwarf_Die& die);
  // As another DIE refers to it: "structure_type foo (lib.c:3)".
  std::string reference(Dwarf_Die die);

 private:
  std::string refer(Dwarf_Die die, int depth);
  std::string compose(Dwarf_Die& die, int depth);
  std::string array(Dwarf_Die& die, int depth);
  std::string subroutine(Dwarf_Die& die, int depth);
  std::string nameless(Dwarf_Die& die);
  std::string target(Dwarf_Die& die, int depth);
  std::string place(Dwarf_Die& die);
  std::string value(Dwarf_Attribute& attribute, Dwarf_Die& die);
  std::string constant(Dwarf_Attribute& attribute);
  std::string file(Dwarf_Die& die, Dwarf_Word index);

  std::string directory_;                               // the unit's DW_AT_comp_dir
  std::unordered_map<const void*, std::string> known_;  // references within the unit at hand
};

}  // namespace splitstrip
