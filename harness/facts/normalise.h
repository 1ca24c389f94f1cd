// Takes out of an answer what belongs to this run or this machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace splitstrip {

// Every occurrence of `path` as a whole leading part of a path becomes `replacement`:
// with path "/tmp/x/root", "/tmp/x/root/lib/a" becomes "$ROOT/lib/a" but "/tmp/x/rooted" stays.
std::string replace_path(std::string_view text, std::string_view path,
                         std::string_view replacement = "$ROOT");

// "0x1a2b", the one form in which facts show an offset.
std::string hex(std::uint64_t value);

}  // namespace splitstrip
