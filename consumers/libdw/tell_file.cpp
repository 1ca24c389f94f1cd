#include "consumers/libdw/tell_file.h"

#include <optional>

#include "consumers/libdw/debug_file.h"
#include "consumers/libdw/die_facts.h"
#include "consumers/libdw/line_facts.h"
#include "facts/error.h"

namespace splitstrip {

void tell(const DebugInfo& info, std::string_view query, FactSink& facts) {
  if (query == "dies") {
    add_die_facts(info.dwarf(), facts);
  } else if (query == "line-tables") {
    add_line_facts(info.dwarf(), facts);
  } else {
    throw Error::of("{}: no query of libdw; see splitstrip doctor", query);
  }
}

void tell_library(const std::filesystem::path& library, const std::filesystem::path& debug_root,
                  std::string_view query, FactSink& facts) {
  const auto debug = find_debug_file(library, debug_root);
  if (!debug) return;
  const DebugInfo info = DebugInfo::open(*debug);
  std::optional<DebugInfo> common;
  if (const auto alt = find_alt_file(*debug, debug_root)) {
    common = DebugInfo::open(*alt);
    dwarf_setalt(info.dwarf(), common->dwarf());
  }
  tell(info, query, facts);
}

}  // namespace splitstrip
