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

#include "elf/elf_file.h"
#include "typedata/unpack.h"

namespace splitstrip {

inline constexpr std::string_view typedata_section_name = ".gnu_typedata";

// The section's bytes, packed; nothing if the file has no such section. Throws Error if it has one
// without bytes, as a debug file has.
std::optional<std::span<const std::byte>> find_typedata(const ElfFile& file);

// The object inside main, unpacked. Throws Error, with the remedy, if main carries none, or one
// that is not main's: other class, byte order, machine or build-id.
ElfFile open_typedata(const ElfFile& main, const UnpackLimits& limits = {});

}  // namespace splitstrip
