#include "subject/join.h"

#include <algorithm>
#include <string>
#include <vector>

#include "elf/elf_edit.h"
#include "elf/identity.h"
#include "elf/same_build.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "run/program.h"
#include "run/scratch.h"
#include "subject/debug_files.h"

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

// An absolute link to the common file in place of a relative one.
void make_alt_link_absolute(const fs::path& joined, const ElfFile& debug) {
  const auto link = alt_link(debug);
  if (!link || fs::path(link->path).is_absolute()) return;
  const std::string target = find_alt_file(debug, debug_directory).string();
  const Section* section = debug.section(".gnu_debugaltlink");
  const auto id = debug.raw(*section).subspan(link->path.size() + 1);
  const auto* begin = reinterpret_cast<const std::byte*>(target.c_str());
  std::vector<std::byte> bytes(begin, begin + target.size() + 1);
  bytes.insert(bytes.end(), id.begin(), id.end());
  const ElfFile elf = ElfFile::open(joined);
  ElfEdit edit(elf);
  edit.put_section({.name = ".gnu_debugaltlink", .bytes = bytes});
  edit.write(joined);
}

}  // namespace

void join(const fs::path& main, const fs::path& debug, const fs::path& output,
          const fs::path& scratch) {
  const ElfFile main_elf = ElfFile::open(main);
  const ElfFile debug_elf = ElfFile::open(debug);
  require_same_build(main_elf, debug_elf);

  const ScratchDirectory own(scratch);
  fs::path plain = main;
  if (main_elf.section(typedata_section) != nullptr) {
    ElfEdit edit(main_elf);
    edit.remove_section(typedata_section);
    plain = own.path() / "plain";
    edit.write(plain);
  }
  const ProgramEnd end =
      Program::start({"eu-unstrip", "-o", fs::absolute(output).string(),
                      fs::absolute(plain).string(), fs::absolute(debug).string()},
                     "elfutils (Debian and Fedora)")
          .wait();
  if (!end.ok() || !fs::exists(output))
    throw Error::of("{}: cannot be joined with {}: {}; run eu-unstrip by hand to see more",
                    main.string(), debug.string(), end.reason());
  require_loaded_alike(main_elf, ElfFile::open(output));
  make_alt_link_absolute(output, debug_elf);
}

}  // namespace splitstrip
