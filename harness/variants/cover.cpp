#include "variants/cover.h"

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace splitstrip {

namespace {

using Row = std::vector<int>;

// More attempts give a row or two less; each takes some milliseconds.
constexpr unsigned attempts = 40;

// xorshift: ties are broken another way in each attempt, the same on every machine.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : state_(seed * 2654435761U + 1U) {}
  std::uint32_t below(std::uint32_t bound) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_ % bound;
  }

 private:
  std::uint32_t state_;
};

class Cover {
 public:
  Cover(const std::vector<int>& sizes, const std::function<bool(const Row&)>& possible)
      : sizes_(sizes), possible_(possible), offsets_(sizes.size() + 1, 0) {
    std::partial_sum(sizes.begin(), sizes.end(), offsets_.begin() + 1);
    const auto levels = static_cast<std::size_t>(offsets_.back());
    wanted_.assign(levels * levels, false);
    for (std::size_t f = 0; f < sizes.size(); ++f)
      for (std::size_t g = f + 1; g < sizes.size(); ++g)
        for (int a = 0; a < sizes[f]; ++a)
          for (int b = 0; b < sizes[g]; ++b) {
            Row row(sizes.size(), -1);
            row[f] = a;
            row[g] = b;
            wanted_[index(f, a, g, b)] = possible_(row) && complete(row, 0);
          }
  }

  std::vector<Row> rows(std::uint32_t seed) const {
    Dice dice(seed);
    std::vector<bool> open = wanted_;
    std::vector<Row> result;
    while (std::ranges::find(open, true) != open.end()) {
      result.push_back(best_row(open, dice));
      for (std::size_t f = 0; f < sizes_.size(); ++f)
        for (std::size_t g = f + 1; g < sizes_.size(); ++g)
          open[index(f, result.back()[f], g, result.back()[g])] = false;
    }
    return result;
  }

 private:
  std::size_t index(std::size_t f, int a, std::size_t g, int b) const {
    if (f > g) return index(g, b, f, a);
    return static_cast<std::size_t>((offsets_[f] + a) * offsets_.back() + offsets_[g] + b);
  }

  // Fills what is not chosen yet with any levels that are possible together.
  bool complete(Row& row, std::size_t from) const {
    while (from < row.size() && row[from] >= 0) ++from;
    if (from == row.size()) return possible_(row);
    for (int level = 0; level < sizes_[from]; ++level) {
      row[from] = level;
      if (possible_(row) && complete(row, from + 1)) return true;
    }
    row[from] = -1;
    return false;
  }

  bool can_be_completed(Row row) const { return complete(row, 0); }

  int gain(const Row& row, std::size_t factor, int level, const std::vector<bool>& open) const {
    int count = 0;
    for (std::size_t other = 0; other < row.size(); ++other)
      if (other != factor && row[other] >= 0 && open[index(factor, level, other, row[other])])
        ++count;
    return count;
  }

  // How many open pairs a level still has, whatever the rest.
  int demand(std::size_t factor, int level, const std::vector<bool>& open) const {
    int count = 0;
    for (std::size_t other = 0; other < sizes_.size(); ++other)
      for (int b = 0; other != factor && b < sizes_[other]; ++b)
        if (open[index(factor, level, other, b)]) ++count;
    return count;
  }

  Row best_row(const std::vector<bool>& open, Dice& dice) const {
    Row best;
    int best_covered = -1;
    for (int tries = 0; tries < 4; ++tries) {
      Row row = one_row(open, dice);
      int covered = 0;
      for (std::size_t f = 0; f < row.size(); ++f) covered += gain(row, f, row[f], open);
      if (covered > best_covered) {
        best_covered = covered;
        best = std::move(row);
      }
    }
    return best;
  }

  Row one_row(const std::vector<bool>& open, Dice& dice) const {
    Row row(sizes_.size(), -1);
    seed_pair(row, open, dice);
    std::vector<std::size_t> order(sizes_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[dice.below(static_cast<std::uint32_t>(i))]);
    for (const std::size_t factor : order) {
      if (row[factor] >= 0) continue;
      int best = -1;
      int best_gain = -1;
      for (int level = 0; level < sizes_[factor]; ++level) {
        row[factor] = level;
        const int score = gain(row, factor, level, open) * 1000 + demand(factor, level, open);
        if (score > best_gain && possible_(row) && can_be_completed(row)) {
          best_gain = score;
          best = level;
        }
      }
      row[factor] = best;
    }
    return row;
  }

  // Starts a row with an open pair of the level that has most of them.
  void seed_pair(Row& row, const std::vector<bool>& open, Dice& dice) const {
    std::size_t factor = 0;
    int level = 0;
    int most = -1;
    for (std::size_t f = 0; f < sizes_.size(); ++f)
      for (int a = 0; a < sizes_[f]; ++a) {
        const int score = demand(f, a, open) * 4 + static_cast<int>(dice.below(4));
        if (score > most && demand(f, a, open) > 0) {
          most = score;
          factor = f;
          level = a;
        }
      }
    for (std::size_t g = 0; g < sizes_.size(); ++g)
      for (int b = 0; g != factor && b < sizes_[g]; ++b)
        if (open[index(factor, level, g, b)]) {
          row[factor] = level;
          row[g] = b;
          return;
        }
  }

  const std::vector<int>& sizes_;
  const std::function<bool(const Row&)>& possible_;
  std::vector<int> offsets_;
  std::vector<bool> wanted_;
};

}  // namespace

std::vector<Row> covering_rows(const std::vector<int>& sizes,
                               const std::function<bool(const Row&)>& possible) {
  const Cover cover(sizes, possible);
  std::vector<Row> best = cover.rows(1);
  for (std::uint32_t seed = 2; seed <= attempts; ++seed) {
    std::vector<Row> rows = cover.rows(seed);
    if (rows.size() < best.size()) best = std::move(rows);
  }
  return best;
}

}  // namespace splitstrip
