#include "consumers/valgrind/made_up_stacks.h"

#include <string>

#include <fmt/format.h>

#include "elf/elf_file.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "synth/stacks.h"
#include "synth/synthetic_cores.h"

namespace splitstrip {

MadeUpStacks write_made_up_stacks(const std::filesystem::path& unstripped,
                                  const std::filesystem::path& memory,
                                  const std::filesystem::path& list) {
  constexpr std::uint64_t page = 4096;
  const ElfFile elf = ElfFile::open(unstripped);
  if (elf.header().e_type == ET_EXEC)
    throw Error::of("{}: is loaded at fixed addresses; valgrind can be asked about the others",
                    unstripped.string());
  MadeUpStacks made;
  made.map_at = probe_library_base;
  made.load_base = probe_library_base;
  for (const auto& segment : elf.program_headers()) {
    if (segment.p_type != PT_LOAD) continue;
    made.load_base -= segment.p_vaddr / page * page;
    break;
  }
  const auto cores = SyntheticCores::of(unstripped);
  AtomicFile bytes(memory);
  std::string lines;
  std::uint64_t address = probe_stacks_base;
  for (const auto& stack : cores.stacks()) {
    const auto image = synth::lay_out(stack, address, made.load_base);
    bytes.write(image.bytes);
    address += image.bytes.size();
    const auto& thread = image.thread;
    lines += fmt::format("{:x} {:x} {:x}\n", thread.pc, thread.stack_pointer, thread.frame_pointer);
  }
  bytes.commit();
  write_file(list, lines);
  return made;
}

}  // namespace splitstrip
