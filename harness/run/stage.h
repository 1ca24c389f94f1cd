// Lays a pair out as an installed system has it, and wraps commands so that they see it so.
//
//   $ROOT/lib/libfoo.so.1                          the pair's main
//   $ROOT/bin/driver                               the driver, if any
//   /usr/lib/debug/.build-id/xx/yyyy.debug         its debug file   (isolated)
//   $ROOT/debug/.build-id/xx/yyyy.debug            its debug file   (not isolated)
//   $ROOT/lib/LINK, $ROOT/lib/.debug/LINK, /usr/lib/debug/$ROOT/lib/LINK
//                                                  instead, where it is to be found in another way
//   $ROOT/reference/lib, $ROOT/reference/debug     the conventional pair, to compare with
//   $ROOT/broken/lib, $ROOT/broken/debug           the pair with a planted ABI break
//   $ROOT/core                                     a core file of the driver
//   $ROOT/synthetic/                               cores of made-up stacks
//
// Isolated: every command runs in a mount namespace of its own (a user namespace where the harness
// is not root), in which $ROOT is the same path for every pair and /usr/lib/debug holds nothing but
// this pair's files, so neither the system's own debug file of the same build-id nor any other
// pair's can answer. Two files of the machine's own stay visible there, if it has them: the debug
// files of its dynamic linker and libc, without which valgrind does not start. $ROOT and the debug
// directory are read-only there. /usr/local/lib/debug, where a consumer built by hand looks, is
// treated like /usr/lib/debug. (What else consumers search lies in the environment, which
// run/environment.h cleans: DEBUGINFOD_URLS, ~/.cache/debuginfod_client, ~/.debug.)
//
// Where the machine allows no namespace the stage is a private directory: $ROOT is `directory`
// itself, consumers are told of the debug directory, the debug file (if it is to be found by its
// build-id) lies a second time in lib/.debug/ for those who cannot be told, and the pair has a
// build-id of its own in main and debug, so that what the machine has in /usr/lib/debug does not
// fit it. The environment variable SPLITSTRIP_NO_NAMESPACE=1 asks for this everywhere.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "run/found_by.h"
#include "run/mount.h"

namespace splitstrip {

// Below $ROOT.
inline constexpr const char* synthetic_directory = "synthetic";

// A library and the files that belong to it, on disk.
struct StageLibrary {
  std::filesystem::path main;
  std::optional<std::filesystem::path> debug;  // absent: withheld
};

// A .dwo file of split DWARF: the name recorded in the skeleton unit, the directory from which a
// relative one counts, and where the file lies.
struct StageDwo {
  std::filesystem::path recorded_name;
  std::filesystem::path recorded_directory;
  std::filesystem::path file;
};

struct StageContent {
  std::string file_name;  // name of the library in the stage
  std::string build_id;   // of main and debug, lower-case hex
  StageLibrary library;
  // How its debug file is to be found, and that of `broken`; the reference's is always found by
  // build-id. A debug file for debuginfod is laid into served(), where no command looks.
  FoundBy found_by = FoundBy::build_id;
  std::optional<std::filesystem::path> driver;
  std::optional<StageLibrary> reference;
  std::optional<StageLibrary> broken;
  std::optional<std::string> broken_build_id;
  std::optional<std::filesystem::path> core;
  // dwz's common file: the path recorded in .gnu_debugaltlink, and where it lies. Withheld with the
  // debug file. A path below /usr/lib/debug, or a relative one, is staged so that the debug file's
  // record leads there; another absolute path is the machine's own and left to it.
  std::optional<std::filesystem::path> alt_recorded;
  std::optional<std::filesystem::path> alt_file;
  // Lower-case hex: by this one alt_file is found where alt_recorded is relative and the debug file
  // lies somewhere else than it says. Empty: it has none.
  std::string alt_build_id;
  // Split DWARF. Withheld with the debug file, whose skeleton units name them. A .dwo file lies
  // wherever a consumer looks: beside the debug file (elfutils), below the debug directory (gdb),
  // and where the record leads if that is below /usr/lib/debug; what is recorded elsewhere is the
  // machine's own and left to it, too. The package lies beside the library and
  // the debug file, under the name of either.
  std::vector<StageDwo> dwo_files;
  std::optional<std::filesystem::path> dwp_file;
  // Name in .gnu_debuglink of main; empty: file_name + ".debug". The debug file's name in every way
  // but the first, and in that one if there is no build-id.
  std::string debuglink;
  // Writes core files into `directory`, which consumers see as `seen_directory`, of a process that
  // loaded `main`, which they see as `seen_main`. May be empty.
  std::function<void(const std::filesystem::path& main, const std::filesystem::path& seen_main,
                     const std::filesystem::path& directory,
                     const std::filesystem::path& seen_directory)>
      write_synthetic_cores;
  // Writes another build-id, lower-case hex of the same length, into copies of main and debug
  // (none: withheld), and into main's .gnu_debuglink the CRC that debug has then. Only called if
  // not isolated. Empty: the copies keep theirs, and what the machine has of the same build-id may
  // answer in their place.
  std::function<void(const std::filesystem::path& main,
                     const std::optional<std::filesystem::path>& debug,
                     const std::string& build_id)>
      set_build_id;
};

enum class Isolation { when_possible, never };

class Stage {
 public:
  // Builds the tree below `directory` (which is created) out of hard links or copies; the originals
  // are never changed. `root` is the path under which an isolated command sees it; it is created,
  // and nothing that commands need (scratch directories) may lie below it. Both are absolute. The
  // tree belongs to the caller, who removes it. Throws Error.
  Stage(const StageContent& content, const std::filesystem::path& directory,
        const std::filesystem::path& root, Isolation isolation = Isolation::when_possible);

  bool isolated() const { return isolated_; }
  // The paths below are as a command that runs in the stage sees them.
  const std::filesystem::path& root() const { return root_; }
  const std::filesystem::path& debug_root() const { return debug_root_; }
  // Of main and debug as staged: the content's, or the one that it got instead.
  const std::string& build_id() const { return build_id_; }

  // What debuginfod is to serve: the debug files of a pair that is found so, else nothing. As the
  // harness sees it.
  const std::filesystem::path& served() const { return served_; }
  // Of these the one of the library itself; none if it is withheld or found otherwise.
  const std::optional<std::filesystem::path>& served_debug() const { return served_debug_; }

  // What the runner has to mount for a command, in this order. Empty if not isolated.
  const std::vector<Mount>& mounts() const { return mounts_; }

 private:
  friend bool can_isolate(std::string* why);
  Stage() = default;

  std::filesystem::path root_;
  std::filesystem::path debug_root_;
  std::filesystem::path served_;
  std::optional<std::filesystem::path> served_debug_;
  std::string build_id_;
  std::vector<Mount> mounts_;
  bool isolated_ = false;
};

// Whether this machine lets the harness make mount namespaces; tried once.
// If not, `why` (if given) says so in words.
bool can_isolate(std::string* why = nullptr);

}  // namespace splitstrip
