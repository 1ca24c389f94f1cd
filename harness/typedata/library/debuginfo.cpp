#include "typedata/library/debuginfo.h"

#include <cstdlib>
#include <string>
#include <utility>

#include <dlfcn.h>

#include "typedata/library/debuginfo_part.h"
#include "typedata/library/failure.h"
#include "typedata/library/library_file.h"

namespace splitstrip::library {
namespace {

// Beside this library, wherever that was installed.
std::string part_path() {
  Dl_info self;
  if (::dladdr(reinterpret_cast<const void*>(&part_path), &self) == 0) return {};
  const std::string own = self.dli_fname;
  const std::size_t slash = own.rfind('/');
  return (slash == std::string::npos ? "" : own.substr(0, slash + 1)) + kDebuginfoPart;
}

DebuginfoReader* load_part(const std::string& library) {
  const std::string path = part_path();
  // Never unloaded: it is wanted again, and has threads and their storage in it.
  void* const part = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* const reader = part == nullptr ? nullptr : ::dlsym(part, kDebuginfoReader);
  if (reader == nullptr) {
    throw Failure::of(
        TYPEDATA_ABSENT,
        "{}: carries no .gnu_typedata, and what reads debuginfo cannot be loaded from "
        "{}: install it",
        library, path);
  }
  return reinterpret_cast<DebuginfoReader*>(reader);
}

}  // namespace

std::optional<DwarfSections> read_debuginfo(const ElfImage& library) {
  const char* const root = ::secure_getenv("TYPEDATA_DEBUG_ROOT");
  unsigned char* bytes = nullptr;
  std::size_t size = 0;
  typedata_error error{};
  const typedata_status status = load_part(library.name())(
      library.name().c_str(), root == nullptr ? "/usr/lib/debug" : root, &bytes, &size, &error);
  if (status == TYPEDATA_ABSENT) return std::nullopt;
  if (status != TYPEDATA_OK) throw Failure(status, error.message);
  const auto* begin = reinterpret_cast<const std::byte*>(bytes);
  std::vector<std::byte> object(begin, begin + size);
  std::free(bytes);
  return read_object(std::move(object), library, library.name() + ": its debuginfo");
}

}  // namespace splitstrip::library
