#include "consumers/systemtap/kernel_tree.h"

#include <fstream>

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

}  // namespace

void write_kernel_tree(const fs::path& directory) {
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
  write(directory / "Makefile", "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\nEXTRAVERSION =\n");
  write(directory / "include" / "config" / "kernel.release", "6.1.0\n");
  // Without this symbol stap takes the kernel for one that cannot probe returns (tapsets.cxx,
  // kernel_supports_inode_uretprobes).
  write(directory / "System.map",
        "ffffffff81000000 T _stext\n"
        "ffffffff81001000 T arch_uretprobe_hijack_return_addr\n");
}

}  // namespace splitstrip
