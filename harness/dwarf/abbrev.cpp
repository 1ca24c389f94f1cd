#include "dwarf/abbrev.h"

#include <dwarf.h>

namespace splitstrip {

int fixed_form_size(std::uint16_t form, const FormSizes& sizes) {
  switch (form) {
    case DW_FORM_flag_present:
    case DW_FORM_implicit_const:
      return 0;
    case DW_FORM_data1:
    case DW_FORM_flag:
    case DW_FORM_ref1:
    case DW_FORM_strx1:
    case DW_FORM_addrx1:
      return 1;
    case DW_FORM_data2:
    case DW_FORM_ref2:
    case DW_FORM_strx2:
    case DW_FORM_addrx2:
      return 2;
    case DW_FORM_strx3:
    case DW_FORM_addrx3:
      return 3;
    case DW_FORM_data4:
    case DW_FORM_ref4:
    case DW_FORM_strx4:
    case DW_FORM_addrx4:
    case DW_FORM_ref_sup4:
      return 4;
    case DW_FORM_data8:
    case DW_FORM_ref8:
    case DW_FORM_ref_sig8:
    case DW_FORM_ref_sup8:
      return 8;
    case DW_FORM_data16:
      return 16;
    case DW_FORM_addr:
      return sizes.address;
    case DW_FORM_ref_addr:
      return sizes.version_2 ? sizes.address : sizes.offset;
    case DW_FORM_strp:
    case DW_FORM_line_strp:
    case DW_FORM_sec_offset:
    case DW_FORM_strp_sup:
    case DW_FORM_GNU_ref_alt:
    case DW_FORM_GNU_strp_alt:
      return sizes.offset;
    default:
      return -1;
  }
}

void AbbrevTable::read(Bytes in, const FormSizes& sizes) {
  while (true) {
    const std::uint64_t code = in.uleb();
    if (code == 0 || !in.ok()) return;
    const std::uint64_t tag = in.uleb();
    const std::uint8_t children = in.u8();
    if (!in.ok() || tag > 0xffff) return;
    Abbrev abbrev;
    abbrev.tag = static_cast<std::uint16_t>(tag);
    abbrev.children = children != 0;
    abbrev.first = static_cast<std::uint32_t>(attributes_.size());
    int size = 0;  // -1 once it varies
    while (true) {
      const std::uint64_t name = in.uleb();
      const std::uint64_t form = in.uleb();
      if (!in.ok() || name > 0xffff || form > 0xffff) return;
      AbbrevAttribute attribute;
      attribute.name = static_cast<std::uint16_t>(name);
      attribute.form = static_cast<std::uint16_t>(form);
      if (form == DW_FORM_implicit_const) {
        attribute.constant = static_cast<std::uint32_t>(constants_.size()) & 0xffffff;
        constants_.push_back(in.sleb());
        if (!in.ok() || constants_.size() > 0xffffff) return;
      }
      if (name == 0 && form == 0) break;
      if (name == DW_AT_sibling && form == DW_FORM_ref4 && size >= 0) {
        abbrev.sibling = static_cast<std::uint16_t>(size);
      }
      const int more = fixed_form_size(attribute.form, sizes);
      if (more >= 0) attribute.size = static_cast<std::uint8_t>(more);
      size = size < 0 || more < 0 || size + more >= Abbrev::kVaries ? -1 : size + more;
      if (attributes_.size() - abbrev.first >= 0xffff) return;
      attributes_.push_back(attribute);
    }
    abbrev.count = static_cast<std::uint16_t>(attributes_.size() - abbrev.first);
    if (size >= 0) abbrev.size = static_cast<std::uint16_t>(size);
    if (code == dense_.size() + 1) {
      dense_.push_back(abbrev);
    } else if (code > dense_.size()) {
      sparse_.try_emplace(code, abbrev);
    }
  }
}

}  // namespace splitstrip
