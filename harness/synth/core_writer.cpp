#include "synth/core_writer.h"

#include <string_view>

#include <elf.h>

#include "facts/atomic_file.h"
#include "synth/little_endian.h"

namespace splitstrip::synth {
namespace {

using namespace std::string_view_literals;

void add_note(LittleEndian& notes, std::uint32_t type, std::string_view descriptor) {
  constexpr auto name = "CORE\0"sv;
  notes.u32(name.size()).u32(descriptor.size()).u32(type).text(name).align(4);
  notes.text(descriptor).align(4);
}

// struct elf_prpsinfo of 64-bit Linux.
std::string prpsinfo(std::uint32_t process) {
  constexpr auto name = "process"sv;
  LittleEndian out;
  out.zeros(16).u32(0).u32(0);  // state, nice, flags; uid, gid
  out.u32(process).u32(1).u32(process).u32(process);
  out.text(name).zeros(16 - name.size());
  return out.text(name).up_to(136).take();
}

std::string file_note(const std::vector<Mapping>& mappings) {
  LittleEndian out;
  out.u64(mappings.size()).u64(page);
  for (const Mapping& one : mappings) out.u64(one.begin).u64(one.end).u64(one.file_page);
  for (const Mapping& one : mappings) out.text(one.path).zeros(1);
  return out.take();
}

std::string all_notes(const Architecture& machine, const ProcessImage& process,
                      std::span<const ThreadState> threads) {
  LittleEndian notes;
  bool first = true;
  for (const ThreadState& thread : threads) {
    add_note(notes, NT_PRSTATUS, machine.prstatus(thread));
    if (first) {
      add_note(notes, NT_PRPSINFO, prpsinfo(thread.process_id));
      add_note(notes, NT_AUXV, process.auxiliary_vector());
      add_note(notes, NT_FILE, file_note(process.mappings()));
      first = false;
    }
    add_note(notes, NT_FPREGSET, machine.fpregset(thread));
  }
  return notes.take();
}

}  // namespace

void write_core(const std::filesystem::path& file, const Architecture& machine,
                const ProcessImage& process, std::span<const ThreadState> threads,
                std::span<const Segment> more) {
  std::vector<const Segment*> segments;
  for (const Segment& one : process.segments()) segments.push_back(&one);
  for (const Segment& one : more) segments.push_back(&one);
  const std::string notes = all_notes(machine, process, threads);

  LittleEndian out;
  out.text("\177ELF\2\1\1\0"sv).zeros(8);
  out.u16(ET_CORE).u16(machine.machine()).u32(1).u64(0).u64(sizeof(Elf64_Ehdr)).u64(0).u32(0);
  out.u16(sizeof(Elf64_Ehdr)).u16(sizeof(Elf64_Phdr)).u16(segments.size() + 1);
  out.u16(0).u16(0).u16(0);
  std::uint64_t offset = sizeof(Elf64_Ehdr) + (segments.size() + 1) * sizeof(Elf64_Phdr);
  out.u32(PT_NOTE).u32(0).u64(offset).u64(0).u64(0).u64(notes.size()).u64(0).u64(4);
  offset += notes.size();
  for (const Segment* one : segments) {
    offset = (offset + page - 1) / page * page;
    out.u32(PT_LOAD).u32(one->flags).u64(offset).u64(one->address).u64(0);
    out.u64(one->bytes.size()).u64(one->size).u64(page);
    offset += one->bytes.size();
  }
  out.text(notes);
  for (const Segment* one : segments) out.align(page).text(one->bytes);
  write_file(file, out.take());
}

}  // namespace splitstrip::synth
