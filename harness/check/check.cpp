#include "check/check.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <future>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>

#include "cache/cache.h"
#include "check/fingerprint.h"
#include "check/memory.h"
#include "check/subject_check.h"
#include "facts/error.h"
#include "recipe/recipe.h"

namespace splitstrip {
namespace {

// Facts of some hundred checks of a library.
constexpr std::uint64_t largest_cache = std::uint64_t{2} << 30;

double cpu_seconds(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

bool selected(const std::vector<std::string>& words, std::string_view name) {
  return words.empty() || std::find(words.begin(), words.end(), name) != words.end();
}

// Whether `words` names the consumer, or this query of it.
bool named(const std::vector<std::string>& words, std::string_view consumer,
           std::string_view query) {
  return std::ranges::any_of(words, [&](const std::string& word) {
    return word == consumer || word == fmt::format("{}/{}", consumer, query);
  });
}

void require_known(const std::vector<std::string>& words, const std::set<std::string>& known,
                   const char* kind) {
  for (const auto& word : words) {
    if (!known.contains(word))
      throw Error::of("{}: no such {}; there are: {}", word, kind, fmt::join(known, ", "));
  }
}

std::vector<Asked> choose(const std::vector<std::unique_ptr<Consumer>>& consumers,
                          const CheckOptions& options) {
  std::vector<Asked> chosen;
  std::vector<std::future<Detection>> detections;
  for (const auto& consumer : consumers) {
    if (!selected(options.consumers, consumer->name())) continue;
    Asked asked{*consumer, {}, {}};
    for (const auto& query : consumer->queries()) {
      if (selected(options.queries, query.name) &&
          !named(options.left_out, consumer->name(), query.name))
        asked.queries.push_back(query);
    }
    if (asked.queries.empty()) continue;
    chosen.push_back(std::move(asked));
    detections.push_back(
        std::async(std::launch::async, [&consumer] { return consumer->detect(); }));
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    Asked& asked = chosen[i];
    asked.found = detections[i].get();
    if (asked.found.available) asked.fingerprint = fingerprint(asked.consumer, asked.found);
  }
  return chosen;
}

ConsumerInfo describe_consumer(const Asked& asked, double cpu) {
  ConsumerInfo info;
  info.name = asked.consumer.name();
  info.version = asked.found.version;
  info.path = asked.found.program.string();
  info.available = asked.found.available;
  info.reason = asked.found.reason;
  info.cpu_seconds = cpu;
  return info;
}

}  // namespace

void validate(const CheckOptions& options,
              const std::vector<std::unique_ptr<Consumer>>& consumers) {
  std::set<std::string> names, queries, questions;
  for (const auto& consumer : consumers) {
    names.emplace(consumer->name());
    for (const auto& query : consumer->queries()) {
      queries.emplace(query.name);
      questions.insert(fmt::format("{}/{}", consumer->name(), query.name));
    }
  }
  for (const auto& recipe : options.recipes) {
    if (!find_recipe(recipe))
      throw Error::of("{}: no such recipe; there are: {}", recipe, recipe_names());
  }
  require_known(options.consumers, names, "consumer");
  require_known(options.required, names, "consumer");
  require_known(options.queries, queries, "query");
  for (const auto& word : options.left_out) {
    if (word.find('/') == std::string::npos) {
      require_known({word}, names, "consumer");
    } else if (!questions.contains(word)) {
      const auto consumer = word.substr(0, word.find('/'));
      require_known({consumer}, names, "consumer");
      std::erase_if(questions, [&](const auto& one) { return !one.starts_with(consumer + "/"); });
      throw Error::of("{}: no such query of {}; there are: {}", word, consumer,
                      fmt::join(questions, ", "));
    }
  }
  for (const auto& name : options.required) {
    if (!selected(options.consumers, name))
      throw Error::of("{}: is required but not among the consumers asked for; add --consumer {}",
                      name, name);
    if (named(options.left_out, name, ""))
      throw Error::of("{}: is required and left out; drop --without {} or --require {}", name, name,
                      name);
  }
}

Result check(const std::vector<Subject>& subjects,
             const std::vector<std::unique_ptr<Consumer>>& consumers, const CheckOptions& options,
             const std::filesystem::path& work, const std::filesystem::path& output,
             CheckObserver& observer) {
  const auto started = std::chrono::steady_clock::now();
  // A shell that built this and then became it (exec) leaves its children's time to it.
  const double cpu_before = cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN);
  Result result;
  result.started = iso8601_utc(std::time(nullptr));
  result.host = this_host();

  const std::vector<Asked> asked = choose(consumers, options);
  Runner runner(options.jobs);
  runner.every(100, [&observer] { observer.tick(); });

  std::optional<Cache> cache;
  std::optional<Memory> memory;
  if (options.cache) memory.emplace(cache.emplace(*options.cache));

  // A server takes memory and threads while it waits for its consumers: as many subjects have some
  // at a time as can be asked at a time.
  Turnstile servers(options.jobs);
  std::vector<std::shared_ptr<SubjectCheck>> checks;
  std::size_t cells = 0;
  for (const auto& subject : subjects) {
    checks.push_back(std::make_shared<SubjectCheck>(runner, subject, asked, options,
                                                    memory ? &*memory : nullptr, servers, work,
                                                    output, observer));
    cells += checks.back()->cells().size();
  }
  observer.planned(cells);
  for (const auto& one : checks) one->start();
  runner.run();
  if (runner.cancelled()) throw Interrupted();
  if (cache) cache->shrink(largest_cache);

  std::map<std::string_view, double> consumer_cpu;
  for (const auto& one : checks) {
    result.subjects.push_back(one->info());
    result.cells.insert(result.cells.end(), one->cells().begin(), one->cells().end());
    for (const auto& [name, seconds] : one->consumer_cpu()) consumer_cpu[name] += seconds;
  }
  double all_consumers = 0;
  for (const auto& one : asked) {
    const double cpu = consumer_cpu[one.consumer.name()];
    result.consumers.push_back(describe_consumer(one, cpu));
    all_consumers += cpu;
  }
  result.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  result.cpu_seconds = std::max(
      0.0, cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN) - cpu_before - all_consumers);
  result.summary = summarise(result.cells, options.required);
  result.summary.left_out = options.left_out;
  return result;
}

}  // namespace splitstrip
