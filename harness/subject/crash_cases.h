// Crash cases: small programs that call a fixture's library from Python through ctypes, once with
// wrong C types and once with right ones, and how each has to end.
//
// fixtures/NAME/cases.toml declares them, fixtures/NAME/cases/CASE.py has the functions wrong(lib)
// and right(lib) and a docstring that says in a line what is wrong. A case in cases.toml:
//
//   [struct-reordered]
//   class = "structure drifted, by pointer"    what kind of mistake it is
//   like = "libfuse#1029"                      where the like was seen, if it was
//   dies = "SIGSEGV"                           how wrong() ends under plain ctypes: by a signal,
//   corrupts = "{'port': 0}"                   ... or with this result, which is not the right one
//   says = ["struct config"]                   TypeError under typesafe_ctypes has these words,
//   heals = true                               ... or the types known then make wrong() right,
//   uncaught = "types know no lifetimes"       ... or types cannot catch it: it ends as before
//   right = "42"                               what right() returns, as Python's repr() has it
//
// One of `dies` and `corrupts`, one of `says`, `heals` and `uncaught`; or none of them: the script is
// a program that nobody may refuse, and has no wrong(). A table [CASE.pypy] replaces
// keys where that consumer is known to end otherwise; `unavailable` there gives the reason why the
// case cannot be played on it at all.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace splitstrip {

// How the parts of a case have to end, in the words in which consumers tell it.
struct CaseEnds {
  // wrong(), nobody checking: "killed by SIGSEGV", "returns 0"; empty if there is no wrong().
  std::string plain;
  std::string checked;            // wrong(), checked against the types that a library carries
  std::vector<std::string> says;  // what the message of `checked` has to hold
  std::string right;              // right(), in either way
  std::string unavailable;        // not empty: why it cannot be played
};

struct CrashCase {
  std::string name;
  std::filesystem::path script;
  std::string kind;  // class
  std::string like;  // empty if nothing is known to be like it
  CaseEnds ends;
  std::map<std::string, CaseEnds, std::less<>> by_consumer;  // where they are others

  const CaseEnds& ends_for(std::string_view consumer) const;
  bool has_wrong() const { return !ends.plain.empty(); }
};

// The cases of the fixture in `directory`, sorted by name; none if there is no cases.toml. Throws
// Error if it cannot be read, is incomplete, or does not agree with the scripts that are there.
std::vector<CrashCase> crash_cases(const std::filesystem::path& directory);

}  // namespace splitstrip
