#include "synth/process_image.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <elf.h>

#include "facts/error.h"
#include "synth/little_endian.h"

namespace splitstrip::synth {
namespace {

// Within the program's one page.
constexpr std::uint64_t program_headers = sizeof(Elf64_Ehdr);
constexpr std::uint64_t program_header_count = 3;
constexpr std::uint64_t code = program_headers + program_header_count * sizeof(Elf64_Phdr);
constexpr std::uint64_t code_size = 16;
constexpr std::uint64_t dynamic = code + code_size;
constexpr std::uint64_t dynamic_size = 4 * sizeof(Elf64_Dyn);
// Behind it, in memory only, what a dynamic linker would leave there.
constexpr std::uint64_t linker_base = program_base + 16 * page;
constexpr std::uint64_t link_map_size = 5 * 8;

// The largest part of a library's writable memory that goes into every core.
constexpr std::uint64_t most_zeros = std::uint64_t{1} << 20;
// What an address of user space can be.
constexpr std::uint64_t highest = std::uint64_t{1} << 46;

std::uint64_t page_down(std::uint64_t address) {
  return address / page * page;
}
std::uint64_t page_up(std::uint64_t address) {
  return page_down(address + page - 1);
}

void program_header(LittleEndian& out, std::uint32_t type, std::uint32_t flags,
                    std::uint64_t offset, std::uint64_t size, std::uint64_t alignment) {
  out.u32(type).u32(flags).u64(offset).u64(program_base + offset).u64(program_base + offset);
  out.u64(size).u64(size).u64(alignment);
}

struct SectionLine {
  std::uint32_t name;
  std::uint32_t type;
  std::uint64_t flags, address, offset, size;
  std::uint32_t link;
  std::uint64_t entry;
};

void section_header(LittleEndian& out, const SectionLine& line) {
  out.u32(line.name).u32(line.type).u64(line.flags).u64(line.address).u64(line.offset);
  out.u64(line.size).u32(line.link).u32(0).u64(line.type == SHT_NULL ? 0 : 1).u64(line.entry);
}

std::vector<GElf_Phdr> loaded_segments(const ElfFile& library) {
  std::vector<GElf_Phdr> loads;
  for (const GElf_Phdr& header : library.program_headers())
    if (header.p_type == PT_LOAD) loads.push_back(header);
  std::uint64_t end = 0;
  for (const GElf_Phdr& load : loads) {
    const bool sound = load.p_vaddr < highest && load.p_memsz < highest &&
                       load.p_filesz <= load.p_memsz && load.p_vaddr >= end &&
                       load.p_offset <= library.bytes().size() &&
                       load.p_filesz <= library.bytes().size() - load.p_offset &&
                       load.p_offset % page == load.p_vaddr % page;
    if (!sound)
      throw Error::of("{}: its PT_LOAD segments make no sense; it cannot be loaded, build it again",
                      library.path().string());
    end = load.p_vaddr + load.p_memsz;
  }
  if (loads.empty())
    throw Error::of("{}: has no PT_LOAD segment; name a shared library or a program",
                    library.path().string());
  return loads;
}

// Zeros what of `bytes`, a part of the file that begins at `offset`, lies in [begin, end).
void blank(std::string& bytes, std::uint64_t offset, std::uint64_t begin, std::uint64_t end) {
  begin = std::max(begin, offset);
  end = std::min(end, offset + bytes.size());
  for (; begin < end; ++begin) bytes[begin - offset] = 0;
}

// A part of the file as all pairs have it that are made of one library, however they are stripped:
// without what the header says of the sections, and without what is mapped only since it shares a
// page with a segment. A pointer of a made-up stack may fall there.
std::string common_bytes(const ElfFile& library, std::uint64_t begin, std::uint64_t end) {
  const auto* file = reinterpret_cast<const char*>(library.bytes().data());
  std::string bytes(file + begin, end - begin);
  blank(bytes, begin, offsetof(Elf64_Ehdr, e_shoff),
        offsetof(Elf64_Ehdr, e_shoff) + sizeof(Elf64_Ehdr::e_shoff));
  blank(bytes, begin, offsetof(Elf64_Ehdr, e_shentsize), sizeof(Elf64_Ehdr));
  auto loads = loaded_segments(library);
  std::ranges::sort(loads, {}, &GElf_Phdr::p_offset);
  std::uint64_t covered = 0;
  for (const GElf_Phdr& load : loads) {
    blank(bytes, begin, covered, load.p_offset);
    covered = std::max(covered, load.p_offset + load.p_filesz);
  }
  blank(bytes, begin, covered, end);
  return bytes;
}

}  // namespace

ProcessImage::ProcessImage(const ElfFile& library, const std::filesystem::path& library_path,
                           const std::filesystem::path& program_path, const Architecture& machine) {
  make_program(machine);
  segments_.push_back({program_base, page, PF_R | PF_X, program_});
  segments_.back().bytes.resize(page);
  mappings_.push_back({program_base, program_base + page, 0, program_path.string()});
  link(library, library_path.string());
  map_library(library, library_path.string());
  std::ranges::stable_sort(segments_, {}, &Segment::address);

  LittleEndian vector;
  vector.u64(AT_PHDR).u64(program_base + program_headers);
  vector.u64(AT_PHENT).u64(sizeof(Elf64_Phdr)).u64(AT_PHNUM).u64(program_header_count);
  vector.u64(AT_PAGESZ).u64(page).u64(AT_ENTRY).u64(program_base + code);
  vector.u64(AT_NULL).u64(0);
  auxiliary_ = vector.take();
}

void ProcessImage::check(const ElfFile& library) {
  loaded_segments(library);
}

void ProcessImage::make_program(const Architecture& machine) {
  using namespace std::string_view_literals;
  constexpr auto names = "\0.text\0.dynamic\0.dynstr\0.shstrtab\0"sv;
  constexpr std::uint64_t dynstr = dynamic + dynamic_size;
  constexpr std::uint64_t shstrtab = dynstr + 8;
  const std::uint64_t sections = (shstrtab + names.size() + 7) / 8 * 8;

  LittleEndian out;
  out.text("\177ELF\2\1\1\0"sv).zeros(8);
  out.u16(ET_EXEC).u16(machine.machine()).u32(1).u64(program_base + code);
  out.u64(program_headers).u64(sections).u32(0).u16(sizeof(Elf64_Ehdr));
  out.u16(sizeof(Elf64_Phdr)).u16(program_header_count).u16(sizeof(Elf64_Shdr)).u16(5).u16(4);
  program_header(out, PT_PHDR, PF_R, program_headers, program_header_count * sizeof(Elf64_Phdr), 8);
  program_header(out, PT_LOAD, PF_R | PF_X, 0, sections, page);
  program_header(out, PT_DYNAMIC, PF_R, dynamic, dynamic_size, 8);
  out.zeros(code_size);
  out.u64(DT_DEBUG).u64(linker_base).u64(DT_STRTAB).u64(program_base + dynstr);
  out.u64(DT_STRSZ).u64(1).u64(DT_NULL).u64(0);
  out.zeros(8).text(names).align(8);
  section_header(out, {0, SHT_NULL, 0, 0, 0, 0, 0, 0});
  section_header(out, {1, SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, program_base + code, code,
                       code_size, 0, 0});
  section_header(out, {7, SHT_DYNAMIC, SHF_ALLOC, program_base + dynamic, dynamic, dynamic_size, 3,
                       sizeof(Elf64_Dyn)});
  section_header(out, {16, SHT_STRTAB, SHF_ALLOC, program_base + dynstr, dynstr, 1, 0, 0});
  section_header(out, {24, SHT_STRTAB, 0, 0, shstrtab, names.size(), 0, 0});
  program_ = out.take();
}

void ProcessImage::map_library(const ElfFile& library, const std::string& path) {
  const auto loads = loaded_segments(library);
  for (const GElf_Phdr& load : loads) {
    const std::uint64_t begin = page_down(load.p_vaddr);
    const std::uint64_t file_begin = page_down(load.p_offset);
    const std::uint64_t file_end = load.p_offset + load.p_filesz;
    Segment segment{
        load_base_ + begin, page_up(load.p_vaddr + load.p_memsz) - begin, load.p_flags, {}};
    if (load.p_filesz != 0)
      mappings_.push_back({segment.address, segment.address + page_up(file_end - file_begin),
                           file_begin / page, path});
    // As the kernel does it: of what can be had from the file only the page that tells which file
    // it is; of what could have been written to, all.
    std::uint64_t kept = 0;
    if ((load.p_flags & PF_W) != 0)
      kept = file_end - file_begin;
    else if (load.p_offset == 0)
      kept = std::min(page, file_end);
    segment.bytes = common_bytes(library, file_begin, file_begin + kept);
    if ((load.p_flags & PF_W) != 0)
      segment.bytes.append(std::min(segment.size - kept, most_zeros), '\0');
    segments_.push_back(std::move(segment));
  }
}

void ProcessImage::link(const ElfFile& library, const std::string& path) {
  const auto loads = loaded_segments(library);
  load_base_ = library.header().e_type == ET_EXEC ? 0 : library_base - page_down(loads[0].p_vaddr);
  std::uint64_t library_dynamic = 0;
  for (const GElf_Phdr& header : library.program_headers())
    if (header.p_type == PT_DYNAMIC) library_dynamic = load_base_ + header.p_vaddr;

  constexpr std::uint64_t first = linker_base + 5 * 8;
  constexpr std::uint64_t second = first + link_map_size;
  constexpr std::uint64_t no_name = second + link_map_size;
  LittleEndian out;
  // r_debug: version, map, brk, RT_CONSISTENT, ldbase
  out.u64(1).u64(first).u64(program_base + code).u64(0).u64(0);
  // link_map: addr, name, ld, next, prev
  out.u64(0).u64(no_name).u64(program_base + dynamic).u64(second).u64(0);
  out.u64(load_base_).u64(no_name + 8).u64(library_dynamic).u64(0).u64(first);
  out.zeros(8).text(path).zeros(1).align(page);
  const std::uint64_t size = out.size();
  segments_.push_back({linker_base, size, PF_R | PF_W, out.take()});
}

}  // namespace splitstrip::synth
