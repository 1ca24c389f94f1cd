// What the faults in DIEs look for.
#pragma once

#include <optional>

#include "recipe/fault/dwarf_draft.h"

namespace splitstrip {

// A function with code of its own (debug file) or a prototype (typedata), known to other modules.
bool is_exported_function(const Die& die);
bool is_record(const Die& die);  // struct, class or union
// The DIE that DW_AT_type names, if it has that tag.
std::optional<Die> type_of(const Die& die, int tag);
// Another base type of the same unit and, unless there is none, of another size; exits by Error
// where the unit has none.
Die other_base_type(const DwarfDraft& dwarf, const Die& like);
// The first of that tag (or tags) in the unit of `like`, but not `like`.
std::optional<Die> other_in_unit(const DwarfDraft& dwarf, const Die& like,
                                 const DwarfDraft::Suits& suits);
// Whether the type of `die` is a base type of the same unit.
bool has_base_type(const Die& die);

}  // namespace splitstrip
