#include <stdexcept>

#include "dwarf/debug_info.h"
#include "facts/error.h"
#include "typedata/build.h"
#include "typedata/fuzz.h"
#include "typedata/load.h"

namespace splitstrip {

bool fuzz_typedata(std::vector<std::byte> image) {
  TypedataResult result;
  try {
    const ElfFile elf = ElfFile::from_memory(std::move(image), "image");
    TypedataOptions options;
    options.threads = 1;
    options.places.directories.clear();
    result = build_typedata(elf, elf, options);
  } catch (const Error&) {
    return false;
  }
  // Whatever the input was, what is written is well-formed.
  const auto bytes = std::as_bytes(std::span(result.object.data(), result.object.size()));
  try {
    const DebugInfo info(ElfFile::from_memory({bytes.begin(), bytes.end()}, "object"));
    std::size_t dies = 0;
    for (const Unit& unit : info.units()) {
      for (const Die& child : unit.die().children()) dies += child.tag() != 0 ? 1 : 0;
    }
    static_cast<void>(dies);
  } catch (const Error& error) {
    throw std::logic_error(error.what());
  }
  return true;
}

}  // namespace splitstrip
