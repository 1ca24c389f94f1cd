// What `splitstrip types` does.
#pragma once

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace splitstrip {

struct TypesRequest {
  std::vector<std::string> names{};  // all if empty
  bool json = false;
  std::filesystem::path extract{};  // write the object there instead of printing; empty: print
};

// Prints the typedata of `main` to `output`, or extracts it. Throws Error if main carries none, if
// it is damaged, if nothing bears one of the names, or if the output cannot be written; a file to
// extract to appears complete or not at all.
void show_types(const std::filesystem::path& main, const TypesRequest& request,
                std::ostream& output);

}  // namespace splitstrip
