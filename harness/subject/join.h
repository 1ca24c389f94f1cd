// Puts a stripped library and its debug file together again.
#pragma once

#include <filesystem>

namespace splitstrip {

// Writes to `output` the unstripped ELF of which `main` and `debug` were made (eu-unstrip, of
// elfutils). All that is loaded is as in main; sections that only a split adds (.gnu_typedata) are
// left out. A relative link to dwz's common file is made absolute, since it counts from where the
// debug file lies. `scratch` exists. Throws Error if the two do not belong together.
void join(const std::filesystem::path& main, const std::filesystem::path& debug,
          const std::filesystem::path& output, const std::filesystem::path& scratch);

}  // namespace splitstrip
