// The environment that every command gets.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace splitstrip {

// "NAME=value" strings. Nothing of the harness's own environment but PATH gets through: no locale,
// no LD_PRELOAD, no DEBUGINFOD_URLS, no PYTHONPATH changes an answer. HOME, TMPDIR and the cache
// directory are `scratch`, so that neither ~/.gdbinit nor a cached debug file is found. `own` comes
// on top and wins.
std::vector<std::string> command_environment(
    const std::filesystem::path& scratch,
    const std::vector<std::pair<std::string, std::string>>& own);

}  // namespace splitstrip
