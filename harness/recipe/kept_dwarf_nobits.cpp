// What `eu-strip --keep-section .debug_info …` makes: main has the units, and the debug file's own
// are hollow (SHT_NOBITS), so that not even a reader which finds it can use it.
#include "recipe/conventional.h"
#include "recipe/input.h"
#include "recipe/make.h"
#include "recipe/publish.h"
#include "run/scratch.h"

namespace splitstrip {

void make_kept_dwarf_nobits(const std::filesystem::path& unstripped, const Pair& pair,
                            const std::filesystem::path& scratch) {
  open_unstripped(unstripped);
  const ScratchDirectory own(scratch);
  ConventionalStrip strip(unstripped, pair.main.filename(), own.path(), find_strip_tool(),
                          {".debug_info", ".debug_abbrev", ".debug_str"});
  publish(strip.finish(), pair);
}

}  // namespace splitstrip
