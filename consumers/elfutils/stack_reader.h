// Reads the backtraces that `eu-stack -i -s -m -b` prints:
//
//   PID 4711 - process
//   TID 4712:
//   #0  0x00007f8530dfbdd0 pause - /usr/lib/libc.so.6
//       [93ac61ec...]@0x7f8530d28000+0xd3dd0
//   #1  0x00007f8530f161b0 innermost - $ROOT/lib/libcalls.so
//       [9f72c06c...]@0x7f8530f15000+0x11af          build-id, where it is loaded, offset
//       fixtures/calls/lib.c:16:22
//   #2  0x00007f8530f161b0 calls_inlined - $ROOT/lib/libcalls.so       the same address: inlined
//       ...
//
// becomes, for the frames of the library and of its driver,
//
//   thread 1 frame 1 libcalls.so+0x11af functions     innermost < calls_inlined
//   thread 1 frame 1 libcalls.so+0x11af lines         fixtures/calls/lib.c:16:22 < ...
//
// Consecutive frames of one address are one fact, so that numbers stay when the inlined ones are
// missing. Threads are numbered in the order of their frames' offsets, as process ids differ from
// run to run. Frames of other modules (the C library's) depend on the machine and on where in a
// system call the thread was met: they are left out. So are the offsets of the driver's frames, as
// it may be met between its last word and its falling asleep.
//
// On made-up stacks (harness/synth/synthetic_cores.h) all frames are the library's, and a place in
// it is a key by itself: the return address where a frame stands, or "top" and the pc of a thread:
//
//   0x11b0 functions         innermost < calls_inlined
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/answers.h"

namespace splitstrip {

class StackReader : public LineReader {
 public:
  // File names of the two modules whose frames are facts.
  StackReader(std::string query, std::string library, std::string driver)
      : query_(std::move(query)), library_(std::move(library)), driver_(std::move(driver)) {}
  // Of made-up stacks.
  StackReader(std::string query, std::string library)
      : query_(std::move(query)), library_(std::move(library)), made_up_(true) {}

 protected:
  void line(std::string_view text, FactSink& facts) override;
  std::vector<QueryEnd> end(const Ending& ending, FactSink& facts) override;

 private:
  struct Frame {
    std::string address;  // of this run
    std::string module;   // file name; empty if neither library nor driver
    std::string name;     // may be empty
    std::string offset;   // within the module, of the call: "0x11af"
    std::string loaded;   // where the module is loaded, "0x7f8530f15000"
    std::string line;     // FILE:LINE[:COLUMN], may be empty
  };
  // Frames of one address.
  struct Group {
    std::string place;      // LIBRARY+OFFSET, or DRIVER
    std::string functions;  // empty if none is known
    std::string lines;      // likewise
  };
  using Thread = std::vector<Frame>;

  void frame(std::string_view text);
  void add_process(std::vector<std::vector<Group>> threads, FactSink& facts) const;
  void add_made_up(const std::vector<Group>& groups, FactSink& facts) const;
  std::string place_of(const Frame& frame, bool top) const;
  void add_thread(const std::vector<Group>& groups, std::size_t number, FactSink& facts) const;
  std::vector<Group> groups_of(const Thread& thread) const;

  std::string query_;
  std::string library_;
  std::string driver_;
  bool made_up_ = false;
  std::vector<Thread> threads_;
  std::size_t frames_ = 0;
  std::string garbage_;
};

}  // namespace splitstrip
