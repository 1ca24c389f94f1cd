#include <memory>

#include <fmt/format.h>

#include "cli/commands.h"
#include "subject/fixture.h"
#include "subject/variant_build.h"

namespace splitstrip {
namespace {

struct Words {
  std::vector<std::string> fixtures;
  std::string variants = "default";
  bool build = false;
  bool where = false;
  bool axes = false;
};

void print_axes() {
  for (const Axis& axis : all_axes())
    for (const Level& level : axis.levels)
      fmt::print("{:<13} {:<13} {}{}\n", &level == &axis.levels.front() ? axis.name : "",
                 level.word, level.means, &level == &axis.levels.front() ? " (base)" : "");
}

void list_variants(const Words& words) {
  if (words.axes) return print_axes();
  const std::vector<std::string> wanted = words.fixtures.empty() ? fixture_names() : words.fixtures;
  const std::vector<Form> forms = select_forms(fixture_forms(), wanted, words.variants);
  if (words.build) build_variants(forms);
  bool missing = false;
  for (const Form& form : forms) {
    const std::string why = words.build ? why_missing(form) : "";
    missing |= !why.empty();
    const std::string name = words.where ? form_directory(form).string() : form.name();
    fmt::print("{}{}{}\n", name, why.empty() ? "" : ": ", why);
  }
  if (missing) throw ExitCode{2};
}

}  // namespace

void add_variants_command(CLI::App& app) {
  auto words = std::make_shared<Words>();
  auto* command = app.add_subcommand(
      "variants", "List the forms of DWARF that fixtures are checked in, and build them");
  command->add_option("FIXTURE", words->fixtures, "Fixtures; all of them if none is named");
  command->add_option("--variants", words->variants, "none, default (pairwise), all, or one")
      ->capture_default_str();
  command->add_flag("--build", words->build, "Build what is missing");
  command->add_flag("--where", words->where, "Tell the directories instead of the names");
  command->add_flag("--axes", words->axes, "List the axes and the words of their levels instead");
  command->footer("Example: splitstrip variants types --variants all --build");
  command->callback([words] { list_variants(*words); });
}

}  // namespace splitstrip
