// The directory that --output names: results appear there complete or not at all.
#pragma once

#include <filesystem>

#include "report/result.h"

namespace splitstrip {

class ResultDirectory {
 public:
  // Creates `directory` if need be, and in it a hidden one for what is not complete yet.
  // Throws Error if that cannot be done, or if `directory` holds something that is no result.
  explicit ResultDirectory(std::filesystem::path directory);
  // Removes what was not published.
  ~ResultDirectory();
  ResultDirectory(const ResultDirectory&) = delete;
  ResultDirectory& operator=(const ResultDirectory&) = delete;

  const std::filesystem::path& partial() const { return partial_; }

  // Moves the facts below partial() in place and writes junit.xml and, last, result.json; those of
  // an earlier check are replaced. Throws Error.
  void publish(const Result& result);

 private:
  std::filesystem::path directory_;
  std::filesystem::path partial_;
};

}  // namespace splitstrip
