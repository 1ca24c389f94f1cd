#include <csignal>
#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/coverage_text.h"
#include "cli/debug_words.h"
#include "recipe/debug_file.h"
#include "recipe/embed.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

struct Words {
  fs::path main;
  fs::path debug;
  DebugWords where;
  fs::path output;
  bool all_names = false;
};

void embed(const Words& words) {
  const DebugPlaces places = words.where.places();
  const fs::path main = places.named(words.main);
  const fs::path& output = words.output.empty() ? main : words.output;
  std::signal(SIGXFSZ, SIG_IGN);  // a write beyond `ulimit -f` is then an error with a message
  // One file, without a name until it is whole (facts/atomic_file.h): nothing to clean up if the
  // program is interrupted.
  const Embedded result =
      embed_typedata(main,
                     words.debug.empty() ? require_debug_file(ElfFile::open(main), places)
                                         : places.named(words.debug),
                     output, places);
  const std::uintmax_t bytes = fs::file_size(output);
  fmt::print("{}  {}{}\n{}", output.string(), size_text(bytes),
             result.replaced ? ", its .gnu_typedata replaced" : "",
             coverage_text(result.typedata, bytes, words.all_names));
  if (result.other_names != 0)
    fmt::print("  {} other {} of this file {} the old content\n", result.other_names,
               result.other_names == 1 ? "name (hard link)" : "names (hard links)",
               result.other_names == 1 ? "keeps" : "keep");
}

}  // namespace

void add_embed_command(CLI::App& app) {
  const auto words = std::make_shared<Words>();
  auto* command = app.add_subcommand(
      "embed", "Add the types of its exported interface to a library that is stripped already");
  command->add_option("MAIN", words->main, "The stripped library or program")->required();
  command
      ->add_option("--debug", words->debug,
                   "Its debug file, of the same build; it is not changed. Without it, the one that "
                   "is installed, or found in --debug-dir or --sysroot")
      ->type_name("FILE");
  words->where.add_options(*command);
  command
      ->add_option("-o,--output", words->output,
                   "Where to write main with its types; without it, MAIN is replaced")
      ->type_name("OUT");
  command->add_flag("--untyped", words->all_names,
                    "Name every export that could not be typed, not only the first");
  command->footer(
      "Example: splitstrip embed /usr/lib64/libfoo.so.1 --debug libfoo.so.1.debug\n"
      "         splitstrip embed tree/usr/lib64/libfoo.so.1 --sysroot tree -o libfoo.so.1");
  command->callback([words] { embed(*words); });
}

}  // namespace splitstrip
