// The one exception of this program: something outside of it is not as it has to be.
#pragma once

#include <stdexcept>
#include <string>

#include <fmt/format.h>

namespace splitstrip {

// what() is one line for the user that names the file or program, the cause, and what to do about
// it.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;

  template <typename... Args>
  static Error of(fmt::format_string<Args...> format, Args&&... args) {
    return Error(fmt::format(format, std::forward<Args>(args)...));
  }
};

}  // namespace splitstrip
