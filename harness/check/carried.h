// What a main carries, for the report.
#pragma once

#include <filesystem>
#include <optional>

#include "report/result.h"

namespace splitstrip {

// Reads main's `.gnu_typedata` and counts the exported names that it types; nothing if main carries
// none. Throws Error if what it carries cannot be read.
std::optional<TypedataInfo> carried_typedata(const std::filesystem::path& main);

}  // namespace splitstrip
