// The progress of a check on standard error.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "check/check.h"
#include "report/progress.h"

namespace splitstrip {

class ShownProgress : public CheckObserver {
 public:
  ShownProgress();

  // Of several checks, one after the other: the cells add up.
  void planned(std::size_t cells) override;
  void run_started(const std::string& what) override;
  void run_ended(const std::string& what, const Ending& ending) override;
  void cell_done(const CellResult& cell) override;
  void tick() override;

 private:
  Progress progress_;
  std::size_t planned_ = 0;
  std::map<std::string, std::uint64_t> runs_;
};

}  // namespace splitstrip
