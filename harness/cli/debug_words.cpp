#include "cli/debug_words.h"

namespace splitstrip {

void DebugWords::add_options(CLI::App& command) {
  command
      .add_option("--debug-dir", directories,
                  "Look for debug files there first: laid out as /usr/lib/debug is, an unpacked "
                  "debuginfo package, or the files themselves; repeatable")
      ->type_name("DIR")
      ->allow_extra_args(false);
  command
      .add_option(
          "--sysroot", sysroot,
          "The tree that the library was unpacked to: its debug file is looked for in there "
          "and not in this system, and links lead to what the tree holds")
      ->type_name("DIR");
}

DebugPlaces DebugWords::places() const {
  return DebugPlaces::of({directories.begin(), directories.end()}, sysroot);
}

}  // namespace splitstrip
