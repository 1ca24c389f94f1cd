#include "typedata/library/debuginfo_part.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <optional>

#include "elf/identity.h"
#include "typedata/build.h"

namespace splitstrip::library {
namespace {

// The debug file of a library, if it is installed.
std::optional<ElfFile> find_debug_file(const ElfFile& library, const char* root) {
  const auto id = build_id(library);
  if (!id || id->bytes.size() < 2) return std::nullopt;
  const auto path = std::filesystem::path(root) / build_id_file(id->hex());
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return std::nullopt;
  ElfFile file = ElfFile::open(path);
  const auto its = build_id(file);
  if (!its || its->hex() != id->hex() || !file.has_dwarf()) return std::nullopt;
  return file;
}

typedata_status read(const char* path, const char* root, unsigned char** object,
                     std::size_t* size) {
  const ElfFile library = ElfFile::open(path);
  std::optional<ElfFile> debug;
  if (!library.has_dwarf()) {
    debug = find_debug_file(library, root);
    if (!debug) return TYPEDATA_ABSENT;
  }
  // No threads: this is somebody else's process.
  const TypedataOptions options{.threads = 1, .places = {.directories = {root}, .sysroot = {}}};
  const std::string made = build_typedata(debug ? *debug : library, library, options).object;
  *object = static_cast<unsigned char*>(std::malloc(made.size()));
  if (*object == nullptr) throw std::bad_alloc();
  std::memcpy(*object, made.data(), made.size());
  *size = made.size();
  return TYPEDATA_OK;
}

}  // namespace
}  // namespace splitstrip::library

extern "C" __attribute__((visibility("default"))) typedata_status typedata_part_read_debuginfo(
    const char* library, const char* root, unsigned char** object, std::size_t* size,
    typedata_error* error) {
  try {
    return splitstrip::library::read(library, root, object, size);
  } catch (const std::exception& exception) {
    std::snprintf(error->message, sizeof error->message, "%s", exception.what());
    return TYPEDATA_DAMAGED;
  }
}
