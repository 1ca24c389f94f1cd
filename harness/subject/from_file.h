// Subjects made of files that the user named.
#pragma once

#include <filesystem>
#include <vector>

#include "elf/elf_file.h"
#include "subject/resolve.h"
#include "subject/subject.h"

namespace splitstrip {

class SubjectFiles {
 public:
  // `alone`: one subject is asked for. Throws Error for a debug file that is none.
  SubjectFiles(const DebugSources& sources, bool alone);

  // The file that is meant by `given`; see DebugPlaces.
  std::filesystem::path named(const std::filesystem::path& given) const;

  // Unstripped: as it is. Stripped: joined with its debug file, in `scratch`, which is made. Throws
  // Error.
  Subject subject(const std::filesystem::path& given, const std::filesystem::path& scratch);

  // Throws Error for a debug file that belongs to none of the subjects made.
  void require_all_used() const;

 private:
  struct DebugFile {
    ElfFile elf;
    bool used = false;
  };

  const DebugFile* named_debug_file(const ElfFile& main);
  std::filesystem::path debug_file(const ElfFile& main);
  Subject unstripped(const ElfFile& elf, const std::filesystem::path& given,
                     const std::filesystem::path& scratch);
  Subject joined(const ElfFile& main, const std::filesystem::path& given,
                 const std::filesystem::path& scratch);
  Subject described(std::filesystem::path whole, const std::filesystem::path& given,
                    const std::filesystem::path& scratch,
                    const std::vector<std::filesystem::path>& made_of);

  DebugPlaces places_;
  std::vector<DebugFile> files_;
  bool alone_;
};

}  // namespace splitstrip
