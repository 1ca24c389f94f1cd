// The least of a kernel's build tree that satisfies stap's translator.
//
// `stap -r DIRECTORY` wants to know what the kernel can do before it looks at any probe, even in a
// process, and even if it is only to list them. It reads four small files and, for return probes,
// one symbol of the kernel's map. None of it reaches the answers about a library, so a machine
// without kernel headers, and any kernel at all, gives the same ones.
#pragma once

#include <filesystem>
#include <string>

namespace splitstrip {

// Writes the tree of kernel `release` ("6.1.0-18-amd64") to `directory`, which is created. Throws
// Error. stap takes any other release than the running one's for a kernel of another machine, and
// then runs nothing.
void write_kernel_tree(const std::filesystem::path& directory,
                       const std::string& release = "6.1.0");

}  // namespace splitstrip
