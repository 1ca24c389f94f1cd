// Whether an argument is where its parameter's location says, or only its address is: Fortran
// passes by reference, and its DWARF gives the type of what is referred to.
//
// Source: DWARF 5, 2.5 and 2.6.
#pragma once

#include <cstdint>
#include <span>

#include "dwarf/bytes.h"

namespace splitstrip {

enum class ArgumentPlace : std::uint8_t {
  unknown,
  value,    // in a register, or in the caller's or the function's frame
  address,  // it lies behind a pointer that the caller passed
};

// What one expression tells. `machine` is EM_*: its stack pointer has to be known.
ArgumentPlace argument_place(ByteSpan expression, bool big_endian, unsigned address_size,
                             std::uint16_t machine);

// Of several, each for other addresses: what the first one says that says something.
ArgumentPlace argument_place(std::span<const ByteSpan> expressions, bool big_endian,
                             unsigned address_size, std::uint16_t machine);

}  // namespace splitstrip
