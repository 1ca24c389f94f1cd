#include "check/shards.h"

#include <algorithm>

#include "facts/fact_file.h"

namespace splitstrip {

Answer join_shards(const std::vector<Answer>& shards, const std::filesystem::path& file) {
  const auto failed = std::ranges::find_if_not(shards, &Answer::answered);
  Answer whole = failed == shards.end() ? shards.front() : *failed;
  whole.seconds = 0;
  whole.cpu_seconds = 0;
  std::vector<std::filesystem::path> lists;
  for (const Answer& shard : shards) {
    whole.seconds += shard.seconds;
    whole.cpu_seconds += shard.cpu_seconds;
    if (!shard.facts.empty()) lists.push_back(shard.facts);
  }
  whole.facts.clear();
  if (failed == shards.end()) {
    merge_fact_files(lists, file);
    whole.facts = file;
  }
  for (const auto& list : lists) std::filesystem::remove(list);
  return whole;
}

}  // namespace splitstrip
