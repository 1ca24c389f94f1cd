#include "consumers/libffi/ifuncs.h"

#include <dlfcn.h>
#include <link.h>

namespace splitstrip::ffi {
namespace {

struct Gathering {
  const typedata* types;
  void* library;
  std::map<const void*, Chosen> chosen;
};

bool gather(void* context, const char* symbol, typedata_type type, bool is_function) {
  auto& [types, library, chosen] = *static_cast<Gathering*>(context);
  // One version of a name is as good as another here, and without one dlsym() finds the default.
  const std::string name(symbol, std::string(symbol).find('@'));
  if (!is_function) return true;
  const void* const address = dlsym(library, name.c_str());
  if (address == nullptr || typedata_function_at(types, address, nullptr) != TYPEDATA_NONE)
    return true;
  const auto [known, is_new] = chosen.try_emplace(address, Chosen{type, name});
  if (!is_new &&
      typedata_compare(types, known->second.type, types, type, 0, nullptr, 0) == TYPEDATA_HARMFUL)
    known->second.type = TYPEDATA_NONE;
  return true;
}

}  // namespace

std::map<const void*, Chosen> chosen_functions(const typedata* types, const void* within) {
  Dl_info info;
  void* map = nullptr;
  if (dladdr1(within, &info, &map, RTLD_DL_LINKMAP) == 0 || map == nullptr) return {};
  // What dlopen() gives, and dlsym() takes, is the link map.
  Gathering gathering{types, map, {}};
  typedata_each(types, gather, &gathering);
  std::erase_if(gathering.chosen,
                [](const auto& entry) { return entry.second.type == TYPEDATA_NONE; });
  return std::move(gathering.chosen);
}

}  // namespace splitstrip::ffi
