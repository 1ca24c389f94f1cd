// Takes the zstd or xz stream apart that .gnu_typedata is. Needs nothing but the two decoders: it is
// also in libtypedata, which every process that makes foreign calls loads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace splitstrip {

// What a stream may unpack to. The types of the largest libraries are a few megabytes, a sixth to a
// quarter of which is left after packing.
struct UnpackLimits {
  std::uint64_t size = std::uint64_t{256} << 20;  // bytes, unpacked
  std::uint64_t ratio = 256;                      // unpacked to packed …
  std::uint64_t ratio_free = 1 << 20;             // … once it is more than so many bytes
};

// Unpacks one zstd or xz stream, told by its magic. `what` starts the message of the Error that is
// thrown if it is neither, is damaged, is followed by other bytes, or goes beyond the limits.
std::vector<std::byte> unpack_typedata(std::span<const std::byte> packed, std::string_view what,
                                       const UnpackLimits& limits = {});

}  // namespace splitstrip
