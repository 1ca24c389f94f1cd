#include "typedata/library/open.h"

#include <utility>

#include "typedata/library/debuginfo.h"
#include "typedata/library/failure.h"
#include "typedata/library/library_file.h"

namespace splitstrip::library {
namespace {

std::unique_ptr<typedata> open_image(const ElfImage& file, unsigned flags) {
  std::optional<DwarfSections> sections = read_typedata(file);
  if (!sections && (flags & TYPEDATA_OR_DEBUGINFO) != 0) sections = read_debuginfo(file);
  if (!sections) {
    throw Failure::of(
        TYPEDATA_ABSENT, "{}: carries no .gnu_typedata{}: add it with 'splitstrip embed'",
        file.name(),
        (flags & TYPEDATA_OR_DEBUGINFO) != 0 ? ", nor is its debuginfo installed" : "");
  }
  auto opened = std::make_unique<typedata>();
  opened->path = file.name();
  opened->library = std::make_unique<DwarfTypes>(std::move(*sections), file.name());
  return opened;
}

}  // namespace

std::unique_ptr<typedata> open_path(const std::string& path, unsigned flags) {
  return open_image(open_file(path), flags);
}

std::unique_ptr<typedata> open_loaded(const void* address, unsigned flags) {
  const auto module = LoadedModule::at(address);
  if (!module) {
    throw Failure::of(TYPEDATA_NOT_LOADED, "{}: no loaded library is at this address", address);
  }
  std::optional<Failure> first;
  bool replaced = false;
  for (const std::string& path : module->paths()) {
    try {
      ElfImage file = open_file(path);
      if (!module->is(file)) {
        replaced = true;
        continue;
      }
      auto opened = open_image(file, flags);
      opened->module = module;
      opened->symbols = read_symbols(file);
      return opened;
    } catch (const Failure& failure) {
      if (failure.status() != TYPEDATA_UNREADABLE) throw;
      if (!first) first = failure;
    }
  }
  if (replaced) {
    throw Failure::of(TYPEDATA_REPLACED,
                      "{}: the file is another one than was loaded: start the program again",
                      module->name());
  }
  if (first) throw *first;
  throw Failure::of(TYPEDATA_ABSENT, "{}: is no file, and carries no types", module->name());
}

}  // namespace splitstrip::library

const splitstrip::library::AddressTable* typedata::addresses() const {
  using namespace splitstrip::library;
  if (!module || !library) return nullptr;
  std::call_once(addresses_made_, [this] {
    // It may have been unloaded since.
    const auto now = LoadedModule::at(reinterpret_cast<const void*>(module->start()));
    if (!now || now->map() != module->map() || now->start() != module->start()) return;
    addresses_ = std::make_unique<AddressTable>(exported_symbols(symbols), *library, *module);
  });
  return addresses_.get();
}
