#include "consumers/libffi/libraries.h"

#include <cstring>

#include <elf.h>
#include <link.h>

#include "consumers/libffi/say.h"

namespace splitstrip::ffi {
namespace {

bool holds(const dl_phdr_info& object, std::uintptr_t address) {
  for (int i = 0; i < object.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object.dlpi_phdr[i];
    const std::uintptr_t begin = object.dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD && address >= begin && address - begin < segment.p_memsz)
      return true;
  }
  return false;
}

// The build-id as it lies in memory, empty if there is none.
std::string build_id_in(const dl_phdr_info& object) {
  for (int i = 0; i < object.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object.dlpi_phdr[i];
    if (segment.p_type != PT_NOTE || segment.p_memsz > 65536) continue;
    if (!holds(object, object.dlpi_addr + segment.p_vaddr)) continue;
    const char* note = reinterpret_cast<const char*>(object.dlpi_addr + segment.p_vaddr);
    std::size_t left = segment.p_memsz;
    while (left >= sizeof(ElfW(Nhdr))) {
      ElfW(Nhdr) head;
      std::memcpy(&head, note, sizeof head);
      const std::size_t name = (std::size_t{head.n_namesz} + 3) & ~std::size_t{3};
      const std::size_t size = (std::size_t{head.n_descsz} + 3) & ~std::size_t{3};
      if (name + size > left - sizeof head) break;
      if (head.n_type == NT_GNU_BUILD_ID && head.n_namesz == 4 &&
          std::memcmp(note + sizeof head, "GNU", 4) == 0)
        return {note + sizeof head + name, head.n_descsz};
      note += sizeof head + name + size;
      left -= sizeof head + name + size;
    }
  }
  return {};
}

// Which library lies at an address: nothing if it cannot be told from another one there, later.
struct Sought {
  std::uintptr_t address;
  std::string identity;
};

int identify(dl_phdr_info* object, std::size_t, void* context) {
  Sought& sought = *static_cast<Sought*>(context);
  if (!holds(*object, sought.address)) return 0;
  const std::string id = build_id_in(*object);
  if (!id.empty()) sought.identity = std::to_string(object->dlpi_addr) + ':' + id;
  return 1;
}

std::string identity_at(const void* address) {
  Sought sought{reinterpret_cast<std::uintptr_t>(address), {}};
  dl_iterate_phdr(identify, &sought);
  return sought.identity;
}

int count_loads(dl_phdr_info* object, std::size_t, void* context) {
  *static_cast<Loads*>(context) = {object->dlpi_adds, object->dlpi_subs};
  return 1;
}

}  // namespace

Loads loads_so_far() {
  Loads loads;
  dl_iterate_phdr(count_loads, &loads);
  return loads;
}

void Libraries::revalidate() {
  std::erase_if(libraries_, [](const auto& entry) {
    const auto& [module, library] = entry;
    return library.identity.empty() || identity_at(library.address) != library.identity;
  });
}

Libraries::Library& Libraries::library_at(std::uintptr_t module, const void* address) {
  const auto known = libraries_.find(module);
  if (known != libraries_.end()) return known->second;
  typedata* types = nullptr;
  typedata_error error;
  const unsigned flags = or_debuginfo_ ? TYPEDATA_OR_DEBUGINFO : 0U;
  const typedata_status status = typedata_open_loaded(address, flags, &types, &error);
  if (status != TYPEDATA_OK && status != TYPEDATA_ABSENT && status != TYPEDATA_NOT_LOADED)
    say(std::string("calls are not checked: ") + error.message);
  return libraries_
      .emplace(module, Library{Typedata(status == TYPEDATA_OK ? types : nullptr),
                               identity_at(address), address})
      .first->second;
}

FoundFunction Libraries::find(const void* address) {
  FoundFunction found;
  const std::uintptr_t module = typedata_module(address);
  if (module == 0) return found;
  found.in_a_library = true;
  const Library& library = library_at(module, address);
  if (!library.types) return found;
  found.type = typedata_function_at(library.types.get(), address, &found.symbol);
  if (found.type != TYPEDATA_NONE) found.types = library.types.get();
  return found;
}

}  // namespace splitstrip::ffi
