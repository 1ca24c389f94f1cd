// The last step of every recipe.
#pragma once

#include "recipe/recipe.h"

namespace splitstrip {

// Moves the files of `made` to the names of `wanted`: both, or none. Copies where they are on
// another file system. What had these names before is replaced. Throws Error.
void publish(const Pair& made, const Pair& wanted);

}  // namespace splitstrip
