#include "elf/same_build.h"

#include <algorithm>

#include "elf/identity.h"
#include "facts/error.h"

namespace splitstrip {

std::optional<std::string> build_mismatch(const ElfFile& main, const ElfFile& debug) {
  const auto main_id = build_id(main);
  const auto debug_id = build_id(debug);
  if (main_id && debug_id) {
    if (std::ranges::equal(main_id->bytes, debug_id->bytes)) return std::nullopt;
    return fmt::format("build-id {} where the library has {}", debug_id->hex(), main_id->hex());
  }
  const auto link = debug_link(main);
  if (!link) return "no build-id in both, and no debug link in the library";
  const std::uint32_t crc = debug_link_crc(debug.bytes());
  if (link->crc == crc) return std::nullopt;
  return fmt::format("CRC {:08x} where the library's debug link says {:08x}", crc, link->crc);
}

void require_same_build(const ElfFile& main, const ElfFile& debug) {
  if (const auto wrong = build_mismatch(main, debug))
    throw Error::of("{}: is not the debug file of {}: {}; take both from the same build",
                    debug.path().string(), main.path().string(), *wrong);
}

}  // namespace splitstrip
