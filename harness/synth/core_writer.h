// Writes a core file: notes for each thread, and memory.
//
// Sources: core(5), gABI (notes), Linux' fs/binfmt_elf.c for their order.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "synth/architecture.h"
#include "synth/process_image.h"

namespace splitstrip::synth {

// `threads` is not empty. `more` are segments besides the process's own, by address and above them.
// Throws Error if the file cannot be written.
void write_core(const std::filesystem::path& file, const Architecture& machine,
                const ProcessImage& process, std::span<const ThreadState> threads,
                std::span<const Segment> more);

}  // namespace splitstrip::synth
