// The options that say where debug files are looked for, the same for every command that has them.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "elf/debug_files.h"

namespace splitstrip {

struct DebugWords {
  std::vector<std::string> directories;
  std::string sysroot;

  // Adds --debug-dir and --sysroot, which write to this object: it must outlive `command`.
  void add_options(CLI::App& command);

  // Throws Error for what is no directory.
  DebugPlaces places() const;
};

}  // namespace splitstrip
