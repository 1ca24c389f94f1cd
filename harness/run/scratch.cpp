#include "run/scratch.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>

#include "facts/error.h"

namespace splitstrip {
namespace {

std::filesystem::path temporary() {
  std::error_code error;
  auto parent = std::filesystem::temp_directory_path(error);
  if (error)
    throw Error::of("TMPDIR: {}: {}; set it to a directory", std::getenv("TMPDIR"),
                    error.message());
  return parent;
}

}  // namespace

ScratchDirectory::ScratchDirectory(const std::filesystem::path& parent) {
  std::error_code error;
  const auto place = std::filesystem::canonical(parent, error);
  std::string name = (place / ".splitstrip-XXXXXX").string();
  if (error || mkdtemp(name.data()) == nullptr)
    throw Error::of("{}: no directory can be made in it: {}; set TMPDIR to another one",
                    parent.string(), error ? error.message() : std::strerror(errno));
  path_ = name;
}

ScratchDirectory::ScratchDirectory() : ScratchDirectory(temporary()) {}

ScratchDirectory::~ScratchDirectory() {
  if (kept_) return;
  std::error_code none;
  std::filesystem::remove_all(path_, none);
}

}  // namespace splitstrip
