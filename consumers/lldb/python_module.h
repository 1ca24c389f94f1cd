// Where lldb's Python module lies, which lldb itself does not find everywhere: Debian's looks for
// it in a directory that is not there.
#pragma once

#include <filesystem>
#include <optional>

namespace splitstrip {

// The directory to put on PYTHONPATH for the Python inside `program`, an lldb: the one that holds
// lldb/__init__.py. Looked for beside the program (LLVM's own layout, which Debian keeps:
// PREFIX/lib/python3*/{dist,site}-packages). None if there is none.
std::optional<std::filesystem::path> lldb_python_directory(const std::filesystem::path& program);

}  // namespace splitstrip
