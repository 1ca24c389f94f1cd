// Lays a pair out as an installed system has it, and wraps commands so that they see it so.
//
//   $ROOT/lib/libfoo.so.1                          the pair's main
//   $ROOT/bin/driver                               the driver, if any
//   /usr/lib/debug/.build-id/xx/yyyy.debug         its debug file   (isolated)
//   $ROOT/debug/.build-id/xx/yyyy.debug            its debug file   (not isolated)
//   $ROOT/reference/lib, $ROOT/reference/debug     the conventional pair, for consumers that
//   compare two $ROOT/broken/lib, $ROOT/broken/debug           the pair with a planted ABI break
//   $ROOT/core                                     a core file of the driver
//
// Isolated: every command runs in a mount namespace of its own (a user namespace where the harness
// is not root), in which $ROOT is the same path for every pair and /usr/lib/debug holds nothing but
// this pair's files, so neither the system's own debug file of the same build-id nor any other
// pair's can answer. Where the machine allows no namespace the stage is a private directory, the
// pair has a build-id of its own in main and debug, and consumers are told of the debug directory.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "run/command.h"

namespace splitstrip {

// A library and the files that belong to it, on disk.
struct StageLibrary {
  std::filesystem::path main;
  std::optional<std::filesystem::path> debug;  // absent: withheld
};

struct StageContent {
  std::string file_name;  // name of the library in the stage
  std::string build_id;   // of main and debug, lower-case hex
  StageLibrary library;
  std::optional<std::filesystem::path> driver;
  std::optional<StageLibrary> reference;
  std::optional<StageLibrary> broken;
  std::optional<std::string> broken_build_id;
  std::optional<std::filesystem::path> core;
  // dwz's common file: the path recorded in .gnu_debugaltlink, and where it lies. Withheld with the
  // debug file.
  std::optional<std::filesystem::path> alt_recorded;
  std::optional<std::filesystem::path> alt_file;
};

class Stage {
 public:
  // Builds the tree below `directory` (which is created) out of hard links or copies; the originals
  // are never changed. `root` is the path under which an isolated command sees it; it is created.
  // Throws Error.
  Stage(const StageContent& content, const std::filesystem::path& directory,
        const std::filesystem::path& root);

  bool isolated() const;
  // The paths below are as a command that runs in the stage sees them.
  const std::filesystem::path& root() const;
  const std::filesystem::path& debug_root() const;

 private:
  friend class Runner;
  std::filesystem::path directory_;
  std::filesystem::path root_;
  std::filesystem::path debug_root_;
  bool isolated_ = false;
};

// Whether this machine lets the harness make mount namespaces; asked once.
// If not, `why` (if given) says so in words.
bool can_isolate(std::string* why = nullptr);

}  // namespace splitstrip
