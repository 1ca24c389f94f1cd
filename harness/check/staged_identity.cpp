#include "check/staged_identity.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "elf/elf_edit.h"
#include "elf/elf_file.h"
#include "elf/identity.h"

namespace splitstrip {

void give_build_id(const std::filesystem::path& main,
                   const std::optional<std::filesystem::path>& debug, const std::string& build_id) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i + 1 < build_id.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(std::stoi(build_id.substr(i, 2), nullptr, 16)));
  std::uint32_t crc = 0;
  if (debug) {
    const ElfFile elf = ElfFile::open(*debug);
    ElfEdit edit(elf);
    edit.set_build_id(bytes);
    crc = debug_link_crc(edit.bytes());
    edit.write(*debug);
  }
  const ElfFile elf = ElfFile::open(main);
  ElfEdit edit(elf);
  edit.set_build_id(bytes);
  if (debug && debug_link(elf)) edit.set_debug_link_crc(crc);
  edit.write(main);
}

std::string debug_link_name(const std::filesystem::path& main) {
  const ElfFile elf = ElfFile::open(main);
  const auto link = debug_link(elf);
  return link ? std::string(link->file_name) : std::string();
}

std::string build_id_of(const std::filesystem::path& file) {
  const ElfFile elf = ElfFile::open(file);
  const auto id = build_id(elf);
  return id ? id->hex() : std::string();
}

}  // namespace splitstrip
