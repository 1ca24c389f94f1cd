// The exported interface: the symbols that have to be typed, found by address and by name.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dwarf/raw.h"
#include "elf/symbols.h"

namespace splitstrip {

struct Export {
  enum class Kind : std::uint8_t { function, ifunc, object, tls };

  std::string_view name;
  std::string_view version;  // empty if it has none
  bool default_version = true;
  Kind kind = Kind::function;
  std::uint64_t address = 0;  // of code or data; in the TLS block for Kind::tls

  bool is_function() const { return kind == Kind::function || kind == Kind::ifunc; }
};

// How well a DIE describes an export; the lowest wins.
enum class Match : std::uint8_t {
  name_and_address,  // the definition
  address,           // the definition under another name: the export is an alias
  name,              // a definition that has no address of its own, or another one
  declaration,       // a prototype, or `extern`
  other_name,        // a prototype of another symbol at the same address
  resolver,          // what an ifunc's resolver returns
  none
};

// A vtable, type information, guard, thunk, reference temporary …: nobody wrote it, nobody calls
// it.
bool is_compiler_made(std::string_view symbol);

class Exports {
 public:
  // Of `elf`'s .dynsym, which must outlive this.
  explicit Exports(const ElfFile& elf);

  const std::vector<Export>& all() const { return exports_; }

  // Indices of the exports of that kind at an address or of a name. A chain, in ascending order:
  //   for (auto i = exports.function_at(pc); i != Exports::kEnd; i = exports.next_at(i)) ...
  static constexpr std::uint32_t kEnd = 0xffffffff;
  std::uint32_t function_at(std::uint64_t address) const { return first(functions_, address); }
  std::uint32_t object_at(std::uint64_t address) const { return first(objects_, address); }
  std::uint32_t tls_at(std::uint64_t offset) const { return first(tls_, offset); }
  std::uint32_t next_at(std::uint32_t index) const { return next_at_[index]; }
  std::uint32_t named(std::string_view name) const;
  std::uint32_t next_named(std::uint32_t index) const { return next_named_[index]; }

 private:
  using Map = std::unordered_map<std::uint64_t, std::uint32_t>;
  static std::uint32_t first(const Map& map, std::uint64_t key) {
    const auto found = map.find(key);
    return found == map.end() ? kEnd : found->second;
  }

  std::vector<Export> exports_;
  Map functions_, objects_, tls_;
  std::unordered_map<std::uint64_t, std::uint32_t> names_;  // by hash; the name is compared then
  std::vector<std::uint32_t> next_at_, next_named_;
};

}  // namespace splitstrip
