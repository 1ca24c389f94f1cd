#include "typedata/library/loaded_module.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>

#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

namespace splitstrip::library {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// The path that the kernel has for the mapping at an address; empty if there is none. " (deleted)"
// is taken off: what is there now is compared with what is loaded anyway.
std::string mapped_path(std::uintptr_t address) {
  const std::unique_ptr<std::FILE, CloseFile> maps(std::fopen("/proc/self/maps", "re"));
  if (!maps) return {};
  char* line = nullptr;
  std::size_t capacity = 0;
  std::string path;
  for (ssize_t size; path.empty() && (size = ::getline(&line, &capacity, maps.get())) > 0;) {
    unsigned long long begin = 0;
    unsigned long long end = 0;
    int at = 0;
    if (std::sscanf(line, "%llx-%llx %*s %*s %*s %*s %n", &begin, &end, &at) < 2) continue;
    if (address < begin || address >= end) continue;
    if (at > 0 && line[at] == '/') {
      path.assign(line + at, static_cast<std::size_t>(size - at));
      if (path.ends_with('\n')) path.pop_back();
    }
    break;
  }
  std::free(line);
  constexpr std::string_view deleted = " (deleted)";
  if (path.ends_with(deleted)) path.resize(path.size() - deleted.size());
  return path;
}

// The program headers in memory, if its first page is the file's.
const ElfW(Ehdr) * header_at(std::uintptr_t start, std::uintptr_t end) {
  const auto* header = reinterpret_cast<const ElfW(Ehdr)*>(start);
  if (end - start < sizeof *header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
    return nullptr;
  }
  if (header->e_phentsize != sizeof(ElfW(Phdr)) || header->e_phoff > end - start ||
      header->e_phnum > (end - start - header->e_phoff) / sizeof(ElfW(Phdr))) {
    return nullptr;
  }
  return header;
}

}  // namespace

std::optional<LoadedModule> LoadedModule::at(const void* address) {
  LoadedModule module;
#if __GLIBC_PREREQ(2, 35)
  // Takes no lock, and knows the namespaces of dlmopen() too.
  dl_find_object found;
  if (::_dl_find_object(const_cast<void*>(address), &found) == 0) {
    module.start_ = reinterpret_cast<std::uintptr_t>(found.dlfo_map_start);
    module.end_ = reinterpret_cast<std::uintptr_t>(found.dlfo_map_end);
    module.map_ = found.dlfo_link_map;
    module.bias_ = module.map_ == nullptr ? 0 : module.map_->l_addr;
    return module;
  }
#endif
  Dl_info info;
  void* map = nullptr;
  if (::dladdr1(address, &info, &map, RTLD_DL_LINKMAP) == 0 || map == nullptr) return std::nullopt;
  module.map_ = static_cast<::link_map*>(map);
  module.start_ = reinterpret_cast<std::uintptr_t>(info.dli_fbase);
  module.bias_ = module.map_->l_addr;
  // How far it goes is told by its own headers.
  const std::uintptr_t page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  module.end_ = module.start_ + page;
  if (const auto* header = header_at(module.start_, module.end_)) {
    const auto* segments = reinterpret_cast<const ElfW(Phdr)*>(module.start_ + header->e_phoff);
    for (unsigned i = 0; i < header->e_phnum; ++i) {
      if (segments[i].p_type != PT_LOAD) continue;
      module.end_ = std::max<std::uintptr_t>(
          module.end_, module.bias_ + segments[i].p_vaddr + segments[i].p_memsz);
    }
  }
  return module;
}

std::vector<std::string> LoadedModule::paths() const {
  std::vector<std::string> all;
  const auto add = [&all](std::string path) {
    if (!path.empty() && std::find(all.begin(), all.end(), path) == all.end()) {
      all.push_back(std::move(path));
    }
  };
  const std::string told = map_ == nullptr || map_->l_name == nullptr ? "" : map_->l_name;
  // The vDSO has a name but is no file.
  if (told.find('/') != std::string::npos) add(told);
  add(mapped_path(start_));
  if (told.empty()) add("/proc/self/exe");
  return all;
}

std::string LoadedModule::name() const {
  if (map_ != nullptr && map_->l_name != nullptr && *map_->l_name != '\0') return map_->l_name;
  const auto all = paths();
  return all.empty() ? "the program" : all.front();
}

std::vector<std::byte> LoadedModule::build_id() const {
  const auto* header = header_at(start_, end_);
  if (header == nullptr) return {};
  const auto* segments = reinterpret_cast<const ElfW(Phdr)*>(start_ + header->e_phoff);
  for (unsigned i = 0; i < header->e_phnum; ++i) {
    const std::uintptr_t at = bias_ + segments[i].p_vaddr;
    const std::uintptr_t size = segments[i].p_memsz;
    if (segments[i].p_type != PT_NOTE || at < start_ || at > end_ || size > end_ - at) continue;
    const ByteSpan notes(reinterpret_cast<const std::byte*>(at), size);
    const ByteSpan id = build_id_in(notes, __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
    if (!id.empty()) return {id.begin(), id.end()};
  }
  return {};
}

bool LoadedModule::is(const ElfImage& file) const {
  const auto loaded = build_id();
  const auto on_disk = file.build_id();
  if (!loaded.empty() || !on_disk.empty()) return loaded == on_disk;
  // Its headers and symbols are in memory as they are in the file.
  const auto* header = header_at(start_, end_);
  if (header == nullptr) return false;
  const std::uint64_t headers = header->e_phoff + header->e_phnum * sizeof(ElfW(Phdr));
  if (!file.begins_with({reinterpret_cast<const std::byte*>(start_), headers})) return false;
  const ElfSection* names = file.section(".dynstr");
  if (names == nullptr || (names->flags & SHF_ALLOC) == 0) return true;
  const auto text = file.contents(*names);
  const std::uintptr_t at = bias_ + names->address;
  return at >= start_ && at <= end_ && text.size() <= end_ - at &&
         std::memcmp(reinterpret_cast<const void*>(at), text.data(), text.size()) == 0;
}

}  // namespace splitstrip::library
