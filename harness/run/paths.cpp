#include "run/paths.h"

#include "facts/error.h"

namespace splitstrip {

namespace fs = std::filesystem;

fs::path own_executable() {
  return fs::read_symlink("/proc/self/exe");
}

fs::path data_directory(const char* name) {
  const fs::path prefix = own_executable().parent_path().parent_path();
  for (const fs::path& base : {prefix / SPLITSTRIP_DATA_SUBDIR, fs::path(SPLITSTRIP_BUILD_DIR),
                               fs::path(SPLITSTRIP_SOURCE_DIR)}) {
    std::error_code none;
    if (fs::is_directory(base / name, none) && !fs::is_empty(base / name, none)) return base / name;
  }
  throw Error::of(
      "{}: no directory of that name beside the program; install splitstrip again, or build it",
      name);
}

fs::path helper_program(const char* name) {
  const fs::path prefix = own_executable().parent_path().parent_path();
  for (const fs::path& base :
       {prefix / SPLITSTRIP_HELPER_SUBDIR, fs::path(SPLITSTRIP_BUILD_DIR) / "libexec"}) {
    std::error_code none;
    if (fs::is_regular_file(base / name, none)) return base / name;
  }
  throw Error::of("{}: no helper program of that name; install splitstrip again, or build it",
                  name);
}

fs::path shared_library(const char* soname) {
  const fs::path prefix = own_executable().parent_path().parent_path();
  for (const fs::path& base : {prefix / SPLITSTRIP_LIBRARY_SUBDIR,
                               fs::path(SPLITSTRIP_BUILD_DIR) / "harness/typedata/library"}) {
    std::error_code none;
    if (fs::is_regular_file(base / soname, none)) return base / soname;
  }
  throw Error::of("{}: not where it belongs; install splitstrip again, or build it", soname);
}

}  // namespace splitstrip
