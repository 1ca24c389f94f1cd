// Main keeps the original units and their strings, without lines, ranges and locations. Readers
// that find .debug_info in main do not look for the debug file, although that is whole.
#include "recipe/carry.h"
#include "recipe/make.h"

namespace splitstrip {

void make_kept_dwarf(const std::filesystem::path& unstripped, const Pair& pair,
                     const std::filesystem::path& scratch) {
  make_carrying({".debug_info", ".debug_abbrev", ".debug_str"}, unstripped, pair, scratch);
}

}  // namespace splitstrip
