#include "check/staged_identity.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "elf/elf_edit.h"
#include "elf/elf_file.h"
#include "elf/identity.h"
#include "facts/error.h"
#include "typedata/compress.h"
#include "typedata/read.h"

namespace splitstrip {
namespace {

using Bytes = std::vector<std::byte>;

// The section .gnu_typedata of `main` with another build-id inside; empty where there is none, or
// one that is not main's own: that stays as it is.
std::string renamed_typedata(const ElfFile& main, const Bytes& wanted) {
  try {
    if (!find_typedata(main)) return {};
    const ElfFile object = open_typedata(main);
    const auto id = build_id(object);
    if (!id || id->bytes.size() != wanted.size()) return {};
    Bytes bytes(object.bytes().begin(), object.bytes().end());
    std::ranges::copy(wanted, bytes.begin() + static_cast<std::ptrdiff_t>(id->offset));
    return compress_typedata({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

void give_build_id(const std::filesystem::path& main,
                   const std::optional<std::filesystem::path>& debug, const std::string& build_id) {
  Bytes bytes;
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
  const std::string typedata = renamed_typedata(elf, bytes);
  ElfEdit edit(elf);
  edit.set_build_id(bytes);
  if (!typedata.empty())
    edit.put_section(
        {.name = std::string(typedata_section_name), .bytes = std::as_bytes(std::span(typedata))});
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
