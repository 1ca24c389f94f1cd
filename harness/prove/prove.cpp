#include "prove/prove.h"

#include <algorithm>
#include <array>
#include <map>

#include "facts/error.h"
#include "recipe/fault/fault.h"
#include "run/scratch.h"
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

// That nobody else reads that section is what the recipe `typedata` shows: only these queries can
// notice, and the others are spared the time.
constexpr std::array<std::string_view, 2> typedata_queries{"typedata", "ffi-types"};
bool is_typedata(const Fault& fault) {
  return fault.group == FaultGroup::typedata;
}

// What one check does.
struct Part {
  Subject subject;
  FoundBy found_by;
  bool typedata;  // faults that are in main's .gnu_typedata alone
  std::vector<const Fault*> faults;
};

// In the order in which the faults name their fixtures.
std::vector<Part> plan(const ProveOptions& options, const fs::path& scratch) {
  std::vector<Part> parts;
  const auto add = [&](const Subject& subject, const Fault* fault) {
    auto part = std::ranges::find_if(parts, [&](const Part& one) {
      return one.subject.name == subject.name && one.found_by == fault->found_by &&
             one.typedata == is_typedata(*fault);
    });
    if (part == parts.end())
      part = parts.insert(parts.end(), Part{subject, fault->found_by, is_typedata(*fault), {}});
    part->faults.push_back(fault);
  };
  std::map<std::string, Subject> fixtures;
  const auto given = options.subjects.empty() ? std::vector<Subject>()
                                              : resolve_subjects(options.subjects, scratch);
  for (const Fault* fault : chosen(options.faults)) {
    for (const Subject& subject : given) add(subject, fault);
    const std::string word(fault->subject);
    if (!options.subjects.empty() || word.empty()) continue;
    if (!fixtures.contains(word)) fixtures[word] = resolve_subjects({word}, scratch).at(0);
    add(fixtures.at(word), fault);
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
  for (SubjectInfo& subject : one.subjects)
    if (std::ranges::find(all.subjects, subject.name, &SubjectInfo::name) == all.subjects.end())
      all.subjects.push_back(std::move(subject));
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
    check_options.found_by = {part.found_by};
    if (part.typedata) {
      std::vector<std::string> able;
      const auto& asked = check_options.queries;
      for (const std::string_view query : typedata_queries)
        if (asked.empty() || std::ranges::find(asked, query) != asked.end())
          able.emplace_back(query);
      if (!able.empty()) check_options.queries = std::move(able);
    }
    // Of its own: two parts may be of one subject.
    const ScratchDirectory own(work);
    Result result = check({part.subject}, consumers, check_options, own.path(), output, observer);
    for (const Fault* fault : part.faults)
      proofs[fault].push_back(
          judge_fault({std::string(fault->name), std::string(to_string(fault->group)),
                       std::string(fault->what), std::string(fault->equivalent), part.subject.name,
                       std::string(to_string(part.found_by))},
                      result.cells));
    add(proof.result, std::move(result));
  }
  for (const Fault* fault : chosen(options.faults))
    std::ranges::move(proofs[fault], std::back_inserter(proof.faults));
  proof.result.summary = summarise(proof.result.cells, {});
  return proof;
}

}  // namespace splitstrip
