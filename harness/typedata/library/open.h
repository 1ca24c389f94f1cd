// Opens a library's types, by path or as it is loaded.
#pragma once

#include <memory>
#include <string>

#include "typedata/library/handle.h"

namespace splitstrip::library {

// Both throw Failure.
std::unique_ptr<typedata> open_path(const std::string& path, unsigned flags);
std::unique_ptr<typedata> open_loaded(const void* address, unsigned flags);

}  // namespace splitstrip::library
