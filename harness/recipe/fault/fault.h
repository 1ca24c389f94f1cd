// Planted faults: a good typedata pair with one thing wrong in it, to see who notices.
//
// `splitstrip prove` runs the check on them; each is a recipe, too: `fault:NAME`. To add one: a
// function in the file of its group and one line in the list at that file's end. The function
// takes the first place that suits, in any library, and says by an Error which place it misses.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/fault/pair_draft.h"
#include "recipe/recipe.h"
#include "run/found_by.h"

namespace splitstrip {

enum class FaultGroup { main, debug, typedata };

std::string_view to_string(FaultGroup group);

struct Fault {
  std::string_view name;
  std::string_view what;     // one line: what is wrong
  std::string_view subject;  // the fixture that has a place for it
  std::function<void(PairDraft&)> plant;
  // Why nobody can notice, for a fault that changes no answer at all; else empty.
  std::string_view equivalent = {};
  // Where the fault is in what only this way to the debug file reads.
  FoundBy found_by = FoundBy::build_id;
  FaultGroup group = FaultGroup::main;  // filled in by all_faults()
};

inline constexpr std::string_view fault_prefix = "fault:";

// In the order of the groups and of their lists.
const std::vector<Fault>& all_faults();
// nullptr if there is none of that name. Knows `nothing`, too, the fault that is none: nobody may
// notice it.
const Fault* find_fault(std::string_view name);

// The recipe `fault:NAME`; see RecipeFamily::find. Throws Error for a name that nobody knows.
std::optional<Recipe> find_fault_recipe(std::string_view name);

// The lists of the files.
std::vector<Fault> main_faults();
std::vector<Fault> debug_file_faults();
std::vector<Fault> debug_type_faults();
std::vector<Fault> debug_class_faults();
std::vector<Fault> debug_code_faults();
std::vector<Fault> debug_line_faults();
std::vector<Fault> typedata_faults();

}  // namespace splitstrip
