// The subcommands. Each adds itself to the application; its callback throws Error for what the user
// can mend, and leaves an exit code other than 0 by throwing ExitCode.
#pragma once

#include <CLI/CLI.hpp>

namespace splitstrip {

// Ends the program with `code` and no message.
struct ExitCode {
  int code;
};

void add_check_command(CLI::App& app);
void add_cores_command(CLI::App& app);
void add_doctor_command(CLI::App& app);
void add_embed_command(CLI::App& app);
void add_prove_command(CLI::App& app);
void add_split_command(CLI::App& app);
void add_types_command(CLI::App& app);
void add_variants_command(CLI::App& app);

}  // namespace splitstrip
