// How .gnu_typedata is compressed.
#pragma once

#include <string>
#include <string_view>

namespace splitstrip {

// One zstd frame without checksum, at the level that the size and time targets leave room for.
std::string compress_typedata(std::string_view object);

}  // namespace splitstrip
