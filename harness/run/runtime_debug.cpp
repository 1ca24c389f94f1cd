#include "run/runtime_debug.h"

#include <cstdint>
#include <cstring>
#include <string_view>

#include <elf.h>
#include <fmt/format.h>
#include <link.h>
#include <sys/auxv.h>

namespace splitstrip {
namespace {

// The notes are mapped, and as trustworthy as the code that runs.
std::string build_id_in(const char* notes, std::size_t size) {
  std::size_t at = 0;
  while (at + sizeof(ElfW(Nhdr)) <= size) {
    ElfW(Nhdr) header;
    std::memcpy(&header, notes + at, sizeof header);
    const std::size_t name = at + sizeof header;
    const std::size_t content = name + ((header.n_namesz + 3) & ~std::size_t{3});
    if (content + header.n_descsz > size) break;
    if (header.n_type == NT_GNU_BUILD_ID && header.n_namesz == sizeof ELF_NOTE_GNU &&
        std::memcmp(notes + name, ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) == 0) {
      std::string hex;
      for (std::size_t i = 0; i < header.n_descsz; ++i)
        hex += fmt::format("{:02x}", static_cast<unsigned char>(notes[content + i]));
      return hex;
    }
    at = content + ((header.n_descsz + 3) & ~std::size_t{3});
  }
  return {};
}

int visit(dl_phdr_info* module, std::size_t, void* out) {
  const std::string_view path = module->dlpi_name != nullptr ? module->dlpi_name : "";
  const bool is_linker = module->dlpi_addr != 0 && module->dlpi_addr == getauxval(AT_BASE);
  if (!is_linker && path.substr(path.rfind('/') + 1) != "libc.so.6") return 0;
  for (int i = 0; i < module->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = module->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    // Where the loader says that the segment is mapped: a number by nature.
    const auto* notes = reinterpret_cast<const char*>(  // NOLINT(performance-no-int-to-ptr)
        static_cast<std::uintptr_t>(module->dlpi_addr + segment.p_vaddr));
    const std::string id = build_id_in(notes, segment.p_memsz);
    if (!id.empty()) {
      static_cast<std::vector<std::string>*>(out)->push_back(id);
      break;
    }
  }
  return 0;
}

}  // namespace

std::vector<std::string> runtime_build_ids() {
  std::vector<std::string> ids;
  dl_iterate_phdr(visit, &ids);
  return ids;
}

}  // namespace splitstrip
