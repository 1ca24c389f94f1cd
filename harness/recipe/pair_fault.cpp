#include "recipe/pair_fault.h"

#include <algorithm>
#include <map>

#include "elf/identity.h"
#include "facts/error.h"

namespace splitstrip {

namespace {

bool same_bytes(const ElfFile& a, const Section& in_a, const ElfFile& b, const Section& in_b) {
  if (std::ranges::equal(a.raw(in_a), b.raw(in_b))) return true;
  // objcopy may compress in another way.
  if (!a.compressed(in_a) && !b.compressed(in_b)) return false;
  const SectionContents contents_a = a.contents(in_a);
  const SectionContents contents_b = b.contents(in_b);
  return std::ranges::equal(contents_a.bytes(), contents_b.bytes());
}

// Sections of one file by name, each handed out once: an object file has several of one name.
class Takings {
 public:
  explicit Takings(const ElfFile& elf) {
    for (const Section& section : elf.sections()) by_name_[section.name].push_back(&section);
  }
  // The next one of that name, or nullptr.
  const Section* next(std::string_view name) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return nullptr;
    std::size_t& used = used_[name];
    return used < found->second.size() ? found->second[used++] : nullptr;
  }

 private:
  std::map<std::string_view, std::vector<const Section*>> by_name_;
  std::map<std::string_view, std::size_t> used_;
};

bool is_dwarf(const Section& section) {
  return !section.allocated() && !section.nobits() &&
         (section.name.starts_with(".debug_") || section.name.starts_with(".zdebug_") ||
          section.name == ".gnu_debugaltlink");
}

bool has_code(const ElfFile& elf) {
  return std::ranges::any_of(elf.sections(), [](const Section& section) {
    return section.allocated() && (section.header.sh_flags & SHF_EXECINSTR) != 0 &&
           !section.nobits() && section.header.sh_size != 0;
  });
}

std::optional<std::string> header_fault(const ElfFile& original, const ElfFile& made) {
  const GElf_Ehdr& a = original.header();
  const GElf_Ehdr& b = made.header();
  if (!std::equal(a.e_ident, a.e_ident + EI_NIDENT, b.e_ident) || a.e_type != b.e_type ||
      a.e_machine != b.e_machine || a.e_flags != b.e_flags || a.e_entry != b.e_entry)
    return "has another ELF header";
  return std::nullopt;
}

std::optional<std::string> loaded_fault(const ElfFile& original, const ElfFile& main) {
  if (auto fault = header_fault(original, main)) return fault;
  const auto& segments = original.program_headers();
  const bool same = std::ranges::equal(
      segments, main.program_headers(), [](const GElf_Phdr& a, const GElf_Phdr& b) {
        return a.p_type == b.p_type && a.p_flags == b.p_flags && a.p_vaddr == b.p_vaddr &&
               a.p_filesz == b.p_filesz && a.p_memsz == b.p_memsz;
      });
  if (!same) return "has other segments";
  Takings takings(main);
  for (const Section& section : original.sections()) {
    if (!section.allocated()) continue;
    const Section* other = takings.next(section.name);
    if (other == nullptr || other->header.sh_addr != section.header.sh_addr ||
        other->nobits() != section.nobits() || !same_bytes(original, section, main, *other))
      return fmt::format("has another section {}", section.name);
  }
  return std::nullopt;
}

std::optional<std::string> debug_fault(const ElfFile& original, const ElfFile& debug,
                                       std::span<const std::string_view> kept) {
  if (auto fault = header_fault(original, debug)) return fault;
  if (has_code(debug)) return "holds the code";
  Takings takings(debug);
  for (const Section& section : original.sections()) {
    if (!is_dwarf(section) || std::ranges::find(kept, section.name) != kept.end()) continue;
    // A .zdebug_ section may be a compressed .debug_ one in there.
    const Section* other = takings.next(section.name);
    if (other == nullptr && section.name.starts_with(".z"))
      other = takings.next("." + std::string(section.name.substr(2)));
    if (other == nullptr || other->nobits() || !same_bytes(original, section, debug, *other))
      return fmt::format("has another section {}", section.name);
  }
  return std::nullopt;
}

std::optional<std::string> link_fault(const ElfFile& original, const ElfFile& main,
                                      const ElfFile& debug) {
  const auto id = build_id(original);
  for (const ElfFile* made : {&main, &debug}) {
    const auto its = build_id(*made);
    if (id.has_value() != its.has_value() || (id && id->hex() != its->hex()))
      return fmt::format("{} has another build-id", made == &main ? "main" : "the debug file");
  }
  const auto link = debug_link(main);
  if (!link || link->file_name != debug.path().filename().string() ||
      link->crc != debug_link_crc(debug.bytes()))
    return "main has no debug link that fits";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> pair_fault(const ElfFile& original, const Pair& pair,
                                      std::span<const std::string_view> kept) {
  std::error_code none;
  for (const auto& [file, what] : {std::pair(pair.main, "main"), {pair.debug, "debug file"}})
    if (!std::filesystem::exists(file, none)) return fmt::format("made no {}", what);
  try {
    const ElfFile main = ElfFile::open(pair.main);
    const ElfFile debug = ElfFile::open(pair.debug);
    if (const auto fault = loaded_fault(original, main)) return "wrote a main that " + *fault;
    if (const auto fault = debug_fault(original, debug, kept))
      return "wrote a debug file that " + *fault;
    if (const auto fault = link_fault(original, main, debug)) return "wrote garbage: " + *fault;
    return std::nullopt;
  } catch (const Error& error) {
    return fmt::format("wrote what cannot be read: {}", error.what());
  }
}

}  // namespace splitstrip
