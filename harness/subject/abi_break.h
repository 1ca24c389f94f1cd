// Plants an ABI break, so that a consumer which compares ABIs can be asked whether it still sees
// one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace splitstrip {

struct AbiBreak {
  std::vector<std::string> what;  // "parameter 2 of nl_addr_set_prefixlen: int -> long int", ...
  std::string build_id;           // of the broken copy, lower-case hex; another than the original's
};

// Writes to `output` a copy of an unstripped ELF in whose .debug_info, changed in place (and
// decompressed for it),
//   - one parameter or return value of an exported function, and
//   - one member of a structure that an exported function is given a pointer to
// have another base type, of another size. At least one of the two; the same ones on every run.
// Only DWARF tells a library's types, so this is to ABI checkers what a changed header is. Throws
// Error if the file has no place for either, or cannot be read or written.
AbiBreak plant_abi_break(const std::filesystem::path& unstripped,
                         const std::filesystem::path& output);

}  // namespace splitstrip
