#include "consumers/systemtap/kernel_tree.h"

#include <algorithm>
#include <fstream>
#include <string_view>

#include <fmt/format.h>

#include "facts/error.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& file, std::string_view text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw Error::of("{}: cannot be written; is the disk full?", file.string());
}

// The top of a kernel's Makefile: the release in parts, as far as it has them.
std::string makefile(std::string_view release) {
  std::string text;
  for (const char* part : {"VERSION", "PATCHLEVEL", "SUBLEVEL"}) {
    const auto end = std::min(release.find_first_not_of("0123456789"), release.size());
    text += fmt::format("{} = {}\n", part, release.substr(0, end));
    release.remove_prefix(end);
    if (release.starts_with('.')) release.remove_prefix(1);
  }
  return text + fmt::format("EXTRAVERSION = {}\n", release);
}

}  // namespace

void write_kernel_tree(const fs::path& directory, const std::string& release) {
  std::error_code failed;
  fs::create_directories(directory / "include" / "config", failed);
  if (failed) throw Error::of("{}: cannot be created: {}", directory.string(), failed.message());
  write(directory / ".config",
        "CONFIG_MODULES=y\n"
        "CONFIG_UPROBES=y\n"
        "CONFIG_ARCH_SUPPORTS_UPROBES=y\n"
        "CONFIG_TRACEPOINTS=y\n"
        "CONFIG_UPROBE_EVENTS=y\n");
  write(directory / "Module.symvers", "");
  write(directory / "Makefile", makefile(release));
  write(directory / "include" / "config" / "kernel.release", release + "\n");
  // Without this symbol stap takes the kernel for one that cannot probe returns (tapsets.cxx,
  // kernel_supports_inode_uretprobes).
  write(directory / "System.map",
        "ffffffff81000000 T _stext\n"
        "ffffffff81001000 T arch_uretprobe_hijack_return_addr\n");
}

}  // namespace splitstrip
