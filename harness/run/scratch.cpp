#include "run/scratch.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>

#include "facts/error.h"

namespace splitstrip {

ScratchDirectory::ScratchDirectory(const std::filesystem::path& parent) {
  std::string name = (parent / ".splitstrip-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw Error::of("{}: no directory can be made in it: {}", parent.string(),
                    std::strerror(errno));
  path_ = name;
}

ScratchDirectory::ScratchDirectory() : ScratchDirectory(std::filesystem::temp_directory_path()) {}

ScratchDirectory::~ScratchDirectory() {
  std::error_code none;
  std::filesystem::remove_all(path_, none);
}

}  // namespace splitstrip
