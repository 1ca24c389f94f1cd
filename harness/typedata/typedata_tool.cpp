// For tests: what `splitstrip types` does, on any ELF with DWARF, and with assertions.
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "dwarf/debug_info.h"
#include "typedata/load.h"
#include "typedata/print_c.h"
#include "typedata/print_json.h"
#include "typedata/read.h"

namespace {

using namespace splitstrip;

int run(const std::vector<std::string>& arguments) {
  PrintCOptions options;
  bool json = false;
  std::vector<std::string> rest;
  for (const std::string& argument : arguments) {
    if (argument == "--assertions") {
      options.assertions = true;
    } else if (argument == "--json") {
      json = true;
    } else {
      rest.push_back(argument);
    }
  }
  if (rest.empty()) {
    std::cerr << "usage: typedata_tool [--assertions|--json] FILE [NAME...]\n";
    return 2;
  }
  ElfFile file = ElfFile::open(rest.front());
  const DebugInfo info(find_typedata(file) ? open_typedata(file) : std::move(file));
  const Interface interface = load_interface(info);
  const Selection selection = select(interface, {rest.begin() + 1, rest.end()}, rest.front());
  if (json) {
    print_json(interface, selection, std::cout);
  } else {
    print_c(interface, selection, rest.front(), std::cout, options);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
}
