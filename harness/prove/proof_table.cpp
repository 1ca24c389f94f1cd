#include "prove/proof_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "recipe/fault/fault.h"
#include "report/table.h"
#include "report/text.h"

namespace splitstrip {
namespace {

using State = FaultProof::State;

// "types, live", each as `live (error)` where it failed instead of answering differently.
std::string queries_of(const FaultProof& fault, std::string_view consumer) {
  std::string text;
  for (const Notice& notice : fault.noticed) {
    if (notice.consumer != consumer) continue;
    text += fmt::format("{}{}", text.empty() ? "" : ", ", notice.query);
    if (notice.outcome != Outcome::regressed)
      text += fmt::format(" ({})", to_string(notice.outcome));
  }
  return text;
}

std::string noticed_by(const FaultProof& fault) {
  std::string text;
  std::string_view before;
  for (const Notice& notice : fault.noticed) {
    if (notice.consumer == before) continue;
    before = notice.consumer;
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", before, queries_of(fault, before));
  }
  return text;
}

std::string note(const FaultProof& fault) {
  switch (fault.state) {
    case State::equivalent:
      return fault.equivalent;
    case State::not_planted:
      return fault.reason;
    case State::not_asked:
      return "no query answered here, even without the fault";
    default:
      return noticed_by(fault);
  }
}

Colour colour_of(State state) {
  if (state == State::noticed) return Colour::green;
  return state == State::equivalent ? Colour::yellow : Colour::red;
}

std::size_t count(const Proof& proof, State state) {
  return static_cast<std::size_t>(std::ranges::count(proof.faults, state, &FaultProof::state));
}

std::string summary(const Proof& proof) {
  std::string text = fmt::format("{} faults", proof.faults.size());
  for (const State state : {State::noticed, State::equivalent, State::unnoticed,
                            State::not_equivalent, State::not_planted, State::not_asked}) {
    if (const std::size_t number = count(proof, state); number > 0)
      text += fmt::format(", {} {}", number, to_string(state));
  }
  return text;
}

std::string escaped_cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
    text.insert(at, 1, '\\');
  return text;
}

}  // namespace

std::string to_terminal(const Proof& proof, const TerminalStyle& style) {
  std::vector<std::vector<TableField>> rows;
  for (const FaultProof& fault : proof.faults)
    rows.push_back({{fault.name},
                    {printable(fault.subject, !style.utf8)},
                    {std::string(to_string(fault.state)), colour_of(fault.state)},
                    {std::to_string(fault.noticed.size())},
                    {printable(note(fault), !style.utf8)}});
  return layout_table({{"fault"}, {"subject"}, {"state"}, {"cells", true}, {"noticed by"}}, rows,
                      style) +
         fmt::format("\n{}; {:.0f} s\n", summary(proof), proof.result.seconds);
}

std::string to_markdown(const Proof& proof) {
  std::vector<std::string> consumers;
  std::string versions;
  for (const ConsumerInfo& consumer : proof.result.consumers) {
    if (!consumer.available) continue;
    consumers.push_back(consumer.name);
    versions +=
        fmt::format("{}{} {}", versions.empty() ? "" : ", ", consumer.name, consumer.version);
  }
  std::string page = fmt::format(
      "# Planted faults, and who notices them\n\n{}: {}. Made by\n\n    {}\n\nin {:.0f} "
      "s.\n\n{}.\n\n"
      "| fault | what is wrong | subject |",
      proof.result.host.distribution, versions, proof.command, proof.result.seconds,
      summary(proof));
  for (const std::string& consumer : consumers) page += fmt::format(" {} |", consumer);
  page += "\n|---|---|---|";
  for (std::size_t i = 0; i < consumers.size(); ++i) page += "---|";
  page += '\n';
  for (const FaultProof& fault : proof.faults) {
    page += fmt::format("| `{}` | {} | {} |", fault.name, escaped_cell(fault.what), fault.subject);
    for (const std::string& consumer : consumers)
      page += fmt::format(" {} |", queries_of(fault, consumer));
    page += '\n';
  }
  std::string others;
  for (const FaultProof& fault : proof.faults) {
    if (fault.state != State::noticed)
      others += fmt::format("- `{}` is {}: {}\n", fault.name, to_string(fault.state), note(fault));
  }
  return others.empty() ? page : page + "\n" + others;
}

std::string fault_list(const TerminalStyle& style) {
  std::vector<std::vector<TableField>> rows;
  for (const Fault& fault : all_faults()) {
    std::string what(fault.what);
    if (!fault.equivalent.empty()) what += fmt::format(" [equivalent: {}]", fault.equivalent);
    rows.push_back({{std::string(fault.name)},
                    {std::string(to_string(fault.group))},
                    {std::string(fault.subject)},
                    {what}});
  }
  return layout_table({{"fault"}, {"in"}, {"subject"}, {"what is wrong"}}, rows, style);
}

}  // namespace splitstrip
