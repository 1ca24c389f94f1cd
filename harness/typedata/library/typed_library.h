// For tests: libraries that carry typedata.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace splitstrip::testing_support {

// Compiles the C source and returns a library that is stripped but for its .gnu_typedata.
std::filesystem::path with_typedata(const std::filesystem::path& directory,
                                    const std::string& source, const std::string& name = "lib.so",
                                    const std::vector<std::string>& flags = {});

// Makes `main` of an unstripped library: stripped but for its .gnu_typedata. Returns `main`.
std::filesystem::path split(const std::filesystem::path& whole, const std::filesystem::path& main);

}  // namespace splitstrip::testing_support
