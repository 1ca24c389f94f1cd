// libFuzzer target (preset "fuzz"):
//
//   build-fuzz/harness/typedata/typedata_fuzz -max_len=65536 CORPUS
//
// The corpus is any directory with small shared libraries that have DWARF.
#include "typedata/fuzz.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  splitstrip::fuzz_typedata({bytes, bytes + size});
  return 0;
}
