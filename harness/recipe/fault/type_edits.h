// Faults in the types and prototypes that DIEs describe, the same in a debug file and in typedata.
// Each takes the first place that suits. Throw Error where there is none.
#pragma once

#include "recipe/fault/dwarf_draft.h"

namespace splitstrip {

void move_member(DwarfDraft& dwarf);
void retype_member(DwarfDraft& dwarf);
void lose_member(DwarfDraft& dwarf);
void rename_member(DwarfDraft& dwarf);
void narrow_bit_field(DwarfDraft& dwarf);
void move_bit_field(DwarfDraft& dwarf);
void resize_record(DwarfDraft& dwarf);
void union_for_struct(DwarfDraft& dwarf);
void change_enumerator(DwarfDraft& dwarf);
void lose_enumerator(DwarfDraft& dwarf);
void resize_array(DwarfDraft& dwarf);
void retarget_typedef(DwarfDraft& dwarf);
void rename_typedef(DwarfDraft& dwarf);
void drop_const(DwarfDraft& dwarf);
void drop_volatile(DwarfDraft& dwarf);
void swap_signedness(DwarfDraft& dwarf);

void lose_parameter(DwarfDraft& dwarf);
void retype_parameter(DwarfDraft& dwarf);
void swap_parameters(DwarfDraft& dwarf);
void retype_return(DwarfDraft& dwarf);
void lose_return(DwarfDraft& dwarf);
void lose_varargs(DwarfDraft& dwarf);
void lose_prototyped(DwarfDraft& dwarf);
void lose_noreturn(DwarfDraft& dwarf);
void rename_parameter(DwarfDraft& dwarf);
void rename_function(DwarfDraft& dwarf);
void lose_function(DwarfDraft& dwarf);
void lose_callback_parameter(DwarfDraft& dwarf);

void retype_variable(DwarfDraft& dwarf);
void lose_variable(DwarfDraft& dwarf);

}  // namespace splitstrip
