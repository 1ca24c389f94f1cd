// Types out of the DWARF that a library carries. Nothing is copied or decoded when it is opened but
// the names of the functions and objects; a type is decoded from its bytes each time it is asked
// for.
//
// A typedata_type is the offset of the DIE in .debug_info. The input may be anything: what makes no
// sense is no type. Never changed after construction.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "typedata/library/die_fields.h"
#include "typedata/library/elf_image.h"
#include "typedata/library/name_index.h"
#include "typedata/library/type_view.h"

namespace splitstrip::library {

struct DwarfSections {
  std::vector<std::byte> info, abbrev, str, line_str;
  bool big_endian = false;
  unsigned address_size = 8;
};

class DwarfTypes : public TypeView {
 public:
  // Throws Failure, TYPEDATA_DAMAGED, naming `name`.
  DwarfTypes(DwarfSections sections, const std::string& name);

  bool node(typedata_type type, typedata_info& info) const override;
  std::size_t items(typedata_type type, typedata_item* items, std::size_t capacity) const override;
  typedata_type find_type(std::string_view name) const override;
  unsigned pointer_size() const override { return sections_.address_size; }

  // By the name in the symbol table, as it stands in the section: with "@VERSION" only where that
  // is told apart.
  typedata_type function(std::string_view symbol) const;
  typedata_type object(std::string_view symbol) const;

  struct Named {
    const char* symbol;
    typedata_type type;
    bool function;
  };
  // Functions, then objects, each in the order of their names.
  std::vector<Named> all() const;

 private:
  void read_units(const std::string& name);
  void read_unit_header(Bytes& in, DwarfUnit& unit, std::uint64_t& abbrev_offset);
  void read_tables(const std::vector<std::uint64_t>& offsets);
  void skim(const DwarfUnit& unit, const std::string& name, std::uint64_t& dies);
  const DwarfUnit* unit_of(std::uint64_t offset) const;
  // The DIE, and `in` behind its attributes.
  const DwarfUnit* open(typedata_type type, Bytes& in, DieFields& fields) const;
  typedata_type refer(std::uint64_t offset) const;
  bool is_type(std::uint64_t offset) const {
    return offset < types_.size() && types_[static_cast<std::size_t>(offset)];
  }
  const char* symbol_at(std::uint32_t die) const;
  // Calls back for the children; `visit` says whether to go on.
  template <typename Visit>
  void children(Bytes& in, const DwarfUnit& unit, Visit visit) const;
  Number enumeration_sign(Bytes in, const DwarfUnit& unit) const;

  DwarfSections sections_;
  DwarfStrings strings_;
  std::deque<AbbrevTable> tables_;
  std::vector<DwarfUnit> units_;  // ascending
  std::vector<bool> types_;       // at which offsets there is a type or function
  NameIndex functions_, objects_;
};

}  // namespace splitstrip::library
