#include "subject/object_file.h"

#include <charconv>
#include <string>
#include <vector>

#include "cache/sha256.h"
#include "elf/elf_edit.h"

namespace splitstrip {
namespace {

constexpr std::size_t id_size = 20;  // as a linker's sha1

void add_word(std::vector<std::byte>& note, std::uint32_t value, bool big_endian) {
  for (int i = 0; i < 4; ++i)
    note.push_back(static_cast<std::byte>(value >> 8 * (big_endian ? 3 - i : i)));
}

std::vector<std::byte> note_of(const ElfFile& object) {
  std::vector<std::byte> note;
  add_word(note, sizeof ELF_NOTE_GNU, object.big_endian());
  add_word(note, id_size, object.big_endian());
  add_word(note, NT_GNU_BUILD_ID, object.big_endian());
  for (const char letter : ELF_NOTE_GNU) note.push_back(static_cast<std::byte>(letter));
  const std::string hash = sha256_of_file(object.path());
  for (std::size_t i = 0; i < id_size; ++i) {
    unsigned value = 0;
    std::from_chars(hash.data() + 2 * i, hash.data() + 2 * i + 2, value, 16);
    note.push_back(static_cast<std::byte>(value));
  }
  return note;
}

}  // namespace

void write_with_build_id(const ElfFile& object, const std::filesystem::path& output) {
  const std::vector<std::byte> note = note_of(object);
  ElfEdit edit(object);
  edit.put_section({.name = ".note.gnu.build-id", .bytes = note, .type = SHT_NOTE, .alignment = 4});
  edit.write(output);
}

}  // namespace splitstrip
