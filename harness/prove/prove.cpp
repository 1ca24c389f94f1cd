#include "prove/prove.h"

#include <algorithm>
#include <map>

#include "facts/error.h"
#include "recipe/fault/fault.h"
#include "subject/resolve.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

std::vector<const Fault*> chosen(const std::vector<std::string>& names) {
  std::vector<const Fault*> faults;
  if (names.empty()) {
    for (const Fault& fault : all_faults()) faults.push_back(&fault);
    return faults;
  }
  for (const std::string& name : names) {
    const Fault* fault = find_fault(name);
    if (fault == nullptr)
      throw Error::of("{}: no such fault; `splitstrip prove --list` names them", name);
    if (std::ranges::find(faults, fault) == faults.end()) faults.push_back(fault);
  }
  return faults;
}

struct Part {
  Subject subject;
  std::vector<const Fault*> faults;
};

// In the order in which the faults name them.
std::vector<Part> plan(const ProveOptions& options, const fs::path& scratch) {
  const auto faults = chosen(options.faults);
  std::vector<Part> parts;
  if (!options.subjects.empty()) {
    for (Subject& subject : resolve_subjects(options.subjects, scratch))
      parts.push_back({std::move(subject), faults});
    return parts;
  }
  std::vector<std::string> words;
  for (const Fault* fault : faults) {
    if (fault->subject.empty()) continue;
    const std::string word(fault->subject);
    const auto known = std::ranges::find(words, word);
    if (known == words.end()) {
      words.push_back(word);
      parts.push_back({resolve_subjects({word}, scratch).at(0), {}});
    }
    parts[static_cast<std::size_t>(std::ranges::find(words, word) - words.begin())]
        .faults.push_back(fault);
  }
  return parts;
}

void add(Result& all, Result one) {
  if (all.started.empty()) {
    all.started = one.started;
    all.host = one.host;
    all.consumers = one.consumers;
    for (ConsumerInfo& consumer : all.consumers) consumer.cpu_seconds = 0;
  }
  all.seconds += one.seconds;
  all.cpu_seconds += one.cpu_seconds;
  for (const ConsumerInfo& consumer : one.consumers)
    for (ConsumerInfo& known : all.consumers)
      if (known.name == consumer.name) known.cpu_seconds += consumer.cpu_seconds;
  std::ranges::move(one.subjects, std::back_inserter(all.subjects));
  std::ranges::move(one.cells, std::back_inserter(all.cells));
}

}  // namespace

Proof prove(const ProveOptions& options, const std::vector<std::unique_ptr<Consumer>>& consumers,
            const fs::path& work, const fs::path& output, CheckObserver& observer) {
  Proof proof;
  std::map<const Fault*, std::vector<FaultProof>> proofs;
  for (const Part& part : plan(options, work / "subjects")) {
    CheckOptions check_options = options.check;
    check_options.recipes = {"typedata"};
    for (const Fault* fault : part.faults)
      check_options.recipes.push_back(std::string(fault_prefix).append(fault->name));
    Result result = check({part.subject}, consumers, check_options, work, output, observer);
    for (const Fault* fault : part.faults)
      proofs[fault].push_back(
          judge_fault({std::string(fault->name), std::string(to_string(fault->group)),
                       std::string(fault->what), std::string(fault->equivalent), part.subject.name},
                      result.cells));
    add(proof.result, std::move(result));
  }
  for (const Fault* fault : chosen(options.faults))
    std::ranges::move(proofs[fault], std::back_inserter(proof.faults));
  proof.result.summary = summarise(proof.result.cells, {});
  return proof;
}

}  // namespace splitstrip
