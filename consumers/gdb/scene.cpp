#include "consumers/gdb/scene.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <dwarf.h>
#include <fmt/format.h>

#include "consumers/gdb/exported_dies.h"
#include "consumers/gdb/taken_parameters.h"
#include "consumers/gdb/type_names.h"
#include "consumers/libdw/debug_file.h"
#include "elf/elf_edit.h"
#include "elf/identity.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "typedata/read.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

// Room for each export at the addresses of the scene.
constexpr std::uint64_t stride = 16;
constexpr std::uint64_t code_size = 8;

class Bytes {
 public:
  explicit Bytes(bool big_endian) : big_(big_endian) {}
  void number(std::uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i)
      text.push_back(static_cast<char>(value >> (8 * (big_ ? size - 1 - i : i)) & 0xff));
  }
  void uleb(std::uint64_t value) {
    do {
      const auto low = static_cast<char>(value & 0x7f);
      value >>= 7;
      text.push_back(value ? static_cast<char>(low | 0x80) : low);
    } while (value);
  }
  Bytes of_same_order() const { return Bytes(big_); }
  std::string text;

 private:
  bool big_;
};

namespace Abbrev {
constexpr unsigned unit = 1, function = 2, parameter = 3, dots = 4, object = 5, holder = 6,
                   pointer = 7, pointed = 8, descriptor = 9, base = 10, own_pointer = 11;
}
constexpr unsigned for_common = 16;  // added to those that refer to a DIE

std::string abbreviations() {
  Bytes out(false);
  const auto add = [&](std::initializer_list<unsigned> values) {
    for (const auto value : values) out.uleb(value);
    out.uleb(0);
    out.uleb(0);
  };
  add({Abbrev::unit, DW_TAG_compile_unit, DW_CHILDREN_yes, DW_AT_name, DW_FORM_string,
       DW_AT_language, DW_FORM_data2, DW_AT_low_pc, DW_FORM_addr, DW_AT_high_pc, DW_FORM_data4});
  // Twice: for what is in the same file, and for what is in dwz's common one.
  for (const bool common : {false, true}) {
    const unsigned form = common ? DW_FORM_GNU_ref_alt : DW_FORM_ref_addr;
    const unsigned more = common ? for_common : 0U;
    add({Abbrev::function + more, DW_TAG_subprogram, DW_CHILDREN_yes, DW_AT_specification, form,
         DW_AT_low_pc, DW_FORM_addr, DW_AT_high_pc, DW_FORM_data1, DW_AT_ranges,
         DW_FORM_sec_offset});
    add({Abbrev::parameter + more, DW_TAG_formal_parameter, DW_CHILDREN_no, DW_AT_abstract_origin,
         form});
    add({Abbrev::pointed + more, DW_TAG_formal_parameter, DW_CHILDREN_no, DW_AT_abstract_origin,
         form, DW_AT_type, DW_FORM_ref4});
    add({Abbrev::pointer + more, DW_TAG_pointer_type, DW_CHILDREN_no, DW_AT_type, form});
    add({Abbrev::object + more, DW_TAG_variable, DW_CHILDREN_no, DW_AT_specification, form,
         DW_AT_external, DW_FORM_flag, DW_AT_location, DW_FORM_exprloc});
  }
  add({Abbrev::descriptor, DW_TAG_structure_type, DW_CHILDREN_yes, DW_AT_name, DW_FORM_string,
       DW_AT_byte_size, DW_FORM_data1});
  add({Abbrev::base, DW_TAG_member, DW_CHILDREN_no, DW_AT_name, DW_FORM_string, DW_AT_type,
       DW_FORM_ref4, DW_AT_data_member_location, DW_FORM_data1});
  add({Abbrev::own_pointer, DW_TAG_pointer_type, DW_CHILDREN_no, DW_AT_type, DW_FORM_ref4});
  add({Abbrev::holder, DW_TAG_subprogram, DW_CHILDREN_yes, DW_AT_name, DW_FORM_string, DW_AT_low_pc,
       DW_FORM_addr, DW_AT_high_pc, DW_FORM_data1});
  add({Abbrev::dots, DW_TAG_unspecified_parameters, DW_CHILDREN_no});
  out.uleb(0);
  return out.text;
}

