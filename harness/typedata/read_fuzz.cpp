// The reading side as a fuzz target: any bytes are taken as a main, as a packed stream or as an
// extracted object, read, and printed in both forms. With libFuzzer under the fuzz preset; the same
// entry is fed damaged objects in read_mutate_test.cpp.
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <vector>

#include "dwarf/debug_info.h"
#include "facts/error.h"
#include "typedata/load.h"
#include "typedata/print_c.h"
#include "typedata/print_json.h"
#include "typedata/read.h"

namespace splitstrip {
namespace {

// Far below the real limits, so that an input that exhausts them does so soon.
constexpr UnpackLimits unpack_limits{.size = 8 << 20};
constexpr LoadLimits load_limits{.entries = 50'000, .depth = 100, .name_length = 4096};
constexpr PrintCOptions print_options{.most = 4 << 20, .assertions = true};

ElfFile object_in(std::vector<std::byte> bytes) {
  if (bytes.size() < 4 || bytes[0] != std::byte{ELFMAG0}) {
    bytes = unpack_typedata(bytes, "input", unpack_limits);
  }
  ElfFile file = ElfFile::from_memory(std::move(bytes), "input");
  return find_typedata(file) ? open_typedata(file, unpack_limits) : std::move(file);
}

// Writes nowhere.
class NullBuffer : public std::streambuf {
 protected:
  int overflow(int c) override { return traits_type::not_eof(c); }
  std::streamsize xsputn(const char*, std::streamsize size) override { return size; }
};

}  // namespace
}  // namespace splitstrip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace splitstrip;
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  NullBuffer nowhere;
  std::ostream output(&nowhere);
  try {
    const DebugInfo info(object_in({bytes, bytes + size}));
    const Interface interface = load_interface(info, load_limits);
    const Selection selection = select(interface, {}, "input");
    print_json(interface, selection, output);
    print_c(interface, selection, "input", output, print_options);
  } catch (const Error&) {
    return -1;  // refused: not worth keeping in a corpus
  }
  return 0;
}
