// Takes typedata out of a main.
//
//   if (auto packed = find_typedata(main)) DebugInfo types(open_typedata(main));
//
// Main carries it in the section .gnu_typedata: one zstd or xz stream of a small ELF object that
// holds DWARF and is of main's own class, byte order, machine and build-id.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "elf/elf_file.h"

namespace splitstrip {

inline constexpr std::string_view typedata_section_name = ".gnu_typedata";

// What a stream may unpack to. The types of the largest libraries are a few megabytes, a sixth to a
// quarter of which is left after packing.
struct UnpackLimits {
  std::uint64_t size = std::uint64_t{256} << 20;  // bytes, unpacked
  std::uint64_t ratio = 256;                      // unpacked to packed …
  std::uint64_t ratio_free = 1 << 20;             // … once it is more than so many bytes
};

// The section's bytes, packed; nothing if the file has no such section. Throws Error if it has one
// without bytes, as a debug file has.
std::optional<std::span<const std::byte>> find_typedata(const ElfFile& file);

// Unpacks one zstd or xz stream, told by its magic. `what` starts the message of the Error that is
// thrown if it is neither, is damaged, is followed by other bytes, or goes beyond the limits.
std::vector<std::byte> unpack_typedata(std::span<const std::byte> packed, std::string_view what,
                                       const UnpackLimits& limits = {});

// The object inside main, unpacked. Throws Error, with the remedy, if main carries none, or one
// that is not main's: other class, byte order, machine or build-id.
ElfFile open_typedata(const ElfFile& main, const UnpackLimits& limits = {});

}  // namespace splitstrip
