// A fact: one answer of a consumer to one query.
//
//   query      types
//   key        struct point
//   value      struct, 8 bytes: x int @0, y int @4
//
// Facts are what two runs are compared by, so key and value must be the same text on every machine,
// on every run and for every recipe, unless the consumer really answered something else: no address
// of this run (module-relative offsets instead), no path of this machine ($ROOT instead), no PID,
// no time.
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace splitstrip {

struct Fact {
  std::string key;    // what was asked about; unique within a query wherever that can be had
  std::string value;  // the answer, readable by a person

  friend auto operator<=>(const Fact&, const Fact&) = default;
};

// Where a consumer's reader puts what it understood.
class FactSink {
 public:
  virtual ~FactSink() = default;

  // Takes one fact; the views need not outlive the call. Bytes that would break a line of text
  // (tab, newline, carriage return, backslash) may occur and are kept.
  virtual void add(std::string_view query, std::string_view key, std::string_view value) = 0;
};

}  // namespace splitstrip
