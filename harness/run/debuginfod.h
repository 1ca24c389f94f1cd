// What a debuginfod on this machine serves, seen by asking it (debuginfod(8), "WEBAPI").
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace splitstrip {

struct Served {
  enum class How {
    right,    // the file expected, or none if none is
    missing,  // none although one is expected
    wrong,    // something else: `why` says what, in words
  };

  How how = How::right;
  std::string why;
};

// Asks the server at `port` for the debug file of `build_id`, which must be `expected`, byte for
// byte; where that is none the server must not know of one. Throws Error as http_get() does, and if
// `expected` cannot be read.
Served ask_debuginfod(unsigned port, const std::string& build_id,
                      const std::optional<std::filesystem::path>& expected,
                      std::chrono::milliseconds timeout);

// Whether the server says in its metrics that it has looked at every file it was given.
bool debuginfod_has_scanned(unsigned port, std::chrono::milliseconds timeout);

}  // namespace splitstrip
