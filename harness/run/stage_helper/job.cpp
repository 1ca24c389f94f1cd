#include "run/stage_helper/job.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <sys/stat.h>
#include <unistd.h>

#include "run/stage_protocol.h"

namespace splitstrip::stage_helper {
namespace {

// Takes one string after the other out of the job's text.
class StringsReader {
 public:
  explicit StringsReader(Buffer<char>& text) : at_(text.begin()), end_(text.end()) {}

  bool good() const { return good_; }

  char* string() {
    char* const start = at_;
    while (at_ != end_ && *at_ != '\0') ++at_;
    if (at_ == end_) {
      good_ = false;
      return nullptr;
    }
    ++at_;
    return start;
  }

  std::uint64_t number() {
    const char* digits = string();
    if (digits == nullptr || *digits == '\0') {
      good_ = false;
      return 0;
    }
    char* stop = nullptr;
    const std::uint64_t value = std::strtoull(digits, &stop, 10);
    if (*stop != '\0') good_ = false;
    return value;
  }

  // A count, then as many strings.
  void strings(Strings& out) {
    for (std::uint64_t left = number(); good_ && left != 0; --left) out.add(string());
    out.add(nullptr);
  }

 private:
  char* at_;
  char* end_;
  bool good_ = true;
};

bool read_all(int descriptor, Buffer<char>& text) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0 || status.st_size <= 0) return false;
  text.resize(static_cast<std::size_t>(status.st_size));
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t got =
        pread(descriptor, text.data() + done, text.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    done += static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

bool read_job(int descriptor, Job& job) {
  if (!read_all(descriptor, job.text)) return false;
  StringsReader in(job.text);
  const char* magic = in.string();
  if (magic == nullptr || std::strcmp(magic, stage_protocol::job_magic) != 0) return false;
  job.isolate = in.number() != 0;
  for (std::uint64_t left = in.number(); in.good() && left != 0; --left) {
    Mount mount;
    mount.source = in.string();
    mount.target = in.string();
    mount.read_only = in.number() != 0;
    job.mounts.add(mount);
  }
  job.working_directory = in.string();
  job.standard_input = in.string();
  job.facts_channel = in.number() != 0;
  job.errors_are_answers = in.number() != 0;
  job.core_bytes = in.number();
  job.file_bytes = in.number();
  job.memory_bytes = in.number();
  in.strings(job.command.argv);
  in.strings(job.command.environment);
  job.has_companion = in.number() != 0;
  if (job.has_companion) {
    in.strings(job.companion.argv);
    in.strings(job.companion.environment);
    job.ready_line = in.string();
  }
  return in.good() && job.command.argv[0] != nullptr &&
         (!job.has_companion || job.companion.argv[0] != nullptr);
}

void replace_pid(Strings& arguments, int pid) {
  constexpr const char* mark = "{pid}";
  constexpr std::size_t mark_size = 5;
  char digits[16];
  std::snprintf(digits, sizeof digits, "%d", pid);
  for (char*& argument : arguments) {
    if (argument == nullptr || std::strstr(argument, mark) == nullptr) continue;
    Buffer<char> text;
    for (const char* at = argument; *at != '\0';) {
      if (std::strncmp(at, mark, mark_size) == 0) {
        for (const char* digit = digits; *digit != '\0'; ++digit) text.add(*digit);
        at += mark_size;
      } else {
        text.add(*at++);
      }
    }
    text.add('\0');
    argument = strdup(text.data());
    if (argument == nullptr) _exit(71);
  }
}

}  // namespace splitstrip::stage_helper