// The first round address after all that is loaded.
std::uint64_t first_address(const ElfFile& elf) {
  constexpr std::uint64_t round = 1 << 24;
  std::uint64_t end = 0;
  for (const auto& segment : elf.program_headers())
    if (segment.p_type == PT_LOAD) end = std::max(end, segment.p_vaddr + segment.p_memsz);
  return (end / round + 1) * round;
}

// What is asked of one language. gdb reads a unit without a language, as dwz makes them, in that of
// who refers to it first: each export has to stand in a unit of its own language.
struct SceneUnit {
  int language = 0;
  std::uint64_t base = 0;
  std::vector<const ExportedDie*> exports;

  std::uint64_t address_of(std::size_t index) const { return base + index * stride; }
};

std::vector<SceneUnit> scene_units(const std::vector<ExportedDie>& exports, std::uint64_t base) {
  std::map<int, SceneUnit> units;
  for (const ExportedDie& each : exports) units[each.language].exports.push_back(&each);
  std::vector<SceneUnit> result;
  for (auto& [language, unit] : units) {
    unit.language = language;
    unit.base = base;
    base = unit.address_of(unit.exports.size());
    result.push_back(std::move(unit));
  }
  return result;
}

// Writes the unit, of DWARF 4.
class UnitWriter {
 public:
  UnitWriter(const ElfFile& elf, const SceneUnit& unit)
      : word_(elf.is_64() ? 8 : 4), unit_(unit), out_(elf.big_endian()) {}

  // `abbrevs` is the offset of its abbreviations in .debug_abbrev.
  std::string make(std::uint64_t abbrevs) {
    out_.number(4, 2);
    out_.number(abbrevs, 4);
    out_.number(word_, 1);
    out_.uleb(Abbrev::unit);
    text("scene");
    out_.number(static_cast<std::uint64_t>(unit_.language), 2);
    out_.number(unit_.base, word_);
    out_.number(unit_.exports.size() * stride, 4);
    for (std::size_t i = 0; i < unit_.exports.size(); ++i) {
      if (unit_.exports[i]->function)
        function(*unit_.exports[i], unit_.address_of(i));
      else
        object(*unit_.exports[i], unit_.address_of(i));
    }
    out_.uleb(0);
    Bytes whole = out_.of_same_order();
    whole.number(out_.text.size(), length_size);
    return whole.text + out_.text;
  }

 private:
  static constexpr unsigned length_size = 4;

  void text(const char* string) { out_.text.append(string).push_back('\0'); }

  void reference(unsigned abbrev, const PlacedDie& die) {
    out_.uleb(abbrev + (die.common ? for_common : 0U));
    out_.number(die.offset, 4);
  }

  // The DIE of a pointer to `type`, by its offset in the unit.
  std::uint64_t pointer_to(const PlacedDie& type) {
    const std::uint64_t offset = length_size + out_.text.size();
    const auto [known, fresh] = pointers_.try_emplace({type.common, type.offset}, offset);
    if (fresh) reference(Abbrev::pointer, type);
    return known->second;
  }

  // Likewise of a pointer to what describes an array of the type `array`: its first member points
  // to the elements. Of any rank, hence of any size, it has no members.
  std::uint64_t pointer_to_descriptor_of(const PlacedDie& array, bool any_rank) {
    const auto [known, fresh] = descriptors_.try_emplace({array.common, array.offset});
    if (!fresh) return known->second;
    const std::uint64_t elements = pointer_to(array);
    const std::uint64_t structure = length_size + out_.text.size();
    out_.uleb(Abbrev::descriptor);
    text("array_descriptor");
    out_.number(any_rank ? 0 : word_, 1);
    if (!any_rank) {
      out_.uleb(Abbrev::base);
      text("base_addr");
      out_.number(elements, 4);
      out_.number(0, 1);
    }
    out_.uleb(0);
    known->second = length_size + out_.text.size();
    out_.uleb(Abbrev::own_pointer);
    out_.number(structure, 4);
    return known->second;
  }

