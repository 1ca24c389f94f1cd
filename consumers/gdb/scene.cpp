#include "consumers/gdb/scene.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <dwarf.h>
#include <fmt/format.h>

#include "consumers/gdb/exported_dies.h"
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
  std::string text;

 private:
  bool big_;
};

namespace Abbrev {
constexpr unsigned unit = 1, function = 2, parameter = 3, dots = 4, object = 5, marker = 6;
}
constexpr unsigned for_common = 7;  // added to those that refer to a DIE

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
         DW_AT_low_pc, DW_FORM_addr, DW_AT_high_pc, DW_FORM_data1});
    add({Abbrev::parameter + more, DW_TAG_formal_parameter, DW_CHILDREN_no, DW_AT_abstract_origin,
         form});
    add({Abbrev::object + more, DW_TAG_variable, DW_CHILDREN_no, DW_AT_specification, form,
         DW_AT_location, DW_FORM_exprloc});
  }
  add({Abbrev::dots, DW_TAG_unspecified_parameters, DW_CHILDREN_no});
  add({Abbrev::marker, DW_TAG_subprogram, DW_CHILDREN_no, DW_AT_name, DW_FORM_string, DW_AT_low_pc,
       DW_FORM_addr, DW_AT_high_pc, DW_FORM_data1});
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

unsigned common(const PlacedDie& die) {
  return die.common ? for_common : 0U;
}

// What is asked of one language. gdb reads a unit without a language, as dwz makes them, in that of
// who refers to it first: each export has to stand in a unit of its own language.
struct SceneUnit {
  int language = 0;
  std::uint64_t base = 0;  // where the function `scene` stands, before all exports
  std::vector<const ExportedDie*> exports;

  std::uint64_t address_of(std::size_t index) const { return base + (index + 1) * stride; }
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

// The unit, of DWARF 4. `abbrevs` is the offset of its abbreviations in .debug_abbrev.
std::string make_unit(const ElfFile& elf, const SceneUnit& unit, std::uint64_t abbrevs) {
  const unsigned word = elf.is_64() ? 8 : 4;
  Bytes out(elf.big_endian());
  out.number(4, 2);
  out.number(abbrevs, 4);
  out.number(word, 1);
  out.uleb(Abbrev::unit);
  out.text.append("scene").push_back('\0');
  out.number(static_cast<std::uint64_t>(unit.language), 2);
  out.number(unit.base, word);
  out.number((unit.exports.size() + 1) * stride, 4);
  out.uleb(Abbrev::marker);
  out.text.append("scene").push_back('\0');
  out.number(unit.base, word);
  out.number(code_size, 1);
  for (std::size_t i = 0; i < unit.exports.size(); ++i) {
    const ExportedDie& each = *unit.exports[i];
    out.uleb((each.function ? Abbrev::function : Abbrev::object) + common(each.die));
    out.number(each.die.offset, 4);
    if (each.function) {
      out.number(unit.address_of(i), word);
      out.number(code_size, 1);
      for (const auto& die : each.parameters) {
        out.uleb(die ? Abbrev::parameter + common(*die) : Abbrev::dots);
        if (die) out.number(die->offset, 4);
      }
      out.uleb(0);
    } else {
      out.uleb(1 + word);
      out.number(DW_OP_addr, 1);
      out.number(unit.address_of(i), word);
    }
  }
  out.uleb(0);
  Bytes whole(elf.big_endian());
  whole.number(out.text.size(), 4);
  return whole.text + out.text;
}

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
  const std::string abbrevs = section_with(elf, ".debug_abbrev", abbreviations());
  const std::uint64_t begin = abbrevs.size() - abbreviations().size();
  std::string more;
  for (const SceneUnit& unit : units) more += make_unit(elf, unit, begin);
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
    fmt::format_to(end, "scene\t-\t{:x}\t0\n", unit.base);
    for (std::size_t i = 0; i < unit.exports.size(); ++i) {
      const ExportedDie& each = *unit.exports[i];
      if (is_plain(each.name))
        fmt::format_to(end, "{}\t{}\t{:x}\t{:x}\n", each.function ? "function" : "object",
                       each.name, unit.address_of(i), each.unit);
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
