// A query that was divided among several runs has one answer for each; this makes one of them.
#pragma once

#include <filesystem>
#include <vector>

#include "check/answer.h"

namespace splitstrip {

// The answer of `shards` (at least one) together: the first that failed decides, else the facts of
// all, which are merged into `file`; times are sums. Throws Error if a list cannot be read or
// written.
Answer join_shards(const std::vector<Answer>& shards, const std::filesystem::path& file);

}  // namespace splitstrip
