#include "recipe/fault/line_program.h"

#include <dwarf.h>

#include "dwarf/bytes.h"
#include "recipe/fault/number.h"

namespace splitstrip {
namespace {

std::uint64_t uleb(Bytes& in, std::span<const std::byte> all) {
  const std::size_t size = leb_size(all.subspan(in.offset()));
  if (size == 0) {
    in.fail();
    return 0;
  }
  const std::uint64_t value = get_uleb(all.subspan(in.offset(), size));
  in.skip(size);
  return value;
}

struct EntryFormat {
  std::uint64_t content;
  std::uint64_t form;
};

std::vector<EntryFormat> entry_formats(Bytes& in, std::span<const std::byte> all) {
  std::vector<EntryFormat> formats(in.u8());
  for (EntryFormat& format : formats) {
    format.content = uleb(in, all);
    format.form = uleb(in, all);
  }
  return formats;
}

// Moves past a table of directories or files. Returns where the names of the entries lie, as far as
// they are offsets into .debug_line_str.
std::vector<std::size_t> table(Bytes& in, std::span<const std::byte> all, unsigned offset_size) {
  std::vector<std::size_t> names;
  const auto formats = entry_formats(in, all);
  const std::uint64_t count = uleb(in, all);
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    for (const EntryFormat& format : formats) {
      switch (format.form) {
        case DW_FORM_line_strp:
          if (format.content == DW_LNCT_path) names.push_back(in.offset());
          [[fallthrough]];
        case DW_FORM_strp:
          in.skip(offset_size);
          break;
        case DW_FORM_udata:
          uleb(in, all);
          break;
        case DW_FORM_data1:
          in.skip(1);
          break;
        case DW_FORM_data2:
          in.skip(2);
          break;
        case DW_FORM_data16:
          in.skip(16);
          break;
        default:
          in.fail();
      }
    }
    if (formats.empty()) break;
  }
  return names;
}

bool operation(Bytes& in, std::span<const std::byte> all, unsigned opcode_base,
               std::span<const std::uint8_t> operand_counts, LineProgram& program) {
  LineOperation one;
  one.at = in.offset();
  one.code = in.u8();
  if (one.code >= opcode_base) {
    one.special = one.emits_row = true;
  } else if (one.code == 0) {
    const std::uint64_t length = uleb(in, all);
    in.skip(length);
  } else if (one.code == DW_LNS_fixed_advance_pc) {
    in.skip(2);
  } else {
    one.emits_row = one.code == DW_LNS_copy;
    for (unsigned i = 0; i < operand_counts[one.code - 1U]; ++i) uleb(in, all);
  }
  if (in.ok()) program.operations.push_back(one);
  return in.ok();
}

}  // namespace

std::optional<std::uint8_t> LineProgram::special(int line, unsigned address) const {
  if (line < line_base || line >= line_base + static_cast<int>(line_range)) return std::nullopt;
  const std::uint64_t code =
      static_cast<unsigned>(line - line_base) + std::uint64_t{line_range} * address + opcode_base;
  if (code > 255) return std::nullopt;
  return static_cast<std::uint8_t>(code);
}

std::optional<LineProgram> read_line_program(std::span<const std::byte> debug_line,
                                             bool big_endian) {
  Bytes in(debug_line, big_endian);
  LineProgram program;
  std::uint64_t length = in.u32();
  if (length == 0xffffffff) {
    length = in.u64();
    program.offset_size = 8;
  }
  if (!in.ok() || length > in.left()) return std::nullopt;
  const std::span<const std::byte> all = debug_line.first(in.offset() + length);
  const std::size_t begin = in.offset();
  in = Bytes(all, big_endian);
  in.seek(begin);
  const std::uint16_t version = in.u16();
  if (version < 2 || version > 5) return std::nullopt;
  if (version == 5) in.skip(2);
  const std::uint64_t header_length = in.sized(program.offset_size);
  const std::uint64_t program_at = in.offset() + header_length;
  in.skip(version >= 4 ? 3 : 2);
  program.line_base = static_cast<std::int8_t>(in.u8());
  program.line_range = in.u8();
  program.opcode_base = in.u8();
  if (!in.ok() || program.line_range == 0 || program.opcode_base == 0) return std::nullopt;
  std::vector<std::uint8_t> operand_counts;
  for (unsigned i = 1; i < program.opcode_base; ++i) operand_counts.push_back(in.u8());
  if (version == 5) {
    table(in, all, program.offset_size);
    const auto names = table(in, all, program.offset_size);
    for (std::size_t i = 1; i < names.size() && program.file_name_at == 0; ++i) {
      const auto name = [&](std::size_t of) {
        return get_number(all.subspan(names[of], program.offset_size), big_endian);
      };
      if (name(i) != name(0)) program.file_name_at = names[i];
    }
  }
  if (!in.ok() || program_at > all.size()) return std::nullopt;
  in.seek(program_at);
  while (!in.at_end() && operation(in, all, program.opcode_base, operand_counts, program)) {
  }
  return program;
}

}  // namespace splitstrip
