#include "typedata/types.h"

#include <unordered_set>

#include "dwarf/debug_info.h"
#include "elf/elf_file.h"
#include "elf/symbols.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "typedata/load.h"
#include "typedata/print_c.h"
#include "typedata/print_json.h"
#include "typedata/read.h"

namespace splitstrip {
namespace {

// Typedata holds no locations; that an object is one of the thread is known from its symbol.
void mark_thread_local(Interface& interface, const ElfFile& main) {
  std::unordered_set<std::string_view> names;
  for (const Symbol& symbol : exported_symbols(main)) {
    if (symbol.type == STT_TLS) names.insert(symbol.name);
  }
  for (Object& object : interface.objects) {
    const std::string_view symbol = object.symbol();
    object.thread_local_storage = names.contains(symbol.substr(0, symbol.find('@')));
  }
}

}  // namespace

void show_types(const std::filesystem::path& main, const TypesRequest& request,
                std::ostream& output) {
  const ElfFile file = ElfFile::open(main);
  ElfFile object = open_typedata(file);
  if (!request.extract.empty()) {
    const auto bytes = object.bytes();
    write_file(request.extract, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    return;
  }
  const DebugInfo info(std::move(object));
  Interface interface = load_interface(info);
  mark_thread_local(interface, file);
  const Selection selection = select(interface, request.names, main.string());
  if (request.json) {
    print_json(interface, selection, output);
  } else {
    print_c(interface, selection, main.string(), output);
  }
  output.flush();
  if (!output) throw Error::of("standard output: cannot be written: is the disk full?");
}

}  // namespace splitstrip
