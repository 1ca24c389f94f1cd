// One entry for the libFuzzer target and for the fixed-seed run of the tests.
#pragma once

#include <cstddef>
#include <vector>

namespace splitstrip {

// Builds typedata from an ELF image, whatever it is, and reads what came of it. Returns whether
// there was anything to build from. A crash, a hang or an invalid result is a finding; an invalid
// result throws std::logic_error.
bool fuzz_typedata(std::vector<std::byte> image);

}  // namespace splitstrip
