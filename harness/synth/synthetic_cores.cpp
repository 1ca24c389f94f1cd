#include "synth/synthetic_cores.h"

#include <algorithm>
#include <iterator>
#include <system_error>

#include <elf.h>
#include <fmt/format.h>

#include "facts/atomic_file.h"
#include "facts/error.h"
#include "synth/call_sites.h"
#include "synth/changes.h"
#include "synth/core_writer.h"
#include "synth/process_image.h"

namespace splitstrip {

namespace fs = std::filesystem;
using namespace synth;

namespace {

constexpr std::uint32_t first_thread = 1000;

std::string core_name(std::size_t number) {
  return fmt::format("core.{:04}", number);
}

std::string_view to_string(Frame::Kind kind) {
  switch (kind) {
    case Frame::Kind::top:
      return "top";
    case Frame::Kind::call:
      return "call";
    case Frame::Kind::outermost:
      return "outermost";
  }
  return "";
}

}  // namespace

SyntheticCores SyntheticCores::of(const ElfFile& elf, const Options& options) {
  elf.require_linked();
  const Architecture* machine = architecture_of(elf.header().e_machine);
  if (machine == nullptr || !elf.is_64() || elf.big_endian())
    throw Error::of("{}: is for {}; synthetic cores can be made for {}", elf.path().string(),
                    elf.machine_name(), architecture_names());
  ProcessImage::check(elf);
  const UnwindTable unwind(elf, *machine);
  Stacks stacks = plan_stacks(find_calls(elf, *machine), function_starts(elf), find_changes(elf),
                              unwind, options.stacks);
  if (stacks.stacks.empty())
    throw Error::of(
        "{}: has no code that a thread could stand in, or .eh_frame says nothing of it; build it "
        "with -fasynchronous-unwind-tables",
        elf.path().string());
  return {*machine, std::move(stacks), std::max<std::size_t>(options.threads_per_core, 1)};
}

std::vector<std::string> SyntheticCores::core_names() const {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin < stacks_.stacks.size(); begin += threads_per_core_)
    names.push_back(core_name(names.size()));
  return names;
}

std::vector<fs::path> SyntheticCores::write(const fs::path& main, const fs::path& library_path,
                                            const fs::path& directory,
                                            const fs::path& seen_directory) const {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error)
    throw Error::of("{}: cannot be made: {}; name another directory", directory.string(),
                    error.message());
  const ElfFile library = ElfFile::open(main);
  const ProcessImage process(library, library_path, seen_directory / program_name, *machine_);
  write_file(directory / program_name, process.program(), 0777);

  std::vector<fs::path> files;
  std::string list;
  std::uint64_t address = stacks_base;
  std::uint32_t thread_id = first_thread;
  for (std::size_t begin = 0; begin < stacks_.stacks.size(); begin += threads_per_core_) {
    const std::size_t end = std::min(begin + threads_per_core_, stacks_.stacks.size());
    const std::string name = core_name(files.size());
    const std::uint32_t process_id = thread_id;
    std::vector<ThreadState> threads;
    Segment memory{address / page * page, 0, PF_R | PF_W, {}};
    memory.bytes.resize(address - memory.address);
    for (std::size_t number = begin; number < end; ++number) {
      const Stack& stack = stacks_.stacks[number];
      StackImage image = lay_out(stack, address, process.load_base());
      image.thread.thread_id = thread_id;
      image.thread.process_id = process_id;
      address += image.bytes.size();
      memory.bytes += image.bytes;
      threads.push_back(image.thread);
      for (std::size_t level = 0; level < stack.frames.size(); ++level)
        fmt::format_to(std::back_inserter(list), "{} {} {} {:#x} {}\n", name, thread_id, level,
                       stack.frames[level].address, to_string(stack.frames[level].kind));
      ++thread_id;
    }
    memory.bytes.resize((memory.bytes.size() + page - 1) / page * page);
    memory.size = memory.bytes.size();
    files.push_back(directory / name);
    write_core(files.back(), *machine_, process, threads, {&memory, 1});
  }
  write_file(directory / list_name, list);
  return files;
}

}  // namespace splitstrip
