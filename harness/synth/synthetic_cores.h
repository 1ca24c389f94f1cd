// Core files in which every call of a library is in somebody's backtrace, although nothing ran.
//
//   const SyntheticCores cores = SyntheticCores::of("libfoo.so.1");   // unstripped
//   const auto files = cores.write(main, "/usr/lib64/libfoo.so.1", "cores");
//
// writes cores/process, a program of a few bytes that all of them claim to be of, and
// cores/core.0000 and so on:
//
//   gdb cores/process cores/core.0000 -ex 'thread apply all bt full'
//   eu-stack --core cores/core.0000 -e cores/process -i -s
//
// What such a core holds. The process has loaded one library, found through the dynamic linker's
// list as in any process, at synth::library_base; no C library, no vDSO. Each thread is one stack:
// frame 0 stands at an address where a line or a variable's location changes, each other one at the
// return address of a call (look it up at pc-1, as every unwinder does), up to twenty; the last
// one's return address is 0, or it is one that no frame can lie beneath. So every frame without
// exception is the library's, `pc - library_base` is its place in the library whichever core and
// thread it came up in, and except for frame 0 no two frames have the same place: it is what a fact
// should have for a key. cores/frames lists what there is, a frame a line:
//
//   core.0000 1000 3 0x1a2b call        core, thread id, level, place, top | call | outermost
//
// Locals and arguments hold small made-up numbers, the same for one place in every core. A core is
// the same, byte for byte, however the library was stripped: what its header says of sections is
// blank.
//
// The number of threads in a core is bounded, as the time of some consumers grows faster than
// linearly with it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "elf/elf_file.h"
#include "synth/architecture.h"
#include "synth/stacks.h"

namespace splitstrip {

class SyntheticCores {
 public:
  struct Options {
    synth::StackOptions stacks;
    std::size_t threads_per_core = 48;
  };

  // Lays the stacks for the library or program `unstripped`. Its DWARF, if there is any, says where
  // top frames are worth having. Throws Error: no ELF file, a machine that there are no stacks for
  // yet, no .eh_frame, no code.
  static SyntheticCores of(const ElfFile& unstripped, const Options& options);
  static SyntheticCores of(const std::filesystem::path& unstripped, const Options& options) {
    return of(ElfFile::open(unstripped), options);
  }
  static SyntheticCores of(const std::filesystem::path& unstripped) { return of(unstripped, {}); }

  // Writes the files into `directory`, which is created, and returns the cores. `main` is the
  // library as it is loaded; `library_path` is where consumers will find it, and
  // `seen_directory` where they will find `directory`. Throws Error.
  std::vector<std::filesystem::path> write(const std::filesystem::path& main,
                                           const std::filesystem::path& library_path,
                                           const std::filesystem::path& directory,
                                           const std::filesystem::path& seen_directory) const;

  const synth::Coverage& coverage() const { return stacks_.coverage; }
  const std::vector<synth::Stack>& stacks() const& { return stacks_.stacks; }
  const std::vector<synth::Stack>& stacks() const&& = delete;

  // Names in the directory.
  static constexpr const char* program_name = "process";
  static constexpr const char* list_name = "frames";
  std::vector<std::string> core_names() const;

 private:
  SyntheticCores(const synth::Architecture& machine, synth::Stacks stacks, std::size_t threads)
      : machine_(&machine), stacks_(std::move(stacks)), threads_per_core_(threads) {}

  const synth::Architecture* machine_;
  synth::Stacks stacks_;
  std::size_t threads_per_core_;
};

}  // namespace splitstrip
