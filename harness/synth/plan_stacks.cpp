#include <algorithm>
#include <deque>
#include <set>
#include <unordered_map>

#include "synth/stacks.h"

namespace splitstrip::synth {
namespace {

// However large its frames are, a stack has an end.
constexpr std::uint64_t largest_stack = std::uint64_t{4} << 20;

class Planner {
 public:
  Planner(const std::vector<Call>& calls, const std::vector<std::uint64_t>& starts,
          const std::vector<std::uint64_t>& changes, const UnwindTable& unwind,
          const StackOptions& options)
      : calls_(calls), starts_(starts), unwind_(unwind), options_(options), used_(calls.size()) {
    for (std::size_t i = 0; i < calls.size(); ++i)
      if (calls[i].target != 0) callers_[calls[i].target].push_back(i);
    result_.coverage.calls = calls.size();
    result_.coverage.changes = changes.size();
    for (const std::uint64_t address : changes.empty() ? starts : changes) add_top(address);
    changed_tops_ = tops_.size();
    // Every stack has a top of its own, also where there are few lines.
    const std::set<std::uint64_t> known(changes.begin(), changes.end());
    for (const Call& call : calls)
      if (!known.contains(call.returns_to)) add_top(call.returns_to);
  }

  Stacks plan() {
    const std::size_t stacks =
        (calls_.size() + options_.frames_per_stack - 1) / options_.frames_per_stack;
    const std::size_t wanted =
        options_.all_addresses ? std::max(stacks, changed_tops_) : std::max<std::size_t>(stacks, 1);
    for (std::size_t number = 0; !tops_.empty() && (number < wanted || first_unused()); ++number)
      add_stack(top_of(number, wanted));
    return std::move(result_);
  }

 private:
  void add_top(std::uint64_t address) {
    const auto rule = unwind_.at(address);
    if (const auto* known = std::get_if<UnwindRule>(&rule))
      tops_.push_back({Frame::Kind::top, address, *known});
    else if (options_.all_addresses)
      tops_.push_back({Frame::Kind::outermost, address, {}});
  }

  // Evenly spaced where there are more changes than stacks; then what else there is.
  const Frame& top_of(std::size_t number, std::size_t wanted) {
    std::size_t index = number;
    if (changed_tops_ > wanted)
      index = number < wanted ? number * (changed_tops_ - 1) / std::max<std::size_t>(wanted - 1, 1)
                              : changed_tops_ + number - wanted;
    return tops_[index % tops_.size()];
  }

  // Of calls in order of address.
  std::optional<std::size_t> first_unused() {
    while (next_ < calls_.size() && used_[next_]) ++next_;
    if (next_ == calls_.size()) return std::nullopt;
    return next_;
  }

  // A call not used yet of the function that `frame` stands in, else the first of all.
  std::optional<std::size_t> caller_of(const Frame& frame) {
    const std::uint64_t inside = frame.kind == Frame::Kind::top ? frame.address : frame.address - 1;
    const auto after = std::ranges::upper_bound(starts_, inside);
    if (after != starts_.begin()) {
      const auto found = callers_.find(*std::prev(after));
      if (found != callers_.end()) {
        std::deque<std::size_t>& callers = found->second;
        while (!callers.empty() && used_[callers.front()]) callers.pop_front();
        if (!callers.empty()) return callers.front();
      }
    }
    return first_unused();
  }

  void add_stack(const Frame& top) {
    Stack stack;
    stack.frames.push_back(top);
    if (&top < tops_.data() + changed_tops_) ++result_.coverage.tops;
    while (stack.frames.size() <= options_.frames_per_stack &&
           stack.frames.back().kind != Frame::Kind::outermost &&
           image_size(stack) < largest_stack) {
      const auto next = caller_of(stack.frames.back());
      if (!next) break;
      used_[*next] = true;
      ++result_.coverage.covered;
      stack.frames.push_back(frame_at(calls_[*next].returns_to));
    }
    result_.stacks.push_back(std::move(stack));
  }

  Frame frame_at(std::uint64_t return_address) {
    auto rule = unwind_.at(return_address - 1);
    if (const auto* known = std::get_if<UnwindRule>(&rule)) {
      // In the middle of a function's work the link register holds something else.
      if (known->return_slot) return {Frame::Kind::call, return_address, *known};
      rule = Obstacle::return_slot;
    }
    ++result_.coverage.outermost[static_cast<std::size_t>(std::get<Obstacle>(rule))];
    return {Frame::Kind::outermost, return_address, {}};
  }

  const std::vector<Call>& calls_;
  const std::vector<std::uint64_t>& starts_;
  const UnwindTable& unwind_;
  const StackOptions& options_;
  std::vector<bool> used_;  // of calls_
  std::size_t next_ = 0;    // no call before it is unused
  std::unordered_map<std::uint64_t, std::deque<std::size_t>> callers_;  // by target
  std::vector<Frame> tops_;       // where something changes, then others
  std::size_t changed_tops_ = 0;  // how many of them are of the first kind
  Stacks result_;
};

}  // namespace

Stacks plan_stacks(const std::vector<Call>& calls, const std::vector<std::uint64_t>& starts,
                   const std::vector<std::uint64_t>& changes, const UnwindTable& unwind,
                   const StackOptions& options) {
  return Planner(calls, starts, changes, unwind, options).plan();
}

}  // namespace splitstrip::synth
