// Main keeps abbreviations and strings that nothing refers to: not enough to answer from, but
// enough to make some readers believe that this file is the one with the DWARF.
#include "recipe/carry.h"
#include "recipe/make.h"

namespace splitstrip {

void make_leftover_strings(const std::filesystem::path& unstripped, const Pair& pair,
                           const std::filesystem::path& scratch) {
  make_carrying({".debug_str", ".debug_abbrev"}, unstripped, pair, scratch);
}

}  // namespace splitstrip
