// How many arguments a C++ function takes, as its mangled name tells: an independent count of what
// the DWARF describes, which clang may leave incomplete.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace splitstrip {

// Without the object of a member function, and without "...". Nothing for what is no function, or
// is not understood.
std::optional<std::size_t> mangled_arguments(std::string_view symbol);

}  // namespace splitstrip
