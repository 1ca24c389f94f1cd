#include "subject/abi_break.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "elf/debug_files.h"
#include "elf/elf_edit.h"
#include "elf/identity.h"
#include "facts/error.h"
#include "recipe/input.h"
#include "subject/break_places.h"

namespace splitstrip {

namespace fs = std::filesystem;

AbiBreak plant_abi_break(const fs::path& unstripped, const fs::path& output) {
  const ElfFile original = open_unstripped(unstripped);
  const Section* info = original.section(".debug_info");
  const auto id = build_id(original);
  if (info == nullptr || !id)
    throw Error::of(
        "{}: needs a .debug_info and a build-id to plant an ABI break; link it with "
        "-Wl,--build-id=sha1",
        unstripped.string());
  const fs::path alt_file = alt_link(original) ? find_alt_file(original, {}) : fs::path();

  // Uncompressed, in memory, with the same path for messages.
  const SectionContents contents = original.contents(*info);
  NewSection plain{.name = ".debug_info", .bytes = contents.bytes()};
  ElfEdit decompress(original);
  decompress.put_section(plain);
  const ElfFile readable = ElfFile::from_memory(decompress.bytes(), unstripped);

  const BreakPlaces places = find_break_places(readable, alt_file);
  std::vector<std::byte> broken(contents.bytes().begin(), contents.bytes().end());
  AbiBreak result;
  for (const std::optional<BreakPlace>& place : {places.signature, places.member}) {
    if (!place) continue;
    std::ranges::copy(place->bytes, broken.begin() + static_cast<std::ptrdiff_t>(place->offset));
    result.what.push_back(place->what);
  }
  if (result.what.empty())
    throw Error::of(
        "{}: none of its exported functions has a parameter, return value or structure of a base "
        "type in its DWARF, so no ABI break can be planted",
        unstripped.string());

  std::vector<std::byte> flipped(id->bytes.begin(), id->bytes.end());
  for (std::byte& b : flipped) b = ~b;
  result.build_id = to_hex(flipped);
  plain.bytes = broken;
  ElfEdit edit(original);
  edit.put_section(plain);
  edit.set_build_id(flipped);
  edit.write(output);
  return result;
}

}  // namespace splitstrip
