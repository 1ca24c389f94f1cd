#include "consumers/libdw/debug_file.h"

#include <cstdlib>
#include <memory>
#include <string>

#include <elfutils/libdwfl.h>
#include <fmt/format.h>

#include "elf/debug_files.h"
#include "elf/elf_file.h"
#include "elf/identity.h"
#include "facts/error.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

struct End {
  void operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }
};

// What libdwfl had from debuginfod it has by descriptor only; it lies in the client's cache under
// the build-id (debuginfod_find_debuginfo(3), "CACHE").
std::optional<fs::path> downloaded_debug_file(Dwfl_Module* module) {
  const char* cache = std::getenv("DEBUGINFOD_CACHE_PATH");
  const unsigned char* bits = nullptr;
  GElf_Addr address = 0;
  const int size = dwfl_module_build_id(module, &bits, &address);
  if (cache == nullptr || size <= 0) return std::nullopt;
  std::string id;
  for (int i = 0; i < size; ++i) id += fmt::format("{:02x}", bits[i]);
  const fs::path file = fs::path(cache) / id / "debuginfo";
  std::error_code none;
  // An empty file stands for one that the server did not have.
  if (!fs::is_regular_file(file, none) || fs::file_size(file, none) == 0) return std::nullopt;
  return file;
}

}  // namespace

std::optional<fs::path> find_debug_file(const fs::path& library, const fs::path& debug_root) {
  // "+" asks for the CRC of what a debug link leads to.
  std::string path = "+:.debug:" + debug_root.string();
  char* where = path.data();
  Dwfl_Callbacks callbacks{};
  callbacks.find_elf = dwfl_build_id_find_elf;
  callbacks.find_debuginfo = dwfl_standard_find_debuginfo;
  callbacks.section_address = dwfl_offline_section_address;
  callbacks.debuginfo_path = &where;
  const std::unique_ptr<Dwfl, End> dwfl(dwfl_begin(&callbacks));
  Dwfl_Module* module = nullptr;
  if (dwfl) {
    dwfl_report_begin(dwfl.get());
    module = dwfl_report_offline(dwfl.get(), library.c_str(), library.c_str(), -1);
    dwfl_report_end(dwfl.get(), nullptr, nullptr);
  }
  if (module == nullptr)
    throw Error::of("{}: libdwfl cannot read it: {}; give an ELF file", library.string(),
                    dwfl_errmsg(-1));
  Dwarf_Addr bias = 0;
  if (dwfl_module_getdwarf(module, &bias) == nullptr) return std::nullopt;
  const char* file = nullptr;
  dwfl_module_info(module, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, &file);
  if (file != nullptr) return fs::path(file);
  return downloaded_debug_file(module).value_or(library);
}

std::optional<fs::path> find_alt_file(const fs::path& debug, const fs::path& debug_root) {
  const ElfFile elf = ElfFile::open(debug);
  if (!alt_link(elf)) return std::nullopt;
  return find_alt_file(elf, DebugPlaces{.directories = {debug_root}, .sysroot = {}});
}

}  // namespace splitstrip
