// Where the program finds its own files: fixtures, gdb scripts, helper programs, libraries.
#pragma once

#include <filesystem>

namespace splitstrip {

// The running executable, to be started again as a helper of its own.
std::filesystem::path own_executable();

// Directory `name` ("fixtures", "gdb-scripts", "consumers") of the installation the executable lies
// in, or of the build tree and then the source tree if it was not installed. Throws Error if there
// is none.
std::filesystem::path data_directory(const char* name);

// The helper program `name` of the installation the executable lies in, or of the build tree if it
// was not installed. Throws Error if there is none.
std::filesystem::path helper_program(const char* name);

// The shared library of that soname that belongs to this program. Throws Error if there is none.
std::filesystem::path shared_library(const char* soname);

}  // namespace splitstrip
