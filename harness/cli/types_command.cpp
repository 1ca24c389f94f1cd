#include "cli/commands.h"

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "typedata/types.h"

namespace splitstrip {

void add_types_command(CLI::App& app) {
  struct Options {
    std::filesystem::path file;
    TypesRequest request;
    std::string format = "c";
  };
  CLI::App* command = app.add_subcommand("types", "What a library carries in its .gnu_typedata");
  const auto options = std::make_shared<Options>();
  command->add_option("file", options->file, "A library that carries typedata")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("names", options->request.names,
                   "Only these functions, objects and types, and what they need")
      ->type_name("NAME");
  command
      ->add_option("--format", options->format,
                   "c: prototypes and types that a C compiler accepts; json: all that is known")
      ->check(CLI::IsMember({"c", "json"}))
      ->capture_default_str();
  command
      ->add_option("--extract", options->request.extract,
                   "Write the ELF object with the DWARF to OUT instead of printing")
      ->type_name("OUT");
  command->footer("Example: splitstrip types /usr/lib64/libnl-3.so.200 nl_socket_alloc");
  command->callback([options] {
    options->request.json = options->format == "json";
    show_types(options->file, options->request, std::cout);
  });
}

}  // namespace splitstrip
