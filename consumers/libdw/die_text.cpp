#include "consumers/libdw/die_text.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <utility>
#include <vector>

#include <dwarf.h>
#include <fmt/format.h>

#include "consumers/libdw/expression.h"
#include "consumers/libdw/names.h"

namespace splitstrip {
namespace {

constexpr int deepest = 48;
constexpr int most_origins = 16;
constexpr std::size_t most_children = 64;
constexpr std::size_t most_ranges = 100'000;
constexpr std::size_t longest_reference = 2000;
// References that are remembered; a unit has seldom more types.
constexpr std::size_t most_known = 1 << 20;

// FNV-1a: only to tell cut texts apart.
std::uint64_t digest(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

// What says where to look in other sections, and what a DIE means only together with its offset.
bool is_left_out(unsigned attribute) {
  switch (attribute) {
    case DW_AT_sibling:
    case DW_AT_stmt_list:
    case DW_AT_macro_info:
    case DW_AT_macros:
    case DW_AT_GNU_macros:
    case DW_AT_GNU_locviews:
    case DW_AT_GNU_pubnames:
    case DW_AT_GNU_pubtypes:
    case DW_AT_str_offsets_base:
    case DW_AT_addr_base:
    case DW_AT_rnglists_base:
    case DW_AT_loclists_base:
    case DW_AT_GNU_addr_base:
    case DW_AT_GNU_ranges_base:
      return true;
    default:
      return false;
  }
}

bool is_place(unsigned attribute) {
  return attribute == DW_AT_decl_file || attribute == DW_AT_decl_line ||
         attribute == DW_AT_decl_column;
}

bool is_location(unsigned attribute) {
  switch (attribute) {
    case DW_AT_location:
    case DW_AT_frame_base:
    case DW_AT_string_length:
    case DW_AT_return_addr:
    case DW_AT_static_link:
    case DW_AT_use_location:
    case DW_AT_vtable_elem_location:
    case DW_AT_segment:
      return true;
    default:
      return false;
  }
}

bool is_section_offset(Dwarf_Attribute& attribute, unsigned form) {
  Dwarf_Half version = 0;
  Dwarf_Die unit;
  if (form == DW_FORM_sec_offset || form == DW_FORM_loclistx) return true;
  if (form != DW_FORM_data4 && form != DW_FORM_data8) return false;
  return dwarf_cu_die(attribute.cu, &unit, &version, nullptr, nullptr, nullptr, nullptr, nullptr) !=
             nullptr &&
         version < 4;
}

std::string hex(const Dwarf_Block& block) {
  std::string out = "bytes ";
  constexpr Dwarf_Word most = 4096;
  for (Dwarf_Word i = 0; i < std::min(block.length, most); ++i)
    fmt::format_to(std::back_inserter(out), "{:02x}", block.data[i]);
  return out;
}

std::string ranges(Dwarf_Die& die) {
  std::string out;
  Dwarf_Addr base = 0;
  Dwarf_Addr start = 0;
  Dwarf_Addr end = 0;
  ptrdiff_t offset = 0;
  for (std::size_t count = 0; count < most_ranges; ++count) {
    offset = dwarf_ranges(&die, offset, &base, &start, &end);
    if (offset <= 0) break;
    fmt::format_to(std::back_inserter(out), "[{:#x},{:#x})", start, end);
  }
  return offset < 0 ? out + "unreadable" : out;
}

bool origin_of(Dwarf_Die& die, Dwarf_Die& origin) {
  Dwarf_Attribute attribute;
  return (dwarf_attr(&die, DW_AT_abstract_origin, &attribute) != nullptr ||
          dwarf_attr(&die, DW_AT_specification, &attribute) != nullptr) &&
         dwarf_formref_die(&attribute, &origin) != nullptr;
}

const char* modifier(int tag) {
  switch (tag) {
    case DW_TAG_pointer_type:
      return "pointer to ";
    case DW_TAG_reference_type:
      return "reference to ";
    case DW_TAG_rvalue_reference_type:
      return "rvalue reference to ";
    case DW_TAG_const_type:
      return "const ";
    case DW_TAG_volatile_type:
      return "volatile ";
    case DW_TAG_restrict_type:
      return "restrict ";
    case DW_TAG_atomic_type:
      return "atomic ";
    default:
      return nullptr;
  }
}

}  // namespace

std::string shortened(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  const auto rest = digest(std::string_view(text).substr(most));
  text.resize(most);
  return fmt::format("{}... and {:016x}", text, rest);
}

void DieText::enter(Dwarf_Die unit) {
  known_.clear();
  directory_.clear();
  Dwarf_Attribute attribute;
  if (dwarf_attr(&unit, DW_AT_comp_dir, &attribute) != nullptr)
    if (const char* directory = dwarf_formstring(&attribute)) directory_ = directory;
}

std::string DieText::name(Dwarf_Die& die) {
  Dwarf_Die at = die;
  for (int hops = 0; hops < most_origins; ++hops) {
    if (const char* name = dwarf_diename(&at)) return shortened(name, longest_name);
    Dwarf_Die next;
    if (!origin_of(at, next)) break;
    at = next;
  }
  return {};
}

std::string DieText::reference(Dwarf_Die die) {
  return refer(die, 0);
}

std::string DieText::refer(Dwarf_Die die, int depth) {
  if (depth > deepest) return "(too deep)";
  if (known_.size() > most_known) known_.clear();
  if (const auto found = known_.find(die.addr); found != known_.end()) return found->second;
  known_.emplace(die.addr, "(itself)");  // for those that hold themselves without a name between
  std::string text = shortened(compose(die, depth), longest_reference);
  known_[die.addr] = text;
  return text;
}

std::string DieText::compose(Dwarf_Die& die, int depth) {
  const int tag = dwarf_tag(&die);
  if (tag < 0 || tag == DW_TAG_invalid) return "unreadable";
  const std::string own = name(die);
  if (own.empty()) {
    if (const char* word = modifier(tag)) return word + target(die, depth);
    if (tag == DW_TAG_array_type) return array(die, depth);
    if (tag == DW_TAG_subroutine_type) return subroutine(die, depth);
    return tag_name(static_cast<unsigned>(tag)) + place(die) + nameless(die);
  }
  return tag_name(static_cast<unsigned>(tag)) + " " + own + place(die);
}

std::string DieText::target(Dwarf_Die& die, int depth) {
  Dwarf_Attribute attribute;
  Dwarf_Die type;
  if (dwarf_attr(&die, DW_AT_type, &attribute) == nullptr) return "void";
  if (dwarf_formref_die(&attribute, &type) == nullptr) return "unreadable";
  return refer(type, depth + 1);
}

std::string DieText::array(Dwarf_Die& die, int depth) {
  std::string bounds;
  Dwarf_Die child;
  if (dwarf_child(&die, &child) == 0) {
    for (std::size_t count = 0; count < most_children; ++count) {
      std::string bound = "?";
      Dwarf_Attribute attribute;
      if (dwarf_attr(&child, DW_AT_count, &attribute) != nullptr)
        bound = value(attribute, child);
      else if (dwarf_attr(&child, DW_AT_upper_bound, &attribute) != nullptr)
        bound = "to " + value(attribute, child);
      bounds += "[" + bound + "]";
      if (dwarf_siblingof(&child, &child) != 0) break;
    }
  }
  return "array" + bounds + " of " + target(die, depth);
}

std::string DieText::subroutine(Dwarf_Die& die, int depth) {
  std::string parameters;
  Dwarf_Die child;
  if (dwarf_child(&die, &child) == 0) {
    for (std::size_t count = 0; count < most_children; ++count) {
      if (!parameters.empty()) parameters += ", ";
      parameters +=
          dwarf_tag(&child) == DW_TAG_unspecified_parameters ? "..." : target(child, depth);
      if (dwarf_siblingof(&child, &child) != 0) break;
    }
  }
  return "function (" + parameters + ") returning " + target(die, depth);
}

// What tells one without a name from others: the names of what it holds.
std::string DieText::nameless(Dwarf_Die& die) {
  std::string names;
  Dwarf_Die child;
  if (dwarf_child(&die, &child) != 0) return {};
  for (std::size_t count = 0; count < 8; ++count) {
    if (count != 0) names += ",";
    names += name(child);
    if (dwarf_siblingof(&child, &child) != 0) break;
  }
  return " {" + names + "}";
}

std::string DieText::place(Dwarf_Die& die) {
  Dwarf_Attribute attribute;
  Dwarf_Word index = 0;
  Dwarf_Word line = 0;
  if (dwarf_attr(&die, DW_AT_decl_line, &attribute) == nullptr ||
      dwarf_formudata(&attribute, &line) != 0)
    return {};
  std::string where;
  if (dwarf_attr(&die, DW_AT_decl_file, &attribute) != nullptr &&
      dwarf_formudata(&attribute, &index) == 0) {
    where = file(die, index);
    where.erase(0, where.rfind('/') + 1);
  }
  return fmt::format(" ({}:{})", where, line);
}

// The name of a file of the line table that belongs to the DIE's unit.
std::string DieText::file(Dwarf_Die& die, Dwarf_Word index) {
  Dwarf_Die unit;
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  if (dwarf_diecu(&die, &unit, nullptr, nullptr) == nullptr ||
      dwarf_getsrcfiles(&unit, &files, &count) != 0 || index >= count)
    return fmt::format("file {}", index);
  const char* name = dwarf_filesrc(files, index, nullptr, nullptr);
  if (name == nullptr) return fmt::format("file {}", index);
  if (name[0] == '/' || directory_.empty()) return name;
  return directory_ + "/" + name;
}

std::string DieText::constant(Dwarf_Attribute& attribute) {
  Dwarf_Word number = 0;
  Dwarf_Sword negative = 0;
  const unsigned form = dwarf_whatform(&attribute);
  if ((form == DW_FORM_sdata || form == DW_FORM_implicit_const) &&
      dwarf_formsdata(&attribute, &negative) == 0)
    return std::to_string(negative);
  if (dwarf_formudata(&attribute, &number) == 0) return std::to_string(number);
  return "unreadable";
}

std::string DieText::value(Dwarf_Attribute& attribute, Dwarf_Die& die) {
  const unsigned what = dwarf_whatattr(&attribute);
  const unsigned form = dwarf_whatform(&attribute);
  const auto refer_to = [this](Dwarf_Die target) { return reference(target); };
  if (what == DW_AT_high_pc) {
    Dwarf_Addr end = 0;
    return dwarf_highpc(&die, &end) == 0 ? fmt::format("{:#x}", end) : "unreadable";
  }
  if (what == DW_AT_ranges) return ranges(die);
  if (what == DW_AT_decl_file || what == DW_AT_call_file) {
    Dwarf_Word index = 0;
    return dwarf_formudata(&attribute, &index) == 0 ? file(die, index) : "unreadable";
  }
  if (is_location(what) && is_section_offset(attribute, form))
    return expression_text(attribute, refer_to);
  switch (form) {
    case DW_FORM_string:
    case DW_FORM_strp:
    case DW_FORM_line_strp:
    case DW_FORM_strp_sup:
    case DW_FORM_GNU_strp_alt:
    case DW_FORM_strx:
    case DW_FORM_strx1:
    case DW_FORM_strx2:
    case DW_FORM_strx3:
    case DW_FORM_strx4:
    case DW_FORM_GNU_str_index: {
      const char* text = dwarf_formstring(&attribute);
      return text != nullptr ? text : "unreadable";
    }
    case DW_FORM_flag:
    case DW_FORM_flag_present: {
      bool flag = false;
      if (dwarf_formflag(&attribute, &flag) != 0) return "unreadable";
      return flag ? "yes" : "";
    }
    case DW_FORM_addr:
    case DW_FORM_addrx:
    case DW_FORM_addrx1:
    case DW_FORM_addrx2:
    case DW_FORM_addrx3:
    case DW_FORM_addrx4:
    case DW_FORM_GNU_addr_index: {
      Dwarf_Addr address = 0;
      return dwarf_formaddr(&attribute, &address) == 0 ? fmt::format("{:#x}", address)
                                                       : "unreadable";
    }
    case DW_FORM_ref1:
    case DW_FORM_ref2:
    case DW_FORM_ref4:
    case DW_FORM_ref8:
    case DW_FORM_ref_udata:
    case DW_FORM_ref_addr:
    case DW_FORM_ref_sig8:
    case DW_FORM_ref_sup4:
    case DW_FORM_ref_sup8:
    case DW_FORM_GNU_ref_alt: {
      Dwarf_Die target;
      return dwarf_formref_die(&attribute, &target) != nullptr ? reference(target) : "unreadable";
    }
    case DW_FORM_exprloc:
    case DW_FORM_block:
    case DW_FORM_block1:
    case DW_FORM_block2:
    case DW_FORM_block4:
      if (what == DW_AT_data_member_location) return member_location_text(attribute, refer_to);
      if (what != DW_AT_const_value && what != DW_AT_discr_list) {
        auto text = expression_text(attribute, refer_to);
        if (text != "unreadable") return text;
      }
      [[fallthrough]];
    case DW_FORM_data16: {
      Dwarf_Block block;
      return dwarf_formblock(&attribute, &block) == 0 ? hex(block) : "unreadable";
    }
    case DW_FORM_sec_offset:
    case DW_FORM_rnglistx:
    case DW_FORM_loclistx:
      // Another section's: a location list where none of the above is one, or a vendor's.
      return expression_text(attribute, refer_to);
    default:
      return constant(attribute);
  }
}

std::string DieText::attributes(Dwarf_Die& die, Places places) {
  struct Collected {
    std::vector<Dwarf_Attribute> list;
  } collected;
  dwarf_getattrs(
      &die,
      [](Dwarf_Attribute* attribute, void* to) {
        static_cast<Collected*>(to)->list.push_back(*attribute);
        return static_cast<int>(DWARF_CB_OK);
      },
      &collected, 0);
  std::stable_sort(
      collected.list.begin(), collected.list.end(),
      [](const Dwarf_Attribute& a, const Dwarf_Attribute& b) { return a.code < b.code; });
  std::string out;
  for (Dwarf_Attribute& attribute : collected.list) {
    if (is_left_out(attribute.code)) continue;
    if (places == Places::left_out && is_place(attribute.code)) continue;
    const std::string text = value(attribute, die);
    if (text.empty() && (attribute.form == DW_FORM_flag)) continue;
    if (!out.empty()) out += "; ";
    out += attribute_name(attribute.code) + "=" + text;
  }
  return out;
}

}  // namespace splitstrip
