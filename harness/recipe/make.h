// The functions of all recipes, for the list in recipes.cpp; what each keeps stands there.
#pragma once

#include <filesystem>

#include "recipe/recipe.h"

namespace splitstrip {

void make_conventional(const std::filesystem::path& unstripped, const Pair& pair,
                       const std::filesystem::path& scratch);
void make_typedata(const std::filesystem::path& unstripped, const Pair& pair,
                   const std::filesystem::path& scratch);
void make_types_dwarf(const std::filesystem::path& unstripped, const Pair& pair,
                      const std::filesystem::path& scratch);
void make_kept_dwarf(const std::filesystem::path& unstripped, const Pair& pair,
                     const std::filesystem::path& scratch);
void make_kept_dwarf_nobits(const std::filesystem::path& unstripped, const Pair& pair,
                            const std::filesystem::path& scratch);
void make_minidebug(const std::filesystem::path& unstripped, const Pair& pair,
                    const std::filesystem::path& scratch);
void make_ctf(const std::filesystem::path& unstripped, const Pair& pair,
              const std::filesystem::path& scratch);
void make_leftover_strings(const std::filesystem::path& unstripped, const Pair& pair,
                           const std::filesystem::path& scratch);

}  // namespace splitstrip
