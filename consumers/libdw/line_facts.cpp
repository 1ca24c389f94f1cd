#include "consumers/libdw/line_facts.h"

#include <cstdint>
#include <iterator>
#include <set>
#include <string>

#include <dwarf.h>
#include <fmt/format.h>

#include "consumers/libdw/die_text.h"
#include "consumers/libdw/unit_names.h"

namespace splitstrip {
namespace {

constexpr std::size_t longest_value = 400'000;

std::string row_text(Dwarf_Line* line) {
  const char* file = dwarf_linesrc(line, nullptr, nullptr);
  int number = 0;
  int column = 0;
  unsigned discriminator = 0;
  unsigned operation = 0;
  unsigned isa = 0;
  dwarf_lineno(line, &number);
  dwarf_linecol(line, &column);
  dwarf_linediscriminator(line, &discriminator);
  dwarf_lineop_index(line, &operation);
  dwarf_lineisa(line, &isa);
  std::string text = fmt::format("{}:{}:{}", file != nullptr ? file : "?", number, column);
  const auto number_of = [&](const char* name, unsigned value) {
    if (value != 0) fmt::format_to(std::back_inserter(text), " {} {}", name, value);
  };
  number_of("discriminator", discriminator);
  number_of("operation", operation);
  number_of("isa", isa);
  const auto flag = [&](const char* name, int (*get)(Dwarf_Line*, bool*)) {
    bool set = false;
    if (get(line, &set) == 0 && set) text += name;
  };
  flag(" statement", dwarf_linebeginstatement);
  flag(" block", dwarf_lineblock);
  flag(" prologue-end", dwarf_lineprologueend);
  flag(" epilogue-begin", dwarf_lineepiloguebegin);
  flag(" end", dwarf_lineendsequence);
  return text;
}

void add_rows(Dwarf_Lines* lines, std::size_t count, const std::string& unit, FactSink& facts) {
  std::string text;
  Dwarf_Addr at = 0;
  const auto hand_over = [&] {
    if (!text.empty())
      facts.add("line-tables", fmt::format("{} {:#x}", unit, at),
                shortened(std::move(text), longest_value));
    text.clear();
  };
  for (std::size_t i = 0; i < count; ++i) {
    Dwarf_Line* line = dwarf_onesrcline(lines, i);
    Dwarf_Addr address = 0;
    if (line == nullptr || dwarf_lineaddr(line, &address) != 0) continue;
    if (address != at) hand_over();
    at = address;
    if (!text.empty()) text += "; ";
    if (text.size() <= 2 * longest_value) text += row_text(line);
  }
  hand_over();
}

void add_files(Dwarf_Die& unit, const std::string& name, FactSink& facts) {
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  if (dwarf_getsrcfiles(&unit, &files, &count) != 0) return;
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < count; ++i)
    if (const char* file = dwarf_filesrc(files, i, nullptr, nullptr)) names.insert(file);
  std::string text;
  for (const auto file : names) text.append(text.empty() ? "" : "; ").append(file);
  facts.add("line-tables", name + " files", shortened(std::move(text), longest_value));
}

}  // namespace

void add_line_facts(Dwarf* dwarf, FactSink& facts) {
  UnitNames names(dwarf);
  each_unit(dwarf, [&](Dwarf_Die& unit, unsigned type) {
    const std::string name = names(unit);
    // Type units share the table of the unit that they were made with.
    if (type == DW_UT_type || dwarf_tag(&unit) == DW_TAG_type_unit) return;
    Dwarf_Lines* lines = nullptr;
    std::size_t count = 0;
    if (dwarf_getsrclines(&unit, &lines, &count) == 0) {
      add_rows(lines, count, name, facts);
    } else if (dwarf_hasattr(&unit, DW_AT_stmt_list)) {
      facts.add("line-tables", name, "cannot be read");
    }
    add_files(unit, name, facts);
  });
}

}  // namespace splitstrip
