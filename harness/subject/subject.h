// What is checked: an unstripped ELF and, if any, the program that exercises it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "subject/crash_cases.h"

namespace splitstrip {

// A program that exercises a subject's library (a fixture's driver), and where to look at it.
// With SPLITSTRIP_PAUSE=1 in its environment it prints "splitstrip: ready" from its deepest point,
// below frames of the library, and waits there to be looked at.
struct Driver {
  std::filesystem::path program;  // as built: linked with $ORIGIN/../lib, without DWARF
  std::vector<std::string> arguments;
  std::vector<std::string> break_functions;   // functions of the library to stop in
  std::vector<std::string> break_lines;       // FILE:LINE in the library's sources to stop at
  std::vector<std::string> finish_functions;  // functions whose returned value is asked for
  std::string step_from;                      // a function to single-step through by line, or empty
  bool memory_errors = false;                 // memcheck finds planted errors in it
};

// A .dwo file of split DWARF (DWARF 5, 3.1.2): its name as recorded in the skeleton unit and the
// directory from which a relative one counts, and where it lies.
struct DwoFile {
  std::filesystem::path recorded_name;
  std::filesystem::path recorded_directory;
  std::filesystem::path file;
};

struct Subject {
  std::string name;                  // a fixture's name, or the file's name; unique within a run
  std::filesystem::path unstripped;  // the ELF with all its DWARF; consumers never see it
  std::string file_name;        // under which the library is staged: its soname, or the file's name
  std::string build_id;         // lower-case hex
  bool object = false;          // ET_REL: not linked, as kernel modules are
  std::string machine;          // as `uname -m` says it: x86_64, aarch64, ...
  std::filesystem::path given;  // what the user named
  // What had to be done to get it, a line each: another way to join, a file that was copied.
  std::vector<std::string> notes;
  // The file that .gnu_debugaltlink of the unstripped ELF names (dwz multifile): its path as
  // recorded there, and where it lies. Staged with every pair.
  std::optional<std::filesystem::path> alt_recorded;
  std::optional<std::filesystem::path> alt_file;
  // Split DWARF: those of its .dwo files that are there, or the .dwp package that holds them all.
  // Staged with the debug file.
  std::vector<DwoFile> dwo_files;
  std::optional<std::filesystem::path> dwp_file;
  std::optional<Driver> driver;
  std::vector<CrashCase> crash_cases;  // a fixture's, sorted by name
};

}  // namespace splitstrip
