// The process that a synthetic core claims to be of: a program of a few bytes with one library
// loaded. Written whole, so that no library has to be run, nor its dependencies be here, and so
// that no file of this machine takes part in what a consumer makes of it.
//
// Sources: gABI chapter 5 (program headers, dynamic section); <link.h> (r_debug, link_map);
// core(5) and getauxval(3); Linux' fs/binfmt_elf.c for what a core holds.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "elf/elf_file.h"
#include "synth/architecture.h"

namespace splitstrip::synth {

// Where things lie, the same in every core. A library that is loaded at fixed addresses (ET_EXEC)
// stays where it is.
constexpr std::uint64_t program_base = 0x7d0000000000;
constexpr std::uint64_t library_base = 0x7e0000000000;
constexpr std::uint64_t stacks_base = 0x7f0000000000;
constexpr std::uint64_t page = 4096;

// A stretch of memory.
struct Segment {
  std::uint64_t address = 0;
  std::uint64_t size = 0;   // in memory
  std::uint32_t flags = 0;  // PF_*
  std::string bytes;        // the first ones of it; the rest is not in the core
};

// A file that is mapped, as NT_FILE has it.
struct Mapping {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint64_t file_page = 0;
  std::string path;
};

class ProcessImage {
 public:
  // `library` is what the process loaded from `library_path`, and `program_path` where the program
  // lies: both as consumers see them. Throws Error if the library's segments make no sense.
  ProcessImage(const ElfFile& library, const std::filesystem::path& library_path,
               const std::filesystem::path& program_path, const Architecture& machine);

  // Throws Error if the library's segments make no sense.
  static void check(const ElfFile& library);

  // The program, a whole ELF file.
  const std::string& program() const { return program_; }
  // What to add to the library's own addresses.
  std::uint64_t load_base() const { return load_base_; }
  // All but the stacks, by address.
  const std::vector<Segment>& segments() const { return segments_; }
  const std::vector<Mapping>& mappings() const { return mappings_; }
  // The descriptor of NT_AUXV.
  const std::string& auxiliary_vector() const { return auxiliary_; }

 private:
  void make_program(const Architecture& machine);
  void map_library(const ElfFile& library, const std::string& path);
  void link(const ElfFile& library, const std::string& path);

  std::string program_;
  std::uint64_t load_base_ = 0;
  std::vector<Segment> segments_;
  std::vector<Mapping> mappings_;
  std::string auxiliary_;
};

}  // namespace splitstrip::synth
