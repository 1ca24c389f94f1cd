// Fetches from a server on this machine: just enough of HTTP/1.0 (RFC 1945) to see what a
// debuginfod serves. What comes back is not trusted: time and header are bounded, the body only
// passes through.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace splitstrip {

// The status of GET http://127.0.0.1:`port``path`; the body goes to `body` in pieces. Throws Error
// that says what is wrong, without a remedy: nobody listens, no end within `timeout`, no HTTP.
int http_get(unsigned port, const std::string& path, std::chrono::milliseconds timeout,
             const std::function<void(std::string_view)>& body);

}  // namespace splitstrip
