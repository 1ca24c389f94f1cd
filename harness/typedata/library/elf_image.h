// The few things of an ELF file that finding its types takes, without libelf: this is loaded into
// every process that makes foreign calls, and the file may be written to meanwhile, so it is read,
// never mapped.
//
// Source: ELF gABI, chapters 4 and 5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dwarf/bytes.h"
#include "typedata/library/typedata.h"

namespace splitstrip::library {

struct ElfSection {
  std::string name;
  std::uint32_t type = 0;  // SHT_*
  std::uint32_t link = 0;
  std::uint64_t flags = 0;
  std::uint64_t address = 0;
  std::uint64_t offset = 0;  // in the file, in bytes
  std::uint64_t size = 0;
};

class ElfImage {
 public:
  // Fills `to` from an offset; false if there are not so many bytes.
  using Read = std::function<bool(std::uint64_t offset, std::span<std::byte> to)>;

  // `name` stands in messages. Throws Failure with status `bad` for what is no ELF file.
  ElfImage(Read read, std::uint64_t size, std::string name, typedata_status bad);

  const std::string& name() const { return name_; }
  bool is_64() const { return is_64_; }
  bool big_endian() const { return big_endian_; }
  std::uint16_t type() const { return type_; }
  std::uint16_t machine() const { return machine_; }

  // The first one of that name or type, or nullptr.
  const ElfSection* section(std::string_view name) const;
  const ElfSection* of_type(std::uint32_t type) const;
  const ElfSection* number(std::uint32_t index) const;
  // As it lies in the file; empty for a section without bytes. Throws Failure if it does not lie
  // in there.
  std::vector<std::byte> contents(const ElfSection& section) const;
  // Whether the file begins with these bytes.
  bool begins_with(ByteSpan bytes) const;
  // Empty if there is none.
  std::vector<std::byte> build_id() const;

 private:
  [[noreturn]] void bad(std::string_view why) const;
  std::vector<std::byte> read(std::uint64_t offset, std::uint64_t size) const;
  void read_sections(std::uint64_t table, unsigned entry_size, std::uint64_t count,
                     std::uint64_t names);

  Read read_;
  std::uint64_t size_;
  std::string name_;
  typedata_status bad_;
  bool is_64_ = true;
  bool big_endian_ = false;
  std::uint16_t type_ = 0;
  std::uint16_t machine_ = 0;
  std::vector<ElfSection> sections_;
};

// For an ElfImage that does not outlive the bytes.
ElfImage::Read read_from_memory(const std::vector<std::byte>& bytes);

// The build-id in a run of notes; empty if there is none.
ByteSpan build_id_in(ByteSpan notes, bool big_endian);

}  // namespace splitstrip::library
