// Why a library's types cannot be told.
#pragma once

#include <utility>

#include "facts/error.h"
#include "typedata/library/typedata.h"

namespace splitstrip::library {

class Failure : public Error {
 public:
  Failure(typedata_status status, const std::string& message) : Error(message), status_(status) {}

  template <typename... Args>
  static Failure of(typedata_status status, fmt::format_string<Args...> format, Args&&... args) {
    return Failure(status, fmt::format(format, std::forward<Args>(args)...));
  }

  typedata_status status() const { return status_; }

 private:
  typedata_status status_;
};

}  // namespace splitstrip::library
