// Faults in the debug file as a whole: its sections, units, symbols and identity.
#include <map>

#include "elf/identity.h"
#include "elf/symbols.h"
#include "facts/error.h"
#include "recipe/fault/fault.h"
#include "recipe/fault/number.h"
#include "recipe/fault/symbol_table.h"

namespace splitstrip {
namespace {

[[noreturn]] void no_place(const PairDraft& pair, std::string_view what) {
  throw Error::of("{}: has no {} to plant this fault in; name another library",
                  pair.debug.elf().path().filename().string(), what);
}

Fault hollow(std::string_view name, std::string_view what, const char* section,
             std::string_view subject = "calls") {
  return {name, what, subject, [section](PairDraft& pair) { pair.debug.make_nobits(section); }};
}
Fault truncated(std::string_view name, std::string_view what, const char* section) {
  return {name, what, "calls", [section](PairDraft& pair) {
            auto& content = pair.debug.content(section);
            content.resize(content.size() / 2);
          }};
}
Fault without(std::string_view name, std::string_view what, const char* section,
              std::string_view equivalent = {}) {
  return {name, what, "calls", [section](PairDraft& pair) { pair.debug.remove(section); },
          equivalent};
}

void wrong_build_id(PairDraft& pair) {
  const auto id = build_id(pair.debug.elf());
  if (!id || id->bytes.empty()) no_place(pair, "build-id");
  pair.debug.range(id->offset, id->bytes.size()).back() ^= std::byte{1};
}

void wrong_alt_file(PairDraft& pair) {
  pair.debug.content(".gnu_debugaltlink").back() ^= std::byte{1};
}

// The set of .debug_aranges that is of the unit at `unit`, if it is the last one, goes as well: a
// reader would stumble over it, and nobody leaves one behind.
void drop_aranges(PairDraft& pair, std::uint64_t unit) {
  if (!pair.debug.has(".debug_aranges")) return;
  auto& aranges = pair.debug.content(".debug_aranges");
  const bool big = pair.debug.elf().big_endian();
  for (std::size_t at = 0; at + 12 <= aranges.size();) {
    const std::uint64_t length = get_number(std::span(aranges).subspan(at, 4), big);
    if (length > aranges.size() - at - 4) return;
    if (get_number(std::span(aranges).subspan(at + 6, 4), big) == unit) {
      aranges.erase(aranges.begin() + static_cast<std::ptrdiff_t>(at),
                    aranges.begin() + static_cast<std::ptrdiff_t>(at + 4 + length));
      return;
    }
    at += 4 + length;
  }
}
void lost_unit(PairDraft& pair) {
  auto& info = pair.debug.content(".debug_info");
  std::uint64_t begin = 0;
  {
    const DwarfDraft dwarf(pair.debug.elf(), info, pair.debug.content(".debug_abbrev"));
    const auto units = dwarf.units();
    if (units.size() < 2) no_place(pair, "second unit");
    begin = dwarf.unit_begin(units.back());
    if (dwarf.unit_end(units.back()) != info.size()) no_place(pair, "unit at its end");
  }
  info.resize(begin);
  drop_aranges(pair, begin);
}
void renamed_unit(DwarfDraft& dwarf) {
  dwarf.rename(dwarf.units().at(0));
}
void other_directory(DwarfDraft& dwarf) {
  for (const Die& unit : dwarf.units())
    if (unit.has(DW_AT_comp_dir)) return dwarf.lose(unit, DW_AT_comp_dir);
  dwarf.no_place("directory of compilation");
}
void other_language(DwarfDraft& dwarf) {
  for (const Die& unit : dwarf.units())
    if (unit.has(DW_AT_language)) return dwarf.set(unit, DW_AT_language, DW_LANG_Fortran90);
  dwarf.no_place("language");
}
void lost_lines(DwarfDraft& dwarf) {
  for (const Die& unit : dwarf.units())
    if (unit.has(DW_AT_stmt_list)) return dwarf.lose(unit, DW_AT_stmt_list);
  dwarf.no_place("line table");
}
void other_producer(DwarfDraft& dwarf) {
  for (const Die& unit : dwarf.units())
    if (unit.has(DW_AT_producer)) return dwarf.rename(unit, DW_AT_producer);
  dwarf.no_place("producer");
}
void unit_without_code(DwarfDraft& dwarf) {
  for (const Die& unit : dwarf.units()) {
    if (!unit.has(DW_AT_high_pc)) continue;
    return dwarf.set(unit, DW_AT_high_pc, *unit.unsigned_value(DW_AT_high_pc) / 2);
  }
  dwarf.no_place("unit of one range of code");
}

// One whose address no other symbol has, so that nothing can stand in for it.
SymbolDraft static_function(PairDraft& pair) {
  std::map<std::uint64_t, unsigned> known;
  for (const Symbol& symbol : full_symbols(pair.debug.elf())) ++known[symbol.value];
  return {pair.debug, ".symtab", "static function",
          [&](const GElf_Sym& symbol, std::string_view name) {
            return symbol.st_shndx != SHN_UNDEF && GELF_ST_TYPE(symbol.st_info) == STT_FUNC &&
                   GELF_ST_BIND(symbol.st_info) == STB_LOCAL && symbol.st_size > 1 &&
                   name.size() > 1 && known[symbol.st_value] == 1;
          }};
}
void renamed_symbol(PairDraft& pair) {
  SymbolDraft symbol = static_function(pair);
  symbol.set_name(symbol.symbol().st_name + 1);
}
void moved_symbol(PairDraft& pair) {
  SymbolDraft symbol = static_function(pair);
  symbol.set_value(symbol.symbol().st_value + 1);
}
void resized_symbol(PairDraft& pair) {
  SymbolDraft symbol = static_function(pair);
  symbol.set_size(symbol.symbol().st_size / 2);
}

}  // namespace

std::vector<Fault> debug_file_faults() {
  return {
      {"debug-build-id", "the debug file's build-id differs from main's in its last bit", "calls",
       wrong_build_id},
      hollow("hollow-info", ".debug_info has no content (NOBITS)", ".debug_info"),
      hollow("hollow-abbrev", ".debug_abbrev has no content (NOBITS)", ".debug_abbrev"),
      hollow("hollow-line", ".debug_line has no content (NOBITS)", ".debug_line"),
      hollow("hollow-str", ".debug_str has no content (NOBITS)", ".debug_str"),
      hollow("hollow-line-str", ".debug_line_str has no content (NOBITS)", ".debug_line_str"),
      hollow("hollow-loclists", ".debug_loclists has no content (NOBITS)", ".debug_loclists"),
      hollow("hollow-rnglists", ".debug_rnglists has no content (NOBITS)", ".debug_rnglists"),
      hollow("hollow-macro", ".debug_macro has no content (NOBITS)", ".debug_macro", "libonly"),
      truncated("cut-info", ".debug_info ends after its first half", ".debug_info"),
      truncated("cut-line", ".debug_line ends after its first half", ".debug_line"),
      truncated("cut-str", ".debug_str ends after its first half", ".debug_str"),
      truncated("cut-loclists", ".debug_loclists ends after its first half", ".debug_loclists"),
      without("aranges-lost", "there is no .debug_aranges", ".debug_aranges"),
      {"unit-lost", "the last unit is missing", "calls", lost_unit},
      {"unit-name", "a unit's name lacks its first letter", "calls",
       [](PairDraft& pair) { edit_debug(pair, renamed_unit); }},
      {"unit-directory", "a unit lost its directory of compilation", "calls",
       [](PairDraft& pair) { edit_debug(pair, other_directory); }},
      {"unit-language", "a unit is in Fortran", "calls",
       [](PairDraft& pair) { edit_debug(pair, other_language); }},
      {"unit-producer", "a unit's producer lacks its first letter", "calls",
       [](PairDraft& pair) { edit_debug(pair, other_producer); }},
      {"unit-lines", "a unit has no line table", "calls",
       [](PairDraft& pair) { edit_debug(pair, lost_lines); }},
      {"unit-range", "a unit ends after half of its code", "calls",
       [](PairDraft& pair) { edit_debug(pair, unit_without_code); }},
      without("symtab-lost", "there is no .symtab", ".symtab"),
      {"symbol-name", "a static function's symbol lacks its first letter", "calls", renamed_symbol},
      {"symbol-moved", "a static function's symbol is one byte later", "calls", moved_symbol},
      {"symbol-size", "a static function's symbol is half as long", "calls", resized_symbol},
      {"alt-build-id", "the alternate file (dwz) has another build-id than the link says",
       "types@dwzmulti", wrong_alt_file},
  };
}

}  // namespace splitstrip
