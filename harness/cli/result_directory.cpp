#include "cli/result_directory.h"

#include <unistd.h>

#include "facts/atomic_file.h"
#include "facts/error.h"
#include "report/json.h"
#include "report/junit.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

void move_into_place(const fs::path& from, const fs::path& to) {
  fs::remove_all(to);
  if (fs::exists(from)) fs::rename(from, to);
}

}  // namespace

ResultDirectory::ResultDirectory(fs::path directory)
    : directory_(std::move(directory)),
      partial_(directory_ / fmt::format(".partial-{}", getpid())) {
  std::error_code error;
  fs::create_directories(directory_, error);
  if (!error && !fs::is_empty(directory_, error) && !error &&
      !fs::exists(directory_ / "result.json")) {
    for (const auto& entry : fs::directory_iterator(directory_)) {
      if (!entry.path().filename().string().starts_with(".partial-")) {
        throw Error::of("{}: holds something else than a result; choose another --output",
                        directory_.string());
      }
    }
  }
  if (!error) fs::create_directories(partial_, error);
  if (error)
    throw Error::of("{}: cannot be written: {}; choose another --output", directory_.string(),
                    error.message());
}

ResultDirectory::~ResultDirectory() {
  std::error_code ignored;
  fs::remove_all(partial_, ignored);
}

void ResultDirectory::publish(const Result& result) {
  const std::string json = to_json(result);
  const std::string junit = to_junit(result);
  write_file(partial_ / "result.json", json);
  write_file(partial_ / "junit.xml", junit);
  try {
    fs::remove(directory_ / "result.json");  // from here on the earlier result is gone
    move_into_place(partial_ / "facts", directory_ / "facts");
    move_into_place(partial_ / "junit.xml", directory_ / "junit.xml");
    move_into_place(partial_ / "result.json", directory_ / "result.json");
  } catch (const fs::filesystem_error& error) {
    throw Error::of("{}: cannot be written: {}; choose another --output", directory_.string(),
                    error.code().message());
  }
}

}  // namespace splitstrip
