// From what the user names to what is checked.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "elf/debug_files.h"
#include "subject/missing_fixtures.h"
#include "subject/subject.h"

namespace splitstrip {

// Where debug files of stripped subjects come from.
struct DebugSources {
  DebugPlaces places;
  // Debug files that the user named: each belongs to one of the subjects, by its build-id.
  std::vector<std::filesystem::path> files;
};

// Each word is a fixture's name, one of a variant (types@clang-O0), the word `fixtures` (all of
// them), an unstripped ELF, or a stripped ELF whose debug file `sources` has. A word without a
// slash is a fixture first. Stripped ones are joined again below `scratch`, which is created and
// has to live as long as the subjects. What is named twice is there once; names of different
// subjects differ. Throws Error, which names the word and what to do. A fixture stands for those of
// its forms that `variants` selects (variants/selection.h); they are built where they are missing.
// What cannot be built here goes to `left_out` with the reason.
std::vector<Subject> resolve_subjects(const std::vector<std::string>& words,
                                      const std::filesystem::path& scratch,
                                      const std::string& variants = "none",
                                      std::vector<LeftOut>* left_out = nullptr,
                                      const DebugSources& sources = {});

}  // namespace splitstrip
