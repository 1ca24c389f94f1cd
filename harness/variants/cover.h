// A covering array: few rows in which every pair of levels of two factors occurs that can occur.
#pragma once

#include <functional>
#include <vector>

namespace splitstrip {

// `sizes[f]` is how many levels factor f has. `possible` tells of a row, some of whose factors are
// -1 (not chosen yet), whether it can still be; it never says no to what a complete row that can be
// agrees with. Greedy and deterministic: the same rows for the same input. A pair that no complete
// row can have is left out.
std::vector<std::vector<int>> covering_rows(
    const std::vector<int>& sizes, const std::function<bool(const std::vector<int>&)>& possible);

}  // namespace splitstrip
