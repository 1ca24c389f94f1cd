#include "subject/join.h"

#include <algorithm>
#include <optional>

#include "elf/elf_edit.h"
#include "elf/identity.h"
#include "elf/prelink.h"
#include "elf/same_build.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "facts/normalise.h"
#include "run/program.h"
#include "run/scratch.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

constexpr const char* typedata_section = ".gnu_typedata";

// eu-unstrip matches sections by their headers: it must have made the same loaded bytes.
void require_loaded_alike(const ElfFile& main, const ElfFile& joined) {
  for (const Section& section : main.sections()) {
    if (!section.allocated() || section.nobits()) continue;
    const Section* other = joined.section(section.name);
    if (other == nullptr || !std::ranges::equal(main.raw(section), joined.raw(*other)))
      throw Error::of(
          "{}: joined with its debug file, section {} is another one; do both come from the same "
          "build?",
          main.path().string(), section.name);
  }
}

std::string os_abi(const ElfFile& elf) {
  const unsigned abi = elf.header().e_ident[EI_OSABI];
  switch (abi) {
    case ELFOSABI_SYSV:
      return "System V";
    case ELFOSABI_GNU:
      return "GNU/Linux";
    case ELFOSABI_SOLARIS:
      return "Solaris";
    case ELFOSABI_FREEBSD:
      return "FreeBSD";
    default:
      return fmt::format("{}", abi);
  }
}

// Whether two files that are of one kind say different systems, which eu-unstrip refuses: the
// linker says GNU/Linux where there is an ifunc or a unique symbol, and some strips do not.
bool os_abi_alone_differs(const ElfFile& main, const ElfFile& debug) {
  const GElf_Ehdr& a = main.header();
  const GElf_Ehdr& b = debug.header();
  const bool differs =
      !std::equal(a.e_ident + EI_OSABI, a.e_ident + EI_NIDENT, b.e_ident + EI_OSABI);
  return differs && std::equal(a.e_ident, a.e_ident + EI_OSABI, b.e_ident) &&
         a.e_type == b.e_type && a.e_machine == b.e_machine;
}

// The system that main says, in place of the debug file's.
void restore_os_abi(const ElfFile& main, const fs::path& joined) {
  const ElfFile elf = ElfFile::open(joined);
  std::string bytes(reinterpret_cast<const char*>(elf.bytes().data()), elf.bytes().size());
  std::copy(main.header().e_ident + EI_OSABI, main.header().e_ident + EI_NIDENT,
            bytes.begin() + EI_OSABI);
  write_file(joined, bytes);
}

void remove(const fs::path& file, const char* section) {
  const ElfFile elf = ElfFile::open(file);
  ElfEdit edit(elf);
  if (edit.remove_section(section)) edit.write(file);
}

// Where `main` lies without what a split added: where it is, or a copy in `directory`.
fs::path plain_copy(const ElfFile& main, const fs::path& directory, bool changed) {
  const bool typed = main.section(typedata_section) != nullptr;
  if (!typed && !changed) return main.path();
  const fs::path plain = directory / "plain";
  write_file(plain, {reinterpret_cast<const char*>(main.bytes().data()), main.bytes().size()});
  if (typed) remove(plain, typedata_section);
  return plain;
}

// Runs eu-unstrip on `plain`, which is `main` or a copy.
void unstrip(const fs::path& main, const fs::path& plain, const fs::path& debug,
             const fs::path& output, bool force) {
  std::vector<std::string> argv{"eu-unstrip"};
  if (force) argv.emplace_back("--force");
  for (const fs::path& word :
       {fs::path("-o"), fs::absolute(output), fs::absolute(plain), fs::absolute(debug)})
    argv.push_back(word.string());
  const ProgramEnd end = Program::start(std::move(argv), "elfutils (Debian and Fedora)").wait();
  if (end.ok() && fs::exists(output)) return;
  const std::string reason = replace_path(end.reason(), plain.string(), main.string());
  throw Error::of("{}: cannot be joined with {}: {}; run eu-unstrip by hand to see more",
                  main.string(), debug.string(),
                  replace_path(reason, fs::absolute(output).string(), main.string()));
}

}  // namespace

bool alt_link_leads_to(const ElfFile& elf, const fs::path& common) {
  const auto link = alt_link(elf);
  std::error_code none;
  return link && fs::path(link->path).is_absolute() && fs::equivalent(link->path, common, none);
}

void write_with_alt_link(const ElfFile& elf, const fs::path& common, const fs::path& output) {
  const Section* section = elf.section(".gnu_debugaltlink");
  const auto link = alt_link(elf);
  if (section == nullptr || !link)
    throw Error::of("{}: has no .gnu_debugaltlink", elf.path().string());
  const std::string target = common.string();
  const auto id = elf.raw(*section).subspan(link->path.size() + 1);
  const auto* begin = reinterpret_cast<const std::byte*>(target.c_str());
  std::vector<std::byte> bytes(begin, begin + target.size() + 1);
  bytes.insert(bytes.end(), id.begin(), id.end());
  ElfEdit edit(elf);
  edit.put_section({.name = ".gnu_debugaltlink", .bytes = bytes});
  edit.write(output);
}

std::vector<std::string> join(const fs::path& main, const fs::path& debug, const fs::path& output,
                              const fs::path& scratch, const DebugPlaces& places) {
  const ElfFile main_elf = ElfFile::open(main);
  const ElfFile debug_elf = ElfFile::open(debug);
  require_same_build(main_elf, debug_elf);

  std::vector<std::string> notes;
  const std::optional<ElfFile> moved_back = without_prelink(main_elf);
  const ElfFile& base = moved_back ? *moved_back : main_elf;
  if (moved_back)
    notes.push_back(fmt::format("{}: is prelinked; that was undone, to the addresses of {}",
                                main.string(), debug.string()));
  const ScratchDirectory own(scratch);
  const fs::path plain = plain_copy(base, own.path(), moved_back.has_value());
  const bool force = os_abi_alone_differs(main_elf, debug_elf);
  unstrip(main, plain, debug, output, force);
  if (force) {
    restore_os_abi(main_elf, output);
    notes.push_back(
        fmt::format("{}: joined with eu-unstrip --force: its OS/ABI is {}, that of {} is {}",
                    main.string(), os_abi(main_elf), debug.string(), os_abi(debug_elf)));
  }
  require_loaded_alike(base, ElfFile::open(output));
  if (moved_back) remove(output, prelink_section);
  if (alt_link(debug_elf)) {
    const fs::path common = find_alt_file(debug_elf, places);
    if (!alt_link_leads_to(debug_elf, common))
      write_with_alt_link(ElfFile::open(output), common, output);
  }
  return notes;
}

}  // namespace splitstrip
