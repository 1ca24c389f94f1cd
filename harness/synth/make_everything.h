// For the mutation test and the fuzzer: all that this module does with an input.
#pragma once

#include <cstddef>
#include <vector>

namespace splitstrip::synth {

// Lays stacks for the library and makes their bytes. Returns whether there are any; an Error is an
// answer as good as any, and nothing else may come out.
bool make_everything(std::vector<std::byte> bytes);

}  // namespace splitstrip::synth
