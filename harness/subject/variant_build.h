// Builds fixtures in other forms of DWARF, on demand and by CMake
// (fixtures/variants/CMakeLists.txt).
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "variants/selection.h"

namespace splitstrip {

// Where the form of that name ("types@clang-O0") is built: its library, what belongs to it, and
// where it cannot be built here a file `missing` that says why.
std::filesystem::path variant_directory(const std::string& name);

// The same, and for a fixture as it is its own directory.
std::filesystem::path form_directory(const Form& form);

// Builds those of `forms` that are not there or older than their sources. A form that cannot be
// built here is left out, see why_missing(). Throws Error where fixtures cannot be built at all, as
// in an installation.
void build_variants(std::span<const Form> forms);

// Why the form is not there after build_variants(): the tool and the package that brings it, or
// that its build failed. Empty if it is there.
std::string why_missing(const Form& form);

}  // namespace splitstrip
