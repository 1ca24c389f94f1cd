#include "typedata/object.h"

#include <array>
#include <string_view>
#include <vector>

#include <elf.h>

#include "elf/identity.h"

namespace splitstrip {
namespace {

// Appends numbers in the object's byte order.
class Output {
 public:
  Output(bool is_64, bool big_endian) : word_(is_64 ? 8 : 4), big_(big_endian) {}

  void number(std::uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) {
      bytes.push_back(static_cast<char>(value >> (8 * (big_ ? size - 1 - i : i)) & 0xff));
    }
  }
  void word(std::uint64_t value) { number(value, word_); }
  void align(std::size_t to) {
    while (bytes.size() % to != 0) bytes.push_back('\0');
  }

  std::string bytes;

 private:
  unsigned word_;
  bool big_;
};

struct Content {
  std::string_view name;
  std::uint32_t type;
  std::uint64_t flags;
  std::string bytes;
  std::uint64_t align;
  std::uint64_t entry_size;
};

std::string build_id_note(const ElfFile& like) {
  const auto id = build_id(like);
  if (!id) return {};
  Output note(like.is_64(), like.big_endian());
  note.number(4, 4);
  note.number(id->bytes.size(), 4);
  note.number(NT_GNU_BUILD_ID, 4);
  note.bytes.append("GNU\0", 4);
  note.bytes.append(reinterpret_cast<const char*>(id->bytes.data()), id->bytes.size());
  note.align(4);
  return note.bytes;
}

}  // namespace

std::string make_object(const ElfFile& like, const TypedataSections& sections) {
  std::vector<Content> contents;
  if (std::string note = build_id_note(like); !note.empty()) {
    contents.push_back({".note.gnu.build-id", SHT_NOTE, SHF_ALLOC, std::move(note), 4, 0});
  }
  contents.push_back({".debug_info", SHT_PROGBITS, 0, sections.info, 1, 0});
  contents.push_back({".debug_abbrev", SHT_PROGBITS, 0, sections.abbrev, 1, 0});
  contents.push_back({".debug_str", SHT_PROGBITS, SHF_MERGE | SHF_STRINGS, sections.str, 1, 1});
  std::string names(1, '\0');
  std::vector<std::size_t> name_offsets;
  auto name = [&](std::string_view text) {
    name_offsets.push_back(names.size());
    names.append(text).push_back('\0');
  };
  for (const Content& content : contents) name(content.name);
  name(".shstrtab");
  contents.push_back({".shstrtab", SHT_STRTAB, 0, names, 1, 0});

  const bool is_64 = like.is_64();
  const std::size_t header_size = is_64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
  const std::size_t entry_size = is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
  // Content first, so that the section headers, which look alike, stand together at the end.
  Output body(is_64, like.big_endian());
  body.bytes.assign(header_size, '\0');
  std::vector<std::size_t> offsets;
  for (const Content& content : contents) {
    body.align(content.align);
    offsets.push_back(body.bytes.size());
    body.bytes += content.bytes;
  }
  body.align(is_64 ? 8 : 4);
  const std::size_t table = body.bytes.size();
  body.bytes.append(entry_size, '\0');  // the null section
  for (std::size_t i = 0; i < contents.size(); ++i) {
    const Content& content = contents[i];
    body.number(name_offsets[i], 4);
    body.number(content.type, 4);
    body.word(content.flags);
    body.word(0);  // sh_addr
    body.word(offsets[i]);
    body.word(content.bytes.size());
    body.number(0, 4);  // sh_link
    body.number(0, 4);  // sh_info
    body.word(content.align);
    body.word(content.entry_size);
  }

  const GElf_Ehdr& model = like.header();
  Output header(is_64, like.big_endian());
  header.bytes.assign(ELFMAG, SELFMAG);
  header.bytes.push_back(static_cast<char>(is_64 ? ELFCLASS64 : ELFCLASS32));
  header.bytes.push_back(static_cast<char>(like.big_endian() ? ELFDATA2MSB : ELFDATA2LSB));
  header.bytes.push_back(EV_CURRENT);
  header.bytes.push_back(static_cast<char>(model.e_ident[EI_OSABI]));
  header.bytes.resize(EI_NIDENT, '\0');
  header.number(ET_REL, 2);
  header.number(model.e_machine, 2);
  header.number(EV_CURRENT, 4);
  header.word(0);  // e_entry
  header.word(0);  // e_phoff
  header.word(table);
  header.number(model.e_flags, 4);
  header.number(header_size, 2);
  header.number(0, 2);  // e_phentsize
  header.number(0, 2);  // e_phnum
  header.number(entry_size, 2);
  header.number(contents.size() + 1, 2);
  header.number(contents.size(), 2);  // e_shstrndx: the last one
  return header.bytes + body.bytes.substr(header_size);
}

}  // namespace splitstrip
