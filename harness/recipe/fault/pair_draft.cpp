#include "recipe/fault/pair_draft.h"

#include "elf/identity.h"
#include "recipe/typedata.h"
#include "typedata/compress.h"
#include "typedata/object.h"
#include "typedata/read.h"

namespace splitstrip {
namespace {

std::string text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<std::byte> section_bytes(const ElfFile& elf, std::string_view name) {
  const Section* section = elf.section(name);
  if (section == nullptr) return {};
  const SectionContents contents = elf.contents(*section);
  return {contents.bytes().begin(), contents.bytes().end()};
}

}  // namespace

void PairDraft::save() {
  if (debug.changed()) {
    debug.save();
    const ElfFile made = ElfFile::open(debug.elf().path());
    if (const auto link = debug_link(main.elf()); link && mend_crc) {
      const std::uint32_t crc = debug_link_crc(made.bytes());
      auto& content = main.content(".gnu_debuglink");
      for (std::size_t i = 0; i < 4; ++i)
        content[content.size() - 4 + (main.elf().big_endian() ? 3 - i : i)] =
            static_cast<std::byte>(crc >> (8 * i) & 0xff);
    }
  }
  if (main.changed()) main.save();
}

void edit_debug(PairDraft& pair, const std::function<void(DwarfDraft& dwarf)>& edit) {
  DwarfDraft dwarf(pair.debug.elf(), pair.debug.content(".debug_info"),
                   pair.debug.content(".debug_abbrev"));
  edit(dwarf);
  dwarf.finish();
}

void edit_typedata(PairDraft& pair, const std::function<void(DwarfDraft& dwarf)>& edit) {
  const ElfFile object = open_typedata(pair.main.elf());
  std::vector<std::byte> info = section_bytes(object, ".debug_info");
  std::vector<std::byte> abbrev = section_bytes(object, ".debug_abbrev");
  DwarfDraft dwarf(object, info, abbrev);
  edit(dwarf);
  dwarf.finish();
  const std::string packed = compress_typedata(make_object(
      pair.main.elf(), {text(info), text(abbrev), text(section_bytes(object, ".debug_str"))}));
  const auto bytes = std::as_bytes(std::span(packed.data(), packed.size()));
  pair.main.content(typedata_section) = {bytes.begin(), bytes.end()};
}

}  // namespace splitstrip
