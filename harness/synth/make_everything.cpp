#include "synth/make_everything.h"

#include "facts/error.h"
#include "synth/process_image.h"
#include "synth/synthetic_cores.h"

namespace splitstrip::synth {

bool make_everything(std::vector<std::byte> bytes) {
  try {
    const ElfFile elf = ElfFile::from_memory(std::move(bytes), "input");
    const auto cores = SyntheticCores::of(elf, {});
    const ProcessImage process(elf, "/lib/input", "/process",
                               *architecture_of(elf.header().e_machine));
    for (const Stack& stack : cores.stacks()) lay_out(stack, stacks_base, process.load_base());
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace splitstrip::synth
