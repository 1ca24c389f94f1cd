// A pair in which a fault is planted.
#pragma once

#include <functional>

#include "recipe/fault/dwarf_draft.h"
#include "recipe/fault/elf_draft.h"
#include "recipe/recipe.h"

namespace splitstrip {

struct PairDraft {
  explicit PairDraft(const Pair& pair) : main(pair.main), debug(pair.debug) {}

  ElfDraft main;
  ElfDraft debug;
  // The debug link's CRC is that of the faulty debug file, so that nobody goes by that alone.
  bool mend_crc = true;

  // Writes both. Throws Error.
  void save();
};

// Changes the DIEs of the debug file, or those that main's .gnu_typedata holds. Throw Error if
// there are none, or if they have no place for the fault.
void edit_debug(PairDraft& pair, const std::function<void(DwarfDraft& dwarf)>& edit);
void edit_typedata(PairDraft& pair, const std::function<void(DwarfDraft& dwarf)>& edit);

}  // namespace splitstrip
