// The script that has stap read arguments, fields, locals, returned values, globals and types.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "consumers/systemtap/names.h"

namespace splitstrip {

// How many names of each kind a script may use; each costs stap milliseconds.
struct ScriptSize {
  std::size_t functions = 0;   // their parameters, with all fields they lead to, at the entry
  std::size_t returns = 0;     // what they return, likewise
  std::size_t statements = 0;  // functions at whose every statement all variables are read
  std::size_t variables = 0;   // whole, their first element, their address
  std::size_t types = 0;       // cast to, with all fields
};

// Every probe is optional and every read guarded, so that a script always passes: what cannot be
// read is folded away, and what can be shows in stap's listing.
std::string read_script(const std::filesystem::path& library, const Names& names,
                        const ScriptSize& size);

// Says "hit NAME" whenever one of at most `most` functions of the library is called.
std::string live_script(const std::filesystem::path& library, const Names& names, std::size_t most);

// `text` as a string literal of stap's language.
std::string stap_literal(std::string_view text);

}  // namespace splitstrip