  std::uint64_t passed_type(const ExportedParameter& parameter) {
    return parameter.descriptor ? pointer_to_descriptor_of(*parameter.passed_at, parameter.any_rank)
                                : pointer_to(*parameter.passed_at);
  }

  void function(const ExportedDie& each, std::uint64_t address) {
    for (const ExportedParameter& parameter : each.parameters)
      if (parameter.passed_at) passed_type(parameter);
    reference(Abbrev::function, each.die);
    out_.number(address, word_);
    out_.number(code_size, 1);
    // In place of those of the DIE that it refers to, of which gdb would add the scene's base:
    // none.
    out_.number(std::numeric_limits<std::uint32_t>::max(), 4);
    for (const ExportedParameter& parameter : each.parameters) {
      if (!parameter.die) {
        out_.uleb(Abbrev::dots);
      } else if (parameter.passed_at) {
        reference(Abbrev::pointed, *parameter.die);
        out_.number(passed_type(parameter), 4);
      } else {
        reference(Abbrev::parameter, *parameter.die);
      }
    }
    out_.uleb(0);
  }

  // Within a function, since gdb does not tell the address of a C++ reference without reading it.
  void object(const ExportedDie& each, std::uint64_t address) {
    out_.uleb(Abbrev::holder);
    text("object");
    out_.number(address, word_);
    out_.number(code_size, 1);
    reference(Abbrev::object, each.die);
    out_.number(0, 1);  // not external: then it would belong to the unit
    out_.uleb(1 + word_);
    out_.number(DW_OP_addr, 1);
    out_.number(address, word_);
    out_.uleb(0);
  }

  unsigned word_;
  const SceneUnit& unit_;
  Bytes out_;
  std::map<std::pair<bool, std::uint64_t>, std::uint64_t> pointers_, descriptors_;
};

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::string section_with(const ElfFile& elf, const char* name, const std::string& more) {
  const Section* section = elf.section(name);
  if (section == nullptr)
    throw Error::of("{}: has no {}; it is damaged", elf.path().string(), name);
  const auto contents = elf.contents(*section);
  if (contents.bytes().size() + more.size() > std::numeric_limits<std::uint32_t>::max())
    throw Error::of("{}: {} is larger than 4 GiB; splitstrip cannot add to that",
                    elf.path().string(), name);
  return std::string(contents.text()) + more;
}

// `alt`: dwz's common file, if there is one.
void write_object(const ElfFile& elf, const std::vector<SceneUnit>& units,
                  const std::optional<fs::path>& alt, const fs::path& file) {
  const std::string abbrevs =
      without_linkage_names_of_types(section_with(elf, ".debug_abbrev", abbreviations()));
  const std::uint64_t begin = abbrevs.size() - abbreviations().size();
  std::string more;
  for (const SceneUnit& unit : units) more += UnitWriter(elf, unit).make(begin);
  const std::string info = section_with(elf, ".debug_info", more);
  ElfEdit edit(elf);
  edit.put_section({.name = ".debug_abbrev", .bytes = bytes_of(abbrevs)});
  edit.put_section({.name = ".debug_info", .bytes = bytes_of(info)});
  // They do not know the new unit. Symbols may refer to them, so they are emptied and not removed.
  for (const auto* index : {".gdb_index", ".debug_names", ".debug_aranges"})
    if (elf.section(index) != nullptr) edit.put_section({.name = index, .bytes = {}});
  std::string link;
  if (alt) {
    const ElfFile common = ElfFile::open(*alt);
    const auto id = build_id(common);
    if (!id) throw Error::of("{}: has no build-id; it is damaged", alt->string());
    link.append(alt->string()).push_back('\0');
    for (const std::byte byte : id->bytes) link.push_back(static_cast<char>(byte));
    edit.put_section({.name = ".gnu_debugaltlink", .bytes = bytes_of(link)});
  }
  edit.write(file);
}

