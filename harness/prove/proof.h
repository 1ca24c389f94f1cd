// What a run of `splitstrip prove` found: for each planted fault, who noticed it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "report/result.h"

namespace splitstrip {

// A cell that is not what it is without the fault.
struct Notice {
  std::string consumer;
  std::string query;
  Outcome outcome = Outcome::regressed;  // or a failure
  std::uint64_t changed = 0;             // facts
  std::uint64_t lost = 0;

  friend bool operator==(const Notice&, const Notice&) = default;
};

struct FaultProof {
  enum class State {
    noticed,
    equivalent,      // nobody noticed, and the list says why nobody can
    unnoticed,       // the harness has a hole
    not_equivalent,  // somebody noticed what the list says nobody can
    not_planted,     // the subject has no place for it, or stripping failed
    not_asked        // no query answered on this subject even without the fault
  };

  std::string name;
  std::string group;  // main, debug or typedata
  std::string what;
  std::string equivalent;
  std::string subject;
  std::string found_by;  // the way to the debug file, see run/found_by.h
  State state = State::not_asked;
  std::string reason;           // if it was not planted
  std::vector<Notice> noticed;  // in the order of the cells
  std::uint64_t cells = 0;      // that could have noticed
};

std::string_view to_string(FaultProof::State state);

struct Proof {
  Result result;                   // of the check, the cells of `typedata` included
  std::vector<FaultProof> faults;  // in the order of the list
  std::string command = {};        // by which it was made, as for a shell

  // 0: each fault is noticed or equivalent; 1: one is not; 2: one could not be planted or judged.
  int exit() const;
};

// A fault and where it was to be planted.
struct PlannedFault {
  std::string name;
  std::string group;
  std::string what;
  std::string equivalent;
  std::string subject;
  std::string found_by = "build-id";
};

// Holds the cells of `fault:NAME` against those of `typedata` of the same subject: only where that
// is the same as the conventional pair can a fault be noticed.
FaultProof judge_fault(const PlannedFault& planned, const std::vector<CellResult>& cells);

}  // namespace splitstrip
