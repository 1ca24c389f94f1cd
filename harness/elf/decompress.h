// Decompression of ELF sections.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace splitstrip {

enum class SectionCompression { zlib, zstd };

// Unpacks one stream whose unpacked size is known beforehand; that size is not believed before as
// many bytes came. Throws Error whose text starts with `what` (file and section) if the stream is
// damaged or of another size.
std::vector<std::byte> decompress(SectionCompression how, std::span<const std::byte> packed,
                                  std::uint64_t unpacked_size, const std::string& what);

}  // namespace splitstrip
