// Where gdb's scripts are to look for a library's units, functions and blocks.
//
// gdb's Python can go from an address to what is there and from a name to its symbol, but it lists
// neither units nor blocks. So the harness lists them, from the DWARF of the unstripped library
// (.debug_info, .debug_abbrev, .debug_ranges, .debug_rnglists), and gives the same list to every
// pair's run. The list says where to look, never what is to be found there.
#pragma once

#include <filesystem>

namespace splitstrip {

// Writes the landmarks of `library` to `file`, in the form that gdb-scripts/splitstrip/landmarks.py
// describes: per unit its name and language, the addresses (of the file, not loaded) where its
// functions, lexical blocks and inlined calls begin, ascending and each once, names of its types,
// and for a unit without code those of its variables. Damaged DWARF shortens the list. Throws Error
// if `library` holds no DWARF or `file` cannot be written.
void write_landmarks(const std::filesystem::path& library, const std::filesystem::path& file);

}  // namespace splitstrip
