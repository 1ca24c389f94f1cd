// How gdb is started to ask it something.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "consumers/consumer.h"

namespace splitstrip {

// gdb as it is without anybody's habits: no init files, no scripts that come with libraries, no
// debuginfod. `program` is the gdb, `parameters` the file that gdb_parameters() made, `arguments`
// name what is to be debugged. The answers come on the facts channel.
Command gdb_command(const Question& question, const std::filesystem::path& program,
                    const std::filesystem::path& parameters, std::vector<std::string> arguments);

}  // namespace splitstrip
