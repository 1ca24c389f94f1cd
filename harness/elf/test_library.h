// For tests: small libraries built with the machine's compiler, and looks at files.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "elf/elf_file.h"
#include "run/scratch.h"

namespace splitstrip::testing_support {

// Compiles `source` (C) into the shared library `output` with -g -O2 -fPIC -shared, a soname that
// is the file's name, and a build-id; `flags` come after these. Throws Error with the compiler's
// message.
void build_library(const std::filesystem::path& output, const std::string& source,
                   const std::vector<std::string>& flags = {});

// Runs a program to its end and returns its standard output; throws Error unless it exits with 0.
std::string run(const std::vector<std::string>& argv);

std::vector<std::byte> file_bytes(const std::filesystem::path& path);
void write_bytes(const std::filesystem::path& path, const std::vector<std::byte>& bytes);

// what() of the Error that `act` throws; empty if it throws none.
std::string message_of(const std::function<void()>& act);

// A few exported functions, an object, a TLS object, a static function, calls between them.
extern const char* const small_source;

// The eight real libraries that the tests use, those of them that are installed here. Their debug
// packages are expected as well.
std::vector<std::filesystem::path> real_libraries();

}  // namespace splitstrip::testing_support
