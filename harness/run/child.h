// One command in flight: its helper process, its pipes, its clock. Passive: the loop calls it, and
// it tells its owner once, when all is over.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>
#include <uv.h>

#include "run/command.h"
#include "run/file_descriptor.h"
#include "run/uv_handle.h"

namespace splitstrip {

class Child {
 public:
  struct Order {
    std::string record;   // run/job_record.h
    std::string mark;     // run/marked.h, as in the record
    std::string program;  // of the command, for messages
    std::string companion;
    Channel answers = Channel::standard_output;
    std::chrono::milliseconds timeout{0};
    std::uint64_t stream_bytes = 0;  // limit for each stream
    std::function<void(std::string_view)> answer;
    std::function<void(const Ending&)> ended;  // may destroy this object
  };

  // Starts at once. `ended` is called from the loop, never from here; also if nothing could be
  // started.
  Child(uv_loop_t* loop, const std::filesystem::path& helper, Order order);
  // Of one that has not ended: kills it and waits for its helper.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Ends the command as `how`, unless it has ended by itself meanwhile or was told before.
  void stop(Ending::How how);
  // No half second for the command to tidy up.
  void stop_at_once(Ending::How how);

 private:
  struct Stream {
    Child* child = nullptr;
    UvHandle<uv_pipe_t> pipe;
    bool answers = false;
    bool errors = false;
    std::uint64_t bytes = 0;
  };

  void spawn(const std::filesystem::path& helper);
  void listen(Stream& stream, FileDescriptor fd);
  void read_from(Stream& stream, ssize_t size, const char* bytes);
  void read_report();
  void send(char order);
  void arm(std::chrono::milliseconds delay, void (Child::*then)());
  void out_of_time();
  void helper_hangs();
  void streams_hang();
  void finish_if_over();

  uv_loop_t* loop_;
  Order order_;
  std::uint64_t started_;  // nanoseconds
  FileDescriptor control_;
  UvHandle<uv_poll_t> control_watch_;
  UvHandle<uv_timer_t> timer_;
  void (Child::*on_timer_)() = nullptr;
  Stream streams_[3];
  pid_t helper_ = 0;
  int helper_status_ = 0;
  std::string start_error_;
  std::string report_bytes_;
  std::optional<Ending::How> stopped_;
  bool killed_helper_ = false;
  std::uint64_t bytes_at_last_look_ = 0;
  std::unique_ptr<char[]> buffer_;  // what was read last, of whichever stream
  std::string tail_;
};

}  // namespace splitstrip
