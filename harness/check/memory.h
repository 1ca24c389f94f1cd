// Answers of earlier runs: a consumer that was asked the same about the same files by the same
// harness is not asked again.
//
// What a running process or its core file answers depends on more than files (addresses, what lies
// on a stack), so such a query is remembered as a whole, reference, control and all candidates of
// one run together; a static one each answer by itself, so that a changed candidate is held against
// the remembered reference.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cache/cache.h"
#include "check/answer.h"
#include "check/fingerprint.h"

namespace splitstrip {

class Memory {
 public:
  explicit Memory(Cache& cache) : cache_(cache), harness_(fingerprint_of_harness()) {}

  // One query to one variant.
  struct Asked {
    std::string consumer;      // fingerprint()
    std::string subject;       // fingerprint()
    StageFingerprint variant;  // with what the query does not need emptied
    std::string role;          // "reference", "withheld", "candidate": each is asked by itself
    std::string query;
    // All that the consumer is asked about the subject, in this order: the answer to one query may
    // depend on the others.
    std::string together;
  };

  // The keys of one query to several variants, in their order.
  struct Keys {
    std::vector<std::string> of_variant;
    bool bound = false;  // remembered as a whole, see above
  };
  Keys keys(const std::vector<Asked>& variants, bool bound) const;

  // The answers remembered under `keys`, the facts of each now in the one of `files` that has its
  // place. What cannot be read counts as forgotten.
  std::vector<std::optional<Answer>> recall(const Keys& keys,
                                            const std::vector<std::filesystem::path>& files) const;

  // Keeps `answer` if it was given in full. A cache that is full or gone is no reason to fail.
  void remember(const std::string& key, const Answer& answer) const;

  // No answer to the query is known any more.
  void forget(const Keys& keys) const;

 private:
  std::optional<Answer> recall(const std::string& key, const std::filesystem::path& file) const;

  Cache& cache_;
  std::string harness_;
};

}  // namespace splitstrip
