#include "consumers/gdb/command.h"

#include "run/paths.h"

namespace splitstrip {

Command gdb_command(const Question& question, const std::filesystem::path& program,
                    const std::filesystem::path& parameters, std::vector<std::string> arguments) {
  Command command;
  command.argv = {program.string(), "-nx", "-nh", "-batch", "-q", "-iex", "set auto-load off",
                  // Threads race for which of two types of one name is found by it.
                  "-iex", "maint set worker-threads 0", "-iex",
                  "set debug-file-directory " + question.pair.debug_root.string(), "-x",
                  (data_directory("gdb-scripts") / "collect.py").string()};
  // By default it asks first, and asks nobody in batch mode.
  if (question.pair.found_by == FoundBy::debuginfod)
    command.argv.insert(command.argv.begin() + 1, {"-iex", "set debuginfod enabled on"});
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.environment = {{"DEBUGINFOD_URLS", ""}, {"SPLITSTRIP_PARAMETERS", parameters.string()}};
  command.answers = Channel::facts;
  return command;
}

}  // namespace splitstrip
