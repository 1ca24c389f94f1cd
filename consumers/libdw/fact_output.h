// Facts in the form that FactLinesReader (consumers/answers.h) reads, to a file descriptor.
#pragma once

#include <string>
#include <string_view>

#include "facts/fact.h"

namespace splitstrip {

class FactOutput final : public FactSink {
 public:
  explicit FactOutput(int descriptor) : descriptor_(descriptor) {}

  // Throws Error if it cannot be written.
  void add(std::string_view query, std::string_view key, std::string_view value) override;
  // "!answered", "!unavailable" or "!failed".
  void end(std::string_view how, std::string_view query, std::string_view why = {});
  void flush();

 private:
  int descriptor_;
  std::string buffer_;
};

}  // namespace splitstrip
