#include "consumers/lldb/python_module.h"

#include <algorithm>
#include <string>
#include <vector>

namespace splitstrip {

namespace fs = std::filesystem;

std::optional<fs::path> lldb_python_directory(const fs::path& program) {
  std::error_code ignored;
  const fs::path prefix = fs::canonical(program, ignored).parent_path().parent_path();
  std::vector<fs::path> found;
  for (const char* library : {"lib", "lib64"}) {
    for (const auto& entry : fs::directory_iterator(prefix / library, ignored)) {
      if (!entry.path().filename().string().starts_with("python3")) continue;
      for (const char* packages : {"dist-packages", "site-packages"})
        if (fs::exists(entry.path() / packages / "lldb" / "__init__.py", ignored))
          found.push_back(entry.path() / packages);
    }
  }
  // A machine may have several Pythons; the newest is the one that the distribution builds with.
  if (found.empty()) return std::nullopt;
  return *std::max_element(found.begin(), found.end());
}

}  // namespace splitstrip
