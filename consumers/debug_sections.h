// What a library's debug sections are like, for consumers that die of some.
#pragma once

#include <filesystem>
#include <string_view>

namespace splitstrip {

// Both throw Error where ElfFile::open() does.

bool has_section(const std::filesystem::path& file, std::string_view name);

// Whether any section is compressed with zstd (ELFCOMPRESS_ZSTD, gABI chapter 4), which tools of
// before 2023 do not know.
bool compressed_with_zstd(const std::filesystem::path& file);

}  // namespace splitstrip
