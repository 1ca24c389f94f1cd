#include "check/memory.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cache/sha256.h"

namespace splitstrip {

Memory::Keys Memory::keys(const std::vector<Asked>& variants, bool bound) const {
  std::vector<std::string> keys;
  for (const Asked& asked : variants) {
    keys.push_back(sha256(fmt::format(
        "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", harness_, asked.consumer, asked.subject,
        asked.variant.library, asked.variant.reference, asked.variant.broken,
        asked.variant.synthetic, asked.role, asked.query, asked.together)));
  }
  if (bound) {
    const std::string together = sha256(fmt::format("{}", fmt::join(keys, "\n")));
    for (auto& key : keys) key = sha256(together + key);
  }
  return {std::move(keys), bound};
}

std::vector<std::optional<Answer>> Memory::recall(
    const Keys& keys, const std::vector<std::filesystem::path>& files) const {
  std::vector<std::optional<Answer>> found(keys.of_variant.size());
  const auto known = [this](const std::string& key) { return cache_.has(key); };
  if (keys.bound && !std::ranges::all_of(keys.of_variant, known)) return found;
  for (std::size_t i = 0; i < found.size(); ++i) found[i] = recall(keys.of_variant[i], files[i]);
  const auto forgotten = [](const auto& answer) { return !answer; };
  if (keys.bound && std::ranges::any_of(found, forgotten)) found.assign(found.size(), {});
  return found;
}

std::optional<Answer> Memory::recall(const std::string& key,
                                     const std::filesystem::path& file) const {
  try {
    const auto about = cache_.find(key, file);
    if (!about) return std::nullopt;
    Answer answer;
    answer.ended = Outcome::same;
    answer.reason.clear();
    answer.facts = file;
    answer.seconds = about->at("seconds");
    answer.cpu_seconds = about->at("cpu_seconds");
    answer.command = about->at("command").get<std::vector<std::string>>();
    answer.steady = about->at("steady");
    answer.reused = true;
    return answer;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

void Memory::remember(const std::string& key, const Answer& answer) const {
  if (!answer.answered() || answer.facts.empty()) return;
  // One that was remembered is there, unless it is known to be steady only now.
  if (answer.reused && !answer.steady) return;
  try {
    cache_.keep(key, answer.facts,
                {{"seconds", answer.seconds},
                 {"cpu_seconds", answer.cpu_seconds},
                 {"command", answer.command},
                 {"steady", answer.steady}});
  } catch (const std::exception&) {
  }
}

void Memory::forget(const Keys& keys) const {
  for (const auto& key : keys.of_variant) cache_.forget(key);
}

}  // namespace splitstrip
