// For tests of readers: keeps every fact.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "facts/fact.h"

namespace splitstrip {

struct TestFact {
  std::string query, key, value;

  friend auto operator<=>(const TestFact&, const TestFact&) = default;
  friend std::ostream& operator<<(std::ostream& out, const TestFact& fact) {
    return out << fact.query << " | " << fact.key << " | " << fact.value;
  }
};

struct TestSink : FactSink {
  std::vector<TestFact> list;

  void add(std::string_view query, std::string_view key, std::string_view value) override {
    list.push_back({std::string(query), std::string(key), std::string(value)});
  }
};

}  // namespace splitstrip
