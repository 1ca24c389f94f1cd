#include "subject/from_file.h"

#include <algorithm>
#include <utility>

#include "elf/identity.h"
#include "elf/object_file.h"
#include "elf/same_build.h"
#include "facts/error.h"
#include "facts/normalise.h"
#include "recipe/debug_file.h"
#include "subject/describe.h"
#include "subject/join.h"
#include "subject/object_file.h"

namespace splitstrip {

namespace fs = std::filesystem;

SubjectFiles::SubjectFiles(const DebugSources& sources, bool alone)
    : places_(sources.places), alone_(alone) {
  for (const fs::path& file : sources.files)
    files_.push_back({open_debug_file(places_.named(file)), false});
}

fs::path SubjectFiles::named(const fs::path& given) const {
  return places_.named(given);
}

Subject SubjectFiles::subject(const fs::path& given, const fs::path& scratch) {
  const ElfFile elf = ElfFile::open(named(given));
  require_strippable(elf);
  return elf.has_dwarf() || elf.is_debug_file() ? unstripped(elf, given, scratch)
                                                : joined(elf, given, scratch);
}

// That of `files_` which belongs to `main`.
const SubjectFiles::DebugFile* SubjectFiles::named_debug_file(const ElfFile& main) {
  const auto found = std::ranges::find_if(
      files_, [&](const DebugFile& file) { return !build_mismatch(main, file.elf); });
  if (found == files_.end()) return nullptr;
  found->used = true;
  return &*found;
}

fs::path SubjectFiles::debug_file(const ElfFile& main) {
  if (const DebugFile* file = named_debug_file(main)) return file->elf.path();
  if (alone_ && !files_.empty()) require_same_build(main, files_.front().elf);
  return require_debug_file(main, places_);
}

Subject SubjectFiles::unstripped(const ElfFile& elf, const fs::path& given,
                                 const fs::path& scratch) {
  if (const DebugFile* file = elf.is_debug_file() ? nullptr : named_debug_file(elf))
    throw Error::of("{}: is not stripped, its DWARF is in it; leave --debug {} out", given.string(),
                    file->elf.path().string());
  fs::path whole = elf.path();
  // What strips it looks for dwz's common file where the link leads to, or where the system has it.
  if (alt_link(elf)) {
    const fs::path common = find_alt_file(elf, places_);
    std::error_code none;
    const bool usual =
        fs::path(alt_link(elf)->path).is_relative() &&
        fs::equivalent(fs::canonical(elf.path()).parent_path() / alt_link(elf)->path, common, none);
    if (!usual && !alt_link_leads_to(elf, common)) {
      fs::create_directories(scratch);
      whole = scratch / elf.path().filename();
      write_with_alt_link(elf, common, whole);
    }
  }
  return described(whole, given, scratch, {elf.path()});
}

Subject SubjectFiles::joined(const ElfFile& main, const fs::path& given, const fs::path& scratch) {
  const fs::path debug = debug_file(main);
  fs::create_directories(scratch);
  const fs::path output = scratch / fs::canonical(main.path()).filename();
  const auto notes = join(main.path(), debug, output, scratch, places_);
  Subject subject = described(output, given, scratch, {main.path(), debug});
  subject.notes.insert(subject.notes.begin(), notes.begin(), notes.end());
  return subject;
}

// `whole` has all its DWARF and was made of other files; messages name `given`.
Subject SubjectFiles::described(fs::path whole, const fs::path& given, const fs::path& scratch,
                                const std::vector<fs::path>& made_of) {
  std::vector<std::string> notes;
  try {
    const ElfFile elf = ElfFile::open(whole);
    if (is_object(elf) && !build_id(elf)) {
      fs::create_directories(scratch / "with-build-id");
      whole = scratch / "with-build-id" / whole.filename();
      write_with_build_id(elf, whole);
      notes.push_back(fmt::format(
          "{}: is an object file without a build-id; a copy with one is checked", given.string()));
    }
    Subject subject = describe_unstripped(whole, given, places_, made_of);
    subject.notes = std::move(notes);
    return subject;
  } catch (const Error& error) {
    throw Error(replace_path(error.what(), whole.string(), given.string()));
  }
}

void SubjectFiles::require_all_used() const {
  for (const DebugFile& file : files_) {
    if (file.used) continue;
    const auto id = build_id(file.elf);
    throw Error::of(
        "--debug {}: is the debug file of none of the libraries named{}; take both from the same "
        "build",
        file.elf.path().string(), id ? fmt::format(" (build-id {})", id->hex()) : "");
  }
}

}  // namespace splitstrip
