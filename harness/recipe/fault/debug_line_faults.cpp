// Faults in the debug file: line tables and macros.
#include <dwarf.h>

#include "facts/error.h"
#include "recipe/fault/fault.h"
#include "recipe/fault/line_program.h"
#include "recipe/fault/number.h"

namespace splitstrip {
namespace {

[[noreturn]] void no_place(const PairDraft& pair, std::string_view what) {
  throw Error::of("{}: has no {} to plant this fault in; name another library",
                  pair.debug.elf().path().filename().string(), what);
}

struct Lines {
  std::vector<std::byte>& bytes;
  LineProgram program;
};
Lines first_program(PairDraft& pair) {
  std::vector<std::byte>& bytes = pair.debug.content(".debug_line");
  auto program = read_line_program(bytes, pair.debug.elf().big_endian());
  if (!program) no_place(pair, "line number program that can be read");
  return {bytes, std::move(*program)};
}

// Calls `change` with pairs of operations that emit one row after the other, both special, until it
// returns true.
template <typename Change>
bool for_neighbours(const LineProgram& program, Change change) {
  const LineOperation* before = nullptr;
  for (const LineOperation& one : program.operations) {
    // Any other operation in between may move line or address on its own.
    const bool neutral = one.code == DW_LNS_set_column || one.code == DW_LNS_negate_stmt;
    if (!one.special && !neutral) before = nullptr;
    if (!one.special) continue;
    if (before != nullptr && change(*before, one)) return true;
    before = &one;
  }
  return false;
}

void shift_line(PairDraft& pair) {
  auto [bytes, program] = first_program(pair);
  const bool done =
      for_neighbours(program, [&](const LineOperation& one, const LineOperation& next) {
        if (program.address_step(next.code) == 0) return false;  // the row would not be seen
        const auto more =
            program.special(program.line_step(one.code) + 1, program.address_step(one.code));
        const auto less =
            program.special(program.line_step(next.code) - 1, program.address_step(next.code));
        if (!more || !less) return false;
        bytes[one.at] = std::byte{*more};
        bytes[next.at] = std::byte{*less};
        return true;
      });
  if (!done) no_place(pair, "two neighbouring rows in its line table");
}

void lose_row(PairDraft& pair) {
  auto [bytes, program] = first_program(pair);
  const bool done =
      for_neighbours(program, [&](const LineOperation& one, const LineOperation& next) {
        if (program.address_step(one.code) == 0 || program.address_step(next.code) == 0)
          return false;
        const auto both =
            program.special(program.line_step(one.code) + program.line_step(next.code),
                            program.address_step(one.code) + program.address_step(next.code));
        if (!both) return false;
        bytes[one.at] = std::byte{DW_LNS_set_basic_block};  // neither line nor address
        bytes[next.at] = std::byte{*both};
        return true;
      });
  if (!done) no_place(pair, "two neighbouring rows in its line table");
}

void flip_statements(PairDraft& pair) {
  auto [bytes, program] = first_program(pair);
  for (const LineOperation& one : program.operations) {
    if (one.code != DW_LNS_negate_stmt) continue;
    bytes[one.at] = std::byte{DW_LNS_set_basic_block};
    return;
  }
  no_place(pair, "row that is no statement");
}

void change_column(PairDraft& pair) {
  auto [bytes, program] = first_program(pair);
  for (const LineOperation& one : program.operations) {
    if (one.code != DW_LNS_set_column || one.at + 1 >= bytes.size()) continue;
    bytes[one.at + 1] ^= std::byte{1};
    return;
  }
  no_place(pair, "column in its line table");
}

void change_file_name(PairDraft& pair) {
  auto [bytes, program] = first_program(pair);
  if (program.file_name_at == 0) no_place(pair, "second file in its line table");
  const auto name = std::span(bytes).subspan(program.file_name_at, program.offset_size);
  const bool big = pair.debug.elf().big_endian();
  put_number(name, get_number(name, big) + 1, big);
}

// The last unit's macros; the first ones are the compiler's own.
void lose_macros(DwarfDraft& dwarf) {
  for (const Die& unit : dwarf.units()) {
    if (!unit.has(DW_AT_macros)) continue;
    return dwarf.lose(unit, DW_AT_macros);
  }
  dwarf.no_place("macros");
}
void change_macro(PairDraft& pair) {
  std::vector<std::byte>& macros = pair.debug.content(".debug_macro");
  constexpr std::size_t header = 3;  // version, flags
  if (macros.size() < header) no_place(pair, "macros");
  const auto flags = std::to_integer<unsigned>(macros[2]);
  const std::size_t offset_size = (flags & 1) != 0 ? 8 : 4;
  std::size_t at = header + ((flags & 2) != 0 ? offset_size : 0);
  // The first definition by a string elsewhere, behind what else the unit begins with.
  while (at < macros.size()) {
    const auto kind = std::to_integer<unsigned>(macros[at++]);
    const auto skip_leb = [&] {
      if (at < macros.size()) at += leb_size(std::span(macros).subspan(at));
    };
    if (kind == DW_MACRO_define_strp) {
      skip_leb();
      if (at + offset_size > macros.size()) break;
      const auto string = std::span(macros).subspan(at, offset_size);
      const bool big = pair.debug.elf().big_endian();
      put_number(string, get_number(string, big) + 1, big);
      return;
    }
    if (kind == DW_MACRO_import) {
      at += offset_size;
    } else if (kind == DW_MACRO_start_file) {
      skip_leb();
      skip_leb();
    } else if (kind == DW_MACRO_undef_strp) {
      skip_leb();
      at += offset_size;
    } else if (kind != DW_MACRO_end_file) {
      break;
    }
  }
  no_place(pair, "macro definition near the begin of its first unit");
}

}  // namespace

std::vector<Fault> debug_line_faults() {
  return {
      {"line-shifted", "a row of the line table is one line off", "calls", shift_line},
      {"line-lost", "the line table has one row less", "calls", lose_row},
      {"line-column", "rows of the line table have another column", "calls", change_column},
      {"line-statement", "statements are none from some row on, and the others are", "calls",
       flip_statements},
      {"line-file", "a file of the line table lacks the first letter of its name", "calls",
       change_file_name},
      {"macros-lost", "a unit has no macros", "libonly",
       [](PairDraft& pair) { edit_debug(pair, lose_macros); }},
      {"macro-name", "a macro's name lacks its first letter", "libonly", change_macro},
  };
}

}  // namespace splitstrip
