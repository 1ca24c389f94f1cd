// The core file of a driver at its deepest point, written once for each subject: it holds the
// process as it was, whichever recipe stripped the library.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "run/runner.h"
#include "run/stage.h"
#include "subject/subject.h"

namespace splitstrip {

// Queues gdb, which runs the driver of `stage` until it waits and writes the core to `file`.
// `done` is called on the loop's thread with why there is no core, or with an empty text.
// `stage` and `scratch` live until then.
void write_core(Runner& runner, const Stage& stage, const Driver& driver,
                const std::filesystem::path& driver_path, const std::filesystem::path& file,
                const std::filesystem::path& scratch, const Limits& limits,
                std::function<void(std::string)> done);

}  // namespace splitstrip
