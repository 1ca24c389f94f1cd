// Between libtypedata and the part of it that reads debuginfo, which is loaded only if wanted: it
// brings libdw, libelf and what they need.
#pragma once

#include <cstddef>

#include "typedata/library/typedata.h"

namespace splitstrip::library {

inline constexpr const char* kDebuginfoPart = "typedata/debuginfo.so";
inline constexpr const char* kDebuginfoReader = "typedata_part_read_debuginfo";

// Makes the object that .gnu_typedata of the library would hold. `root` has a .build-id directory.
// On success *object is to be given to free().
using DebuginfoReader = typedata_status(const char* library, const char* root,
                                        unsigned char** object, std::size_t* size,
                                        typedata_error* error);

}  // namespace splitstrip::library
