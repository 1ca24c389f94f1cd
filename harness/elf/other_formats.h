// What a file is that is no ELF file, for those that people do take for a library.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace splitstrip {

// Throws Error, which says what the file is and what to name instead, unless `bytes` begin as an
// ELF file does. `path` stands in the message.
void refuse_other_formats(std::span<const std::byte> bytes, const std::filesystem::path& path);

}  // namespace splitstrip
