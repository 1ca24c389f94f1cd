// The frame descriptions of a library, to be changed. Sources: DWARF 5, 6.4; LSB, "Exception
// Frames".
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace splitstrip {

// Of one function; offsets are into .eh_frame.
struct FrameDescription {
  std::size_t range_at = 0;  // of the number of bytes of code, 4 bytes wide
  std::uint64_t range = 0;
  std::size_t instructions_at = 0;
  std::size_t instructions_end = 0;
};

// Those whose addresses are encoded in 4 bytes, which is what compilers write. Reads any bytes.
std::vector<FrameDescription> frame_descriptions(std::span<const std::byte> eh_frame,
                                                 bool big_endian);

// Where the operands of DW_CFA_def_cfa_offset are that fit into one byte; none if there is an
// instruction that is not known here, such as an expression.
std::vector<std::size_t> cfa_offset_operands(std::span<const std::byte> eh_frame,
                                             const FrameDescription& of);

}  // namespace splitstrip
