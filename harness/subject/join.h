// Puts a stripped library and its debug file together again.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "elf/debug_files.h"

namespace splitstrip {

// Writes to `output` the unstripped ELF of which `main` and `debug` were made (eu-unstrip, of
// elfutils). All that is loaded is as in main; sections that only a split adds (.gnu_typedata) are
// left out. A link to dwz's common file that leads elsewhere from there is made absolute. `scratch`
// exists. Returns what had to be done besides, a line each. Throws Error, which names `main`, if
// the two do not belong together.
std::vector<std::string> join(const std::filesystem::path& main, const std::filesystem::path& debug,
                              const std::filesystem::path& output,
                              const std::filesystem::path& scratch, const DebugPlaces& places = {});

// Whether the link of `elf` to dwz's common file leads to `common` wherever `elf` lies.
bool alt_link_leads_to(const ElfFile& elf, const std::filesystem::path& common);

// Writes `elf` to `output`, with its link to dwz's common file leading to `common`, an absolute
// path; `output` may be where `elf` lies.
void write_with_alt_link(const ElfFile& elf, const std::filesystem::path& common,
                         const std::filesystem::path& output);

}  // namespace splitstrip
