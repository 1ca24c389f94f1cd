#include "run/debuginfod.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <vector>

#include "facts/error.h"
#include "run/http_get.h"

namespace splitstrip {
namespace {

constexpr int ok = 200;
constexpr int not_found = 404;
constexpr std::size_t longest_metrics = std::size_t{1} << 20;

// Compares a file with bytes as they come.
class SameAsFile {
 public:
  explicit SameAsFile(const std::filesystem::path& file)
      : size_(std::filesystem::file_size(file)), in_(file, std::ios::binary) {
    if (!in_) throw Error::of("{}: cannot be read; check its permissions", file.string());
  }

  void take(std::string_view bytes) {
    taken_ += bytes.size();
    if (!same_ || taken_ > size_) {
      same_ = false;
      return;
    }
    mine_.resize(bytes.size());
    in_.read(mine_.data(), static_cast<std::streamsize>(mine_.size()));
    same_ = in_ && std::ranges::equal(mine_, bytes);
  }

  bool same() const { return same_ && taken_ == size_; }

 private:
  std::uintmax_t size_;
  std::ifstream in_;
  std::uintmax_t taken_ = 0;
  bool same_ = true;
  std::vector<char> mine_;
};

// The number behind "NAME " at the beginning of a line; 0 if it is not there.
double metric(std::string_view metrics, const std::string& name) {
  const std::string wanted = "\n" + name + " ";
  const auto at = metrics.find(wanted);
  return at == std::string_view::npos
             ? 0
             : std::strtod(std::string(metrics.substr(at + wanted.size(), 32)).c_str(), nullptr);
}

}  // namespace

Served ask_debuginfod(unsigned port, const std::string& build_id,
                      const std::optional<std::filesystem::path>& expected,
                      std::chrono::milliseconds timeout) {
  std::optional<SameAsFile> same;
  if (expected) same.emplace(*expected);
  const int status =
      http_get(port, "/buildid/" + build_id + "/debuginfo", timeout, [&](std::string_view bytes) {
        if (same) same->take(bytes);
      });
  if (status == not_found) return {expected ? Served::How::missing : Served::How::right, ""};
  if (status != ok)
    return {Served::How::wrong, fmt::format("answers {} when asked for the debug file", status)};
  if (!expected) return {Served::How::wrong, "has a debug file that it was not given"};
  if (!same->same()) return {Served::How::wrong, "sends another file than the debug file"};
  return {};
}

bool debuginfod_has_scanned(unsigned port, std::chrono::milliseconds timeout) {
  std::string metrics = "\n";
  const int status = http_get(port, "/metrics", timeout, [&](std::string_view bytes) {
    if (metrics.size() < longest_metrics) metrics += bytes;
  });
  return status == ok && metric(metrics, "thread_work_total{role=\"traverse\"}") > 0 &&
         metric(metrics, "thread_busy{role=\"traverse\"}") == 0 &&
         metric(metrics, "thread_work_pending{role=\"scan\"}") == 0 &&
         metric(metrics, "thread_busy{role=\"scan\"}") == 0;
}

}  // namespace splitstrip
