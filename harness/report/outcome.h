// What a cell can come to, and what that makes of the whole run: the closed list and the rule of
// the exit codes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace splitstrip {

enum class Outcome {
  same,         // evidence > 0, nothing changed or lost
  gained,       // as `same`, and the candidate answers more
  regressed,    // a fact changed or was lost
  vacuous,      // no evidence: the check could not have failed
  unavailable,  // consumer missing, too old, not permitted here, or unable to read the conventional
                // pair
  unstable,     // a difference that did not come again when both sides were asked once more
  timeout,      // the consumer was ended by the run's time limit
  crashed,      // the consumer died by a signal
  error,        // the consumer or the harness failed in another way
};

// In the order in which people want to see them.
inline constexpr std::array all_outcomes = {
    Outcome::same,     Outcome::gained,  Outcome::regressed, Outcome::vacuous, Outcome::unavailable,
    Outcome::unstable, Outcome::timeout, Outcome::crashed,   Outcome::error};

// The name in results, on the terminal and in this project's documents.
std::string_view to_string(Outcome outcome);
// nullopt if `name` is none of them.
std::optional<Outcome> parse_outcome(std::string_view name);

// What an outcome means for a gate.
enum class Standing {
  passed,  // same, gained
  regressed,
  unproven,  // vacuous, unavailable, unstable: nothing is known
  failed,    // timeout, crashed, error
};
Standing standing(Outcome outcome);

// Of two outcomes the one that a person has to hear of first.
Outcome worse(Outcome left, Outcome right);

// How often each outcome occurred.
class OutcomeCounts {
 public:
  void add(Outcome outcome, std::uint64_t times = 1) {
    counts_[static_cast<std::size_t>(outcome)] += times;
  }
  std::uint64_t of(Outcome outcome) const { return counts_[static_cast<std::size_t>(outcome)]; }
  std::uint64_t of(Standing group) const;
  std::uint64_t total() const;

  friend bool operator==(const OutcomeCounts&, const OutcomeCounts&) = default;

 private:
  std::array<std::uint64_t, all_outcomes.size()> counts_{};
};

// What a whole run came to.
enum class Verdict {
  same,       // something was proven, and nothing changed or was lost
  regressed,  // a fact changed or was lost somewhere
  missing,    // a consumer that had to answer (--require) did not
  failed,     // a consumer or the harness failed, one that had to answer was unstable, or there was
              // no cell at all
  vacuous,    // nothing was proven and nothing failed
};
std::string_view to_string(Verdict verdict);
std::optional<Verdict> parse_verdict(std::string_view name);

// The cells of consumers that --require names, as far as they prove nothing.
struct RequiredUnmet {
  std::uint64_t silent = 0;    // vacuous or unavailable, and consumers without any cell
  std::uint64_t unstable = 0;  // a failure: a gate cannot be built on answers that do not hold
};

// A regression that was found stays found whatever else failed, so it comes first; a failure comes
// before an unmet requirement, because it may be its cause.
Verdict judge(const OutcomeCounts& counts, const RequiredUnmet& required);

// 0, 1 or 2, as `splitstrip check` exits.
int exit_code(Verdict verdict);

}  // namespace splitstrip
