// Whether a strip kept what it was given: strip programs have written garbage and ended with 0.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "elf/elf_file.h"
#include "recipe/recipe.h"

namespace splitstrip {

// What is wrong with `pair` as the conventional division of `original`, in words; nothing if it is
// sound: main loads what the original loads, debug has the bytes of its DWARF and no code, and
// main's build-id and debug link lead to debug. Sections of `kept` stay in main and are hollow in
// debug.
std::optional<std::string> pair_fault(const ElfFile& original, const Pair& pair,
                                      std::span<const std::string_view> kept = {});

}  // namespace splitstrip
