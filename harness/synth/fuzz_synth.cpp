// libFuzzer target: `cmake --preset fuzz && cmake --build --preset fuzz --target synth_fuzzer`,
// then `synth_fuzzer CORPUS`, where CORPUS is a directory with a few small stripped libraries.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "synth/make_everything.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto* begin = reinterpret_cast<const std::byte*>(data);
  splitstrip::synth::make_everything(std::vector<std::byte>(begin, begin + size));
  return 0;
}