bool is_plain(std::string_view name) {
  return std::none_of(name.begin(), name.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

std::string list_of(const ExportedDies& exports, const std::vector<SceneUnit>& units) {
  std::string list;
  const auto end = std::back_inserter(list);
  for (const SceneUnit& unit : units) {
    for (std::size_t i = 0; i < unit.exports.size(); ++i) {
      const ExportedDie& each = *unit.exports[i];
      if (is_plain(each.name))
        fmt::format_to(end, "{}\t{}\t{:x}\t{:x}\t{}\n", each.function ? "function" : "object",
                       each.name, unit.address_of(i), each.unit,
                       is_fortran(each.language) ? "fortran" : "other");
    }
  }
  for (const SharedTypeName& each : exports.shared) {
    if (is_plain(each.name)) fmt::format_to(end, "shared\t{}\t0\t{:x}\n", each.name, each.unit);
  }
  for (const ExportElsewhere& each : exports.elsewhere) {
    if (is_plain(each.name))
      fmt::format_to(end, "elsewhere-{}\t{}\t{:x}\t0\n", each.function ? "function" : "object",
                     each.name, each.address);
  }
  return list;
}

// The object that main carries, called a shared library: what edits files edits linked ones.
ElfFile linked_typedata(const ElfFile& main) {
  const ElfFile object = open_typedata(main);
  std::vector<std::byte> bytes(object.bytes().begin(), object.bytes().end());
  static_assert(offsetof(Elf32_Ehdr, e_type) == offsetof(Elf64_Ehdr, e_type));
  const std::size_t low = offsetof(Elf64_Ehdr, e_type) + (main.big_endian() ? 1 : 0);
  bytes.at(low) = std::byte{ET_DYN};
  return ElfFile::from_memory(std::move(bytes), object.path());
}

// Typedata that cannot be read tells nothing: its facts are lost, the run has not failed.
bool write_scene_of_typedata(const ElfFile& main, const fs::path& directory, std::string& why) {
  try {
    const ElfFile object = linked_typedata(main);
    const ExportedDies exports =
        exported_dies(main, DebugInfo(open_typedata(main)), Described::by_name);
    const auto units = scene_units(exports.found, first_address(main));
    write_object(object, units, std::nullopt, directory / "object");
    write_file(directory / "exports", list_of(exports, units));
    return true;
  } catch (const Error& error) {
    why = error.what();
    return false;
  }
}

void write_scene_of_debug_file(const ElfFile& main, const fs::path& debug_root,
                               const fs::path& directory) {
  const auto debug = find_debug_file(main.path(), debug_root);
  if (!debug) {
    write_file(directory / "exports", "");
    return;
  }
  const DebugInfo info = DebugInfo::open(*debug);
  const auto alt = find_alt_file(*debug, debug_root);
  std::optional<DebugInfo> common;
  if (alt) {
    common = DebugInfo::open(*alt);
    dwarf_setalt(info.dwarf(), common->dwarf());
  }
  const ExportedDies exports = exported_dies(main, info, Described::by_address);
  const auto units = scene_units(exports.found, first_address(main));
  write_object(ElfFile::open(*debug), units, alt, directory / "object");
  write_file(directory / "exports", list_of(exports, units));
}

}  // namespace

void make_scene(const fs::path& library, const fs::path& debug_root, const fs::path& directory) {
  const ElfFile main = ElfFile::open(library);
  if (main.section(typedata_section_name) == nullptr) {
    write_scene_of_debug_file(main, debug_root, directory);
    return;
  }
  std::string why;
  if (write_scene_of_typedata(main, directory, why)) return;
  fs::remove(directory / "object");
  write_file(directory / "exports", "unreadable\t.gnu_typedata\t0\t0\n");
  std::fprintf(stderr, "%s\n", why.c_str());
}

}  // namespace splitstrip
