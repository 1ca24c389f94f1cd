#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "check/call_sites_info.h"
#include "cli/clean_end.h"
#include "cli/commands.h"
#include "facts/error.h"
#include "report/result_tables.h"
#include "run/scratch.h"
#include "subject/given_name.h"
#include "subject/resolve.h"
#include "synth/synthetic_cores.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

struct Words {
  std::string library;
  fs::path output;
  SyntheticCores::Options options;
};

SyntheticCores made_up_stacks(const Subject& subject, const SyntheticCores::Options& options) {
  try {
    return SyntheticCores::of(subject.unstripped, options);
  } catch (const Error& error) {
    throw Error(with_given_name(error.what(), subject));
  }
}

void make_cores(const Words& words) {
  const ScratchDirectory scratch;
  const CleanEnd clean_end(scratch.path());
  const Subject subject = resolve_subjects({words.library}, scratch.path() / "subjects").front();
  const fs::path library = fs::absolute(subject.given);
  const fs::path directory = fs::absolute(words.output).lexically_normal();
  const auto cores = made_up_stacks(subject, words.options);
  const auto files = cores.write(library, library, directory, directory);
  fmt::print("{}\n", call_sites_text(call_sites_info(cores.coverage())));
  fmt::print("{} {} in {}; what they hold is in {}\n", files.size(),
             files.size() == 1 ? "core" : "cores", directory.string(),
             (directory / SyntheticCores::list_name).string());
  fmt::print("gdb {} {}\n", (directory / SyntheticCores::program_name).string(),
             files.front().string());
}

}  // namespace

void add_cores_command(CLI::App& app) {
  const auto words = std::make_shared<Words>();
  auto* command = app.add_subcommand(
      "cores", "Write core files in which every call of a library is in a backtrace");
  command
      ->add_option("LIBRARY", words->library,
                   "An unstripped ELF, or a stripped one whose debug file is installed")
      ->required();
  command->add_option("-o,--output", words->output, "Directory that the cores go to")
      ->type_name("DIR")
      ->required();
  command->add_option("--threads", words->options.threads_per_core, "Threads in a core")
      ->capture_default_str()
      ->check(CLI::Range(1U, 1U << 20));
  command->add_option("--frames", words->options.stacks.frames_per_stack, "Calls in a thread")
      ->capture_default_str()
      ->check(CLI::Range(1U, 1U << 10));
  command->add_flag("--all-addresses", words->options.stacks.all_addresses,
                    "A thread for every address where a line or a variable's location changes");
  command->footer("Example: splitstrip cores /usr/lib64/libfoo.so.1 -o cores");
  command->callback([words] { make_cores(*words); });
}

}  // namespace splitstrip
