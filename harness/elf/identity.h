// What ties a library to its debug file: build-id, debug link with CRC, dwz's alternate link.
//
// Sources: GNU note NT_GNU_BUILD_ID; "Debugging Information in Separate Files" in gdb's manual;
// dwz(1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "elf/elf_file.h"

namespace splitstrip {

struct BuildId {
  std::span<const std::byte> bytes;  // in the file
  std::size_t offset = 0;            // where they lie in the file, in bytes

  std::string hex() const;  // lower case
};

// From the SHT_NOTE sections. Debug files keep that note too.
std::optional<BuildId> build_id(const ElfFile& elf);
std::optional<BuildId> build_id(const ElfFile&& elf) = delete;  // the answer points into the file

struct DebugLink {
  std::string_view file_name;  // a plain name, without directory
  std::uint32_t crc = 0;       // of the whole debug file
  std::size_t crc_offset = 0;  // where it lies in the file, in bytes
};

// .gnu_debuglink; nothing if the section is missing or malformed.
std::optional<DebugLink> debug_link(const ElfFile& elf);
std::optional<DebugLink> debug_link(const ElfFile&& elf) =
    delete;  // the answer points into the file

struct AltLink {
  std::string_view path;  // as recorded: absolute, or relative to the file's directory
  std::string build_id;   // lower-case hex
};

// .gnu_debugaltlink; nothing if the section is missing or malformed.
std::optional<AltLink> alt_link(const ElfFile& elf);
std::optional<AltLink> alt_link(const ElfFile&& elf) = delete;  // the answer points into the file

// The CRC that a debug link holds (CRC-32 as in zlib and Ethernet).
std::uint32_t debug_link_crc(std::span<const std::byte> file);

// The bytes as lower-case hexadecimal digits.
std::string to_hex(std::span<const std::byte> bytes);

// Where a debug file of this build-id lies below a debug directory such as /usr/lib/debug:
// ".build-id/xx/yyyy.debug". `hex` has at least three digits.
std::string build_id_file(std::string_view hex);

}  // namespace splitstrip
