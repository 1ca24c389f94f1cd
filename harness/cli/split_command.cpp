#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "cli/clean_end.h"
#include "cli/commands.h"
#include "cli/coverage_text.h"
#include "cli/roomy_heap.h"
#include "facts/error.h"
#include "recipe/input.h"
#include "recipe/recipe.h"
#include "recipe/typedata.h"
#include "run/scratch.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

struct Words {
  fs::path file;
  fs::path directory;
  std::string recipe = "typedata";
  bool all_names = false;
};

// Makes the directory if it is not there, and takes it away again unless it is kept.
class OutputDirectory {
 public:
  explicit OutputDirectory(fs::path path) : path_(std::move(path)) {
    std::error_code error;
    made_ = fs::create_directories(path_, error);
    if (error || !fs::is_directory(path_))
      throw Error::of("{}: cannot be made: {}; name another directory", path_.string(),
                      error ? error.message() : "it is not a directory");
  }
  ~OutputDirectory() {
    std::error_code none;
    if (made_) fs::remove(path_, none);  // only if nothing is in it
  }
  OutputDirectory(const OutputDirectory&) = delete;
  OutputDirectory& operator=(const OutputDirectory&) = delete;

 private:
  fs::path path_;
  bool made_ = false;
};

void split(const Words& words) {
  const std::optional<Recipe> recipe = find_recipe(words.recipe);
  if (!recipe)
    throw Error::of("--recipe {}: no such recipe; there are {}", words.recipe, recipe_names());
  make_heap_roomy();
  open_unstripped(words.file);  // before anything is made
  const fs::path name = fs::absolute(words.file).filename();
  const OutputDirectory output(words.directory);
  const Pair pair{words.directory / name, words.directory / (name.string() + ".debug")};
  for (const fs::path& written : {pair.main, pair.debug}) {
    std::error_code none;
    if (fs::equivalent(written, words.file, none))
      throw Error::of("{}: would be overwritten; name another directory than {}",
                      words.file.string(), words.directory.string());
  }
  std::optional<TypedataResult> typedata;
  {
    const ScratchDirectory scratch(words.directory);
    const CleanEnd clean_end(scratch.path());
    if (words.recipe == "typedata")
      typedata = make_typedata_pair(words.file, pair, scratch.path());
    else
      recipe->make(words.file, pair, scratch.path());
  }
  const std::uintmax_t main_bytes = fs::file_size(pair.main);
  fmt::print("{}  {}, main keeps {}\n{}  {}, debug file\n", pair.main.string(),
             size_text(main_bytes), recipe->keeps, pair.debug.string(),
             size_text(fs::file_size(pair.debug)));
  if (typedata) fmt::print("{}", coverage_text(*typedata, main_bytes, words.all_names));
}

}  // namespace

void add_split_command(CLI::App& app) {
  const auto words = std::make_shared<Words>();
  auto* command = app.add_subcommand(
      "split", "Strip an unstripped library or program into main and debug file");
  command->add_option("FILE", words->file, "The ELF file with all its DWARF; it is not changed")
      ->required();
  command
      ->add_option("-o,--output", words->directory,
                   "Directory for FILE's name and FILE's name with .debug; made if missing")
      ->type_name("DIR")
      ->required();
  command->add_option("--recipe", words->recipe, "How to strip: " + recipe_names())
      ->capture_default_str();
  command->add_flag("--untyped", words->all_names,
                    "Name every export that could not be typed, not only the first");
  command->footer("Example: splitstrip split build/libfoo.so.1 -o out");
  command->callback([words] { split(*words); });
}

}  // namespace splitstrip
