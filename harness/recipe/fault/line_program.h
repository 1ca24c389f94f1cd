// The first line number program of a .debug_line, to be changed where it lies. Source: DWARF 5,
// 6.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace splitstrip {

struct LineOperation {
  std::size_t at = 0;  // in .debug_line
  std::uint8_t code = 0;
  bool special = false;
  bool emits_row = false;
};

struct LineProgram {
  int line_base = 0;
  unsigned line_range = 1;
  unsigned opcode_base = 1;
  std::vector<LineOperation> operations;
  // DWARF 5: the offset into .debug_line_str of the name of the first file that is no repetition
  // of file 0; 0 if there is none, or if it is not given in that way.
  std::size_t file_name_at = 0;
  unsigned offset_size = 4;

  // What a special operation adds.
  int line_step(std::uint8_t code) const {
    return line_base + static_cast<int>((code - opcode_base) % line_range);
  }
  unsigned address_step(std::uint8_t code) const { return (code - opcode_base) / line_range; }
  // The special operation of these steps.
  std::optional<std::uint8_t> special(int line, unsigned address) const;
};

// Nothing if that is no program that is understood. Reads any bytes.
std::optional<LineProgram> read_line_program(std::span<const std::byte> debug_line,
                                             bool big_endian);

}  // namespace splitstrip
