#include "typedata/merge.h"

#include <algorithm>
#include <unordered_map>

#include "typedata/hash.h"

namespace splitstrip {
namespace {

constexpr std::uint64_t kVoid = 0x76;

class Merger {
 public:
  explicit Merger(const Gathered& gathered) : gathered_(gathered) {
    const std::size_t count = gathered.entities.size();
    names_.resize(count);
    hashes_.resize(count);
    depths_.resize(count);
    for (std::size_t i = 0; i < count; ++i) names_[i] = gathered.entities[i].key;
    meant_.resize(gathered.references.size());
    for (std::size_t i = 0; i < meant_.size(); ++i) {
      meant_[i] = gathered.meant(gathered.references[i]);
    }
  }

  Merged run() {
    std::size_t distinct = 0;
    while (true) {
      hash_all();
      const std::size_t now = split_names();
      if (now == distinct || now == 0) break;
      distinct = now;
    }
    Merged merged;
    merged.same.resize(hashes_.size());
    std::unordered_map<std::uint64_t, std::uint32_t> first;
    first.reserve(hashes_.size() / 8);
    for (std::uint32_t i = 0; i < hashes_.size(); ++i) {
      if (!gathered_.entities[i].stands) {
        merged.same[i] = first.try_emplace(hashes_[i], i).first->second;
      }
    }
    for (std::uint32_t i = 0; i < hashes_.size(); ++i) {
      if (!gathered_.entities[i].stands) continue;
      const std::uint32_t target = gathered_.meant(i);
      merged.same[i] = target == Gathered::kNone ? target : merged.same[target];
    }
    return merged;
  }

 private:
  struct Frame {
    std::uint32_t entity;
    std::uint32_t next;  // of its references
    std::uint64_t hash;
  };

  void hash_all() {
    std::fill(depths_.begin(), depths_.end(), kUnseen);
    for (std::uint32_t i = 0; i < hashes_.size(); ++i) {
      if (depths_[i] == kUnseen && !gathered_.entities[i].stands) hash_from(i);
    }
  }

  // Depth first with a stack of its own: chains in hostile input are as long as the input.
  void hash_from(std::uint32_t start) {
    enter(start);
    while (!stack_.empty()) {
      Frame& frame = stack_.back();
      const Entity& entity = gathered_.entities[frame.entity];
      if (frame.next == entity.count) {
        hashes_[frame.entity] = frame.hash;
        depths_[frame.entity] = kDone;
        stack_.pop_back();
        continue;
      }
      const std::uint32_t target = meant_[entity.first + frame.next];
      if (target == Gathered::kNone) {
        frame.hash = mix(frame.hash, kVoid);
      } else if (names_[target] != 0) {
        frame.hash = mix(frame.hash, names_[target]);
      } else if (depths_[target] == kDone) {
        frame.hash = mix(frame.hash, hashes_[target]);
      } else if (depths_[target] != kUnseen) {
        // A ring without a named struct in it: told by how far back it closes.
        frame.hash = mix(frame.hash, stack_.size() - depths_[target]);
      } else {
        enter(target);  // and come back to this reference
        continue;
      }
      ++frame.next;
    }
  }

  void enter(std::uint32_t entity) {
    depths_[entity] = static_cast<std::uint32_t>(stack_.size());
    stack_.push_back({entity, 0, mix(gathered_.entities[entity].hash, 0x5eed)});
  }

  // Gives those names that mean several things their things' hashes; returns how many things the
  // named types are, or 0 if every name means one thing.
  std::size_t split_names() {
    struct Named {
      std::uint64_t key;
      std::uint64_t hash;
      std::uint32_t entity;
      bool operator<(const Named& other) const {
        return key != other.key ? key < other.key : hash < other.hash;
      }
    };
    // One entry a meaning: name -> the first hash seen, then a list for those with more than one.
    std::unordered_map<std::uint64_t, std::uint64_t> first;
    std::vector<Named> more;
    for (std::uint32_t i = 0; i < hashes_.size(); ++i) {
      const Entity& entity = gathered_.entities[i];
      if (entity.key == 0 || entity.stands) continue;
      const auto [known, fresh] = first.try_emplace(entity.key, hashes_[i]);
      if (!fresh && known->second != hashes_[i]) more.push_back({entity.key, hashes_[i], i});
    }
    if (more.empty()) return 0;
    std::sort(more.begin(), more.end());
    std::size_t distinct = first.size();
    for (std::size_t i = 0; i < more.size(); ++i) {
      const bool fresh_key = i == 0 || more[i].key != more[i - 1].key;
      if (fresh_key || more[i].hash != more[i - 1].hash) ++distinct;
    }
    for (std::uint32_t i = 0; i < hashes_.size(); ++i) {
      const Entity& entity = gathered_.entities[i];
      if (entity.key == 0 || entity.stands) continue;
      const Named wanted{entity.key, 0, 0};
      const auto at = std::lower_bound(more.begin(), more.end(), wanted);
      if (at != more.end() && at->key == entity.key) names_[i] = hashes_[i] | 1U;
    }
    return distinct;
  }

  static constexpr std::uint32_t kUnseen = 0xffffffff;
  static constexpr std::uint32_t kDone = 0xfffffffe;

  const Gathered& gathered_;
  std::vector<std::uint32_t> meant_;  // gathered_.references, with declarations replaced
  std::vector<std::uint64_t>
      names_;  // what a reference to a named type hashes to; 0: it is not named
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> depths_;  // on the stack, or kUnseen, or kDone
  std::vector<Frame> stack_;
};

}  // namespace

Merged merge_types(const Gathered& gathered) {
  return Merger(gathered).run();
}

}  // namespace splitstrip
