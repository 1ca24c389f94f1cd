// What drgn is to be asked for, which lists nothing by itself.
#pragma once

#include <filesystem>

namespace splitstrip {

// Writes what the DWARF of `library` names at file scope and in namespaces to `file`, each once, a
// line of fields parted by tabs: kind (struct, union, class, enum, typedef, function,
// variable), name with its namespaces, and the file of its declaration as the line table has it,
// which may be empty. The list says what to ask for, never what the answer is. Damaged DWARF
// shortens it. Throws Error if `library` holds no DWARF or `file` cannot be written.
void write_names(const std::filesystem::path& library, const std::filesystem::path& file);

}  // namespace splitstrip
