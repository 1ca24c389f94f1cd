// What consumers say without the places of this run: the one way from readers to kept answers.
//
// A path of the stage may stand in any text, in errors above all: drgn's name the file whose CFI
// they do not know. A remembered answer has to be the same text as that of another run, whose
// stage lies elsewhere.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "consumers/consumer.h"

namespace splitstrip {

// Replaces the paths of one staged pair: its root by $ROOT, its run's own directory by $SCRATCH.
class PlaceNames {
 public:
  explicit PlaceNames(const StagedPair& pair);

  std::string operator()(std::string_view text) const;

 private:
  std::vector<std::pair<std::string, std::string_view>> places_;  // the longest path first
};

// Hands facts on without these paths.
class WithoutPlaces final : public FactSink {
 public:
  // Both must outlive this.
  WithoutPlaces(const PlaceNames& names, FactSink& to) : names_(names), to_(to) {}

  void add(std::string_view query, std::string_view key, std::string_view value) override;

 private:
  const PlaceNames& names_;
  FactSink& to_;
};

}  // namespace splitstrip
