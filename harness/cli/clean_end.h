// What has to go when the program is interrupted.
#pragma once

#include <filesystem>
#include <thread>

namespace splitstrip {

// While it lives, SIGINT, SIGTERM and SIGHUP remove `directory` with all that is in it, kill the
// programs that this one started, and end it with 128 + the signal's number; a write beyond
// `ulimit -f` is an error and no signal. One at a time, made before any other thread.
class CleanEnd {
 public:
  explicit CleanEnd(std::filesystem::path directory);
  ~CleanEnd();
  CleanEnd(const CleanEnd&) = delete;
  CleanEnd& operator=(const CleanEnd&) = delete;

 private:
  void watch(const std::filesystem::path& directory) const;

  int signals_ = -1;  // signalfd(2)
  int stop_ = -1;     // eventfd(2)
  std::thread watcher_;
};

}  // namespace splitstrip
