// Takes one type, function or variable out of .debug_info as a Record.
//
// Decisions: bit-fields of DWARF 2 and 3 (DW_AT_bit_offset) become DW_AT_data_bit_offset; a static
// member is a DW_TAG_variable, as in DWARF 5; bounds computed at run time are dropped, and in the C
// family the index type of arrays; of a class's functions the virtual ones are kept (they make the
// vtable) but not those that the compiler made up, which units disagree on; template parameters are
// kept only where the name does not spell them out. A lower bound is said where it is not 0,
// whatever the language leaves unsaid. Fortran's arguments have the types that are passed, and its
// character strings are arrays of characters.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "typedata/attributes.h"
#include "typedata/parameters.h"
#include "typedata/record.h"
#include "typedata/scan.h"

namespace splitstrip {

// Definitions by key, for those types that some unit only declares.
using Completions = std::unordered_map<std::uint64_t, DieRef>;

// Not for two threads at once; each makes its own.
class Decoder {
 public:
  // All must outlive this.
  Decoder(const RawDwarf& dwarf, const std::vector<UnitScan>& scans,
          const Completions& completions);

  // A type, or a namespace that types are members of. The record is empty if it is neither, or if
  // it cannot be read.
  void type(DieRef die, Record& record);
  // The prototype that a subprogram DIE gives, with what it leaves to other DIEs: name, linkage
  // name, return type, parameters.
  // `declaration`, if there is one, is another unit's, which may name more parameters.
  void function(DieRef die, DieRef declaration, Record& record);
  // The prototype that an ifunc has: what its resolver returns a pointer to. Empty if that is not
  // told.
  void resolved_function(DieRef resolver, Record& record);
  // A variable, likewise.
  void variable(DieRef die, Record& record);

 private:
  // From one type to what is below its typedefs and qualifiers, and from an array to its elements.
  static constexpr int kMostTypedefs = 32;

  const Abbrev* open(DieRef die, Bytes& in) const;
  void add_die(std::uint16_t tag, std::uint32_t offset, unsigned depth, Record& record) const;
  struct Export {
    const Abbrev* abbrev = nullptr;
    bool has_origin = false;
  };
  Export read_export(DieRef die, Bytes& in, Record& record);
  void inherit();
  void say_prototyped(const RawUnit& unit);
  void normalise_bounds(DieRef die);
  void parameter(const ParameterDie& from, Record& record);
  // decode_fortran.cpp:
  void string_type(DieRef die, Record& record);
  void pass_as_fortran_does(ArgumentPlace place);
  void lie_as_fortran_has_it();
  void point_as_c_does();
  std::uint16_t open_type(DieRef& type, bool through_typedefs);
  void children(Bytes& in, const RawUnit& unit, std::uint16_t parent_tag, bool keep_template,
                unsigned depth, Record& record);
  void note_special(std::uint32_t offset, const RawUnit& unit, Record& record);
  bool normalise_child(std::uint16_t& tag, DieRef die);
  void convert_bit_field(const RawUnit& unit);
  std::uint64_t storage_size(DieRef type);
  void resolve_inner(Record& record);
  void begin_class(const RawUnit& unit, std::uint16_t tag, Record& record);
  void entity(DieRef die, std::uint16_t tag, Record& record);
  std::uint32_t place(DieRef die, Record& record) const;

  const RawDwarf& dwarf_;
  const std::vector<UnitScan>& scans_;
  const Completions& completions_;
  bool has_c_;  // beside whatever else
  SpecialMembersReader special_;
  KeptAttributes attributes_;  // of the DIE at hand
  KeptAttributes other_;       // of one that it refers to
  bool has_inner_ = false;     // the type at hand has a DW_AT_discr
};

}  // namespace splitstrip
