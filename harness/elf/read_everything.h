// For the mutation test and the fuzzer: all that this module does with an input.
#pragma once

#include <cstddef>
#include <vector>

namespace splitstrip {

// Reads every part of the file and edits a copy. Returns whether it was accepted as an ELF file; an
// Error is an answer as good as any, and nothing else may come out.
bool read_everything(std::vector<std::byte> bytes);

}  // namespace splitstrip
