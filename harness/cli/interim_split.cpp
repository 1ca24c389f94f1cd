// Stands in until split_command.cpp is here.
#include "cli/commands.h"
#include "facts/error.h"
#include "recipe/recipe.h"
#include "run/scratch.h"
namespace splitstrip {
void add_split_command(CLI::App& app) {
  auto* c = app.add_subcommand("split", "Split");
  static std::string file, out, recipe = "typedata";
  c->add_option("FILE", file)->required(); c->add_option("-o", out)->required(); c->add_option("--recipe", recipe);
  c->callback([] { auto* r = find_recipe(recipe); if (!r) throw Error("no recipe"); std::filesystem::create_directories(out); ScratchDirectory s; auto n = std::filesystem::path(file).filename(); Pair p{std::filesystem::path(out) / n, std::filesystem::path(out) / (n.string() + ".debug")}; r->make(file, p, s.path()); });
}
}
