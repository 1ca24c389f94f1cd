// libtypedata as a fuzz target: any bytes are taken as the object that .gnu_typedata holds (or as
// the packed stream), and everything that the C API can tell of it is asked for. With libFuzzer
// under the fuzz preset; library_mutate_test.cpp feeds it damaged objects.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "typedata/library/failure.h"
#include "typedata/library/handle.h"
#include "typedata/library/library_file.h"
#include "typedata/unpack.h"

namespace splitstrip::library {
namespace {

// Far below the real limits, so that an input that exhausts them does so soon.
constexpr UnpackLimits unpack_limits{.size = 8 << 20};
constexpr unsigned most_compared = 64;
constexpr typedata_type most_types = 20'000;

// What is told must be consistent in itself.
void require(bool holds) {
  if (!holds) std::abort();
}

DwarfSections sections_of(std::vector<std::byte> bytes) {
  if (bytes.size() < 4 || bytes[0] != std::byte{0x7f}) {
    bytes = unpack_typedata(bytes, "input", unpack_limits);
  }
  const ElfImage itself(read_from_memory(bytes), bytes.size(), "input", TYPEDATA_UNREADABLE);
  for (const ExportedSymbol& symbol : exported_symbols(read_symbols(itself))) {
    require(!symbol.name.empty());
  }
  return read_object(bytes, itself, "input");
}

void walk_type(const typedata* types, typedata_type type) {
  typedata_info info;
  if (!typedata_describe(types, type, &info)) {
    require(info.kind == TYPEDATA_KIND_VOID && *info.name == '\0');
    return;
  }
  require(std::strlen(info.name) < 1U << 30);
  std::vector<typedata_item> items(info.count < 100 ? info.count : 100);
  require(typedata_items(types, type, items.data(), items.size()) == info.count);
  for (const typedata_item& item : items) {
    typedata_info inner;
    typedata_describe(types, item.type, &inner);
    require(std::strlen(item.name) < 1U << 30);
  }
  const typedata_type stripped = typedata_strip(types, type, true);
  typedata_info bare;
  if (stripped != TYPEDATA_NONE) {
    require(typedata_describe(types, stripped, &bare));
    require(bare.kind != TYPEDATA_KIND_ALIAS && bare.kind != TYPEDATA_KIND_CONST);
  }
  char text[64];
  const std::size_t length = typedata_print(types, type, "name", text, sizeof text);
  require(std::strlen(text) == (length < sizeof text ? length : sizeof text - 1));
}

struct Walk {
  const typedata* types;
  std::vector<typedata_type> functions;
  std::vector<typedata_type> objects;
};

bool visit(void* context, const char* symbol, typedata_type type, bool function) {
  Walk& walk = *static_cast<Walk*>(context);
  auto& into = function ? walk.functions : walk.objects;
  if (into.size() < most_compared) into.push_back(type);
  if (into.size() % 8 == 0) {
    typedata_find_function(walk.types, symbol);
    typedata_find_object(walk.types, symbol);
  }
  return walk.functions.size() + walk.objects.size() < 2 * std::size_t{most_compared};
}

void compare(const typedata* types, const std::vector<typedata_type>& all) {
  char words[128];
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const unsigned flags : {0U, TYPEDATA_MACHINE_ONLY}) {
      typedata_compare(types, all[i], types, all[i], flags, words, sizeof words);
      typedata_compare(types, all[i], types, all[(i + 1) % all.size()], flags, words, sizeof words);
      require(std::strlen(words) < sizeof words);
    }
  }
}

}  // namespace
}  // namespace splitstrip::library

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace splitstrip::library;
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  typedata types;
  typedata_type end = 0;
  try {
    DwarfSections sections = sections_of({bytes, bytes + size});
    end = static_cast<typedata_type>(sections.info.size());
    types.library = std::make_unique<DwarfTypes>(std::move(sections), "input");
  } catch (const splitstrip::Error&) {
    return -1;  // refused: not worth keeping in a corpus
  }
  Walk walk{&types, {}, {}};
  typedata_each(&types, visit, &walk);
  for (typedata_type at = 0; at < end + 2 && at < most_types; ++at) walk_type(&types, at);
  typedata_find_type(&types, "a::list<a::more>");
  typedata_find_type(&types, "point");
  compare(&types, walk.functions);
  compare(&types, walk.objects);
  return 0;
}
