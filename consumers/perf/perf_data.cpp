#include "consumers/perf/perf_data.h"

#include <bit>
#include <concepts>
#include <string_view>

#include <linux/perf_event.h>

namespace splitstrip {
namespace {

// No process of Linux has that number: perf must not find one and look into its namespaces.
constexpr std::uint32_t process = 4194304 + 1;
constexpr std::uint64_t page = 4096;
// arch/x86/include/uapi/asm/perf_regs.h: AX to R15 without the segment registers DS to GS.
constexpr std::uint64_t x86_64_registers = 0xff0fff;
constexpr int x86_stack_pointer = 7;
constexpr int x86_instruction_pointer = 8;
constexpr std::uint64_t stack_pointer = 0x7ffe00000000;
constexpr std::uint64_t stack_bytes = 16;

class Bytes {
 public:
  template <std::unsigned_integral T>
  void number(T value) {
    text_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string_view value) { text_ += value; }
  void zeros(std::size_t count) { text_.append(count, '\0'); }
  std::size_t size() const { return text_.size(); }
  const std::string& str() const { return text_; }

 private:
  std::string text_;
};

// A name, its null, and more up to a multiple of eight.
void name(Bytes& bytes, std::string_view text) {
  bytes.text(text);
  bytes.zeros(8 - text.size() % 8);
}

void record(Bytes& data, std::uint32_t type, const Bytes& body) {
  data.number(type);
  data.number(std::uint16_t{PERF_RECORD_MISC_USER});
  data.number(static_cast<std::uint16_t>(body.size() + 8));
  data.text(body.str());
}

void mappings(Bytes& data, const ElfFile& elf, const std::filesystem::path& seen_at) {
  std::size_t count = 0;
  elf_getphdrnum(elf.handle(), &count);
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Phdr segment{};
    if (gelf_getphdr(elf.handle(), static_cast<int>(i), &segment) == nullptr ||
        segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0)
      continue;
    const std::uint64_t begin = segment.p_vaddr / page * page;
    const std::uint64_t end = (segment.p_vaddr + segment.p_memsz + page - 1) / page * page;
    Bytes body;
    body.number(process);
    body.number(process);
    body.number(perf_base + begin);
    body.number(end - begin);
    body.number(segment.p_offset / page * page);
    body.zeros(24);                 // device, inode, its generation: unknown
    body.number(std::uint32_t{5});  // PROT_READ | PROT_EXEC
    body.number(std::uint32_t{2});  // MAP_PRIVATE
    name(body, seen_at.string());
    record(data, PERF_RECORD_MMAP2, body);
  }
}

void sample(Bytes& data, std::uint64_t address, std::uint64_t time, bool registers) {
  Bytes body;
  body.number(perf_base + address);
  body.number(process);
  body.number(process);
  body.number(time);
  body.number(std::uint64_t{1});  // period
  body.number(std::uint64_t{registers ? 1U : 2U});
  body.number(static_cast<std::uint64_t>(PERF_CONTEXT_USER));
  if (!registers) {
    body.number(perf_base + address);
  } else {
    body.number(std::uint64_t{PERF_SAMPLE_REGS_ABI_64});
    for (int i = 0; i < 64; ++i) {
      if ((x86_64_registers >> i & 1) == 0) continue;
      body.number(i == x86_instruction_pointer ? perf_base + address
                  : i == x86_stack_pointer     ? stack_pointer
                                               : std::uint64_t{0});
    }
    body.number(stack_bytes);
    body.zeros(stack_bytes);
    body.number(stack_bytes);  // all of them are from the stack
  }
  record(data, PERF_RECORD_SAMPLE, body);
}

}  // namespace

std::string perf_data(const ElfFile& elf, const std::filesystem::path& seen_at,
                      std::span<const std::uint64_t> addresses) {
  const bool registers = elf.header().e_machine == EM_X86_64;
  perf_event_attr event{};
  event.type = PERF_TYPE_SOFTWARE;
  event.size = sizeof event;
  event.config = PERF_COUNT_SW_CPU_CLOCK;
  event.sample_period = 1;
  event.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_PERIOD |
                      PERF_SAMPLE_CALLCHAIN;
  if (registers) {
    event.sample_type |= PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER;
    event.sample_regs_user = x86_64_registers;
    event.sample_stack_user = stack_bytes;
  }
  event.mmap = 1;
  event.mmap2 = 1;
  event.comm = 1;

  Bytes data;
  Bytes comm;
  comm.number(process);
  comm.number(process);
  name(comm, "subject");
  record(data, PERF_RECORD_COMM, comm);
  mappings(data, elf, seen_at);
  std::uint64_t time = 0;
  for (const auto address : addresses) sample(data, address, ++time, registers);

  constexpr std::uint64_t header = 104;
  constexpr std::uint64_t attribute = sizeof event + 16;  // and where its ids lie: nowhere
  Bytes file;
  file.text("PERFILE2");
  file.number(header);
  file.number(attribute);
  file.number(header);  // where attributes begin, and their size
  file.number(attribute);
  file.number(header + attribute);  // where data begin, and their size
  file.number(std::uint64_t{data.size()});
  file.zeros(16 + 32);  // no event types, no further features
  file.text({reinterpret_cast<const char*>(&event), sizeof event});
  file.zeros(16);
  file.text(data.str());
  return file.str();
}

}  // namespace splitstrip
