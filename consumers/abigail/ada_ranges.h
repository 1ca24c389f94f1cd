// Whether a library describes Ada's range types, with which abidw 2.2 does not come to an end.
#pragma once

#include <filesystem>

namespace splitstrip {

// False also for what cannot be read: that is for abidw to say.
bool has_ada_ranges(const std::filesystem::path& file);

}  // namespace splitstrip
