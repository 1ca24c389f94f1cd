// Plants each fault and runs the check on it, to see who notices.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "check/check.h"
#include "consumers/consumer.h"
#include "prove/proof.h"

namespace splitstrip {

struct ProveOptions {
  std::vector<std::string> subjects;  // as for resolve_subjects(); empty: each fault's own fixture
  std::vector<std::string> faults;    // empty: all
  CheckOptions check;                 // its recipes are not looked at
};

// Throws Error for a fault that nobody knows; the rest as check(), which is run once for each
// subject with all its faults.
Proof prove(const ProveOptions& options, const std::vector<std::unique_ptr<Consumer>>& consumers,
            const std::filesystem::path& work, const std::filesystem::path& output,
            CheckObserver& observer);

}  // namespace splitstrip
