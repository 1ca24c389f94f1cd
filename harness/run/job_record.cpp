#include "run/job_record.h"

#include <string_view>

#include "facts/error.h"
#include "run/environment.h"
#include "run/stage_protocol.h"

namespace splitstrip {
namespace {

class JobText {
 public:
  void add(std::string_view string) {
    if (string.find('\0') != std::string_view::npos)
      throw Error::of("\"{}\": a program's argument cannot hold a NUL byte; leave it out",
                      string.substr(0, string.find('\0')));
    text_ += string;
    text_ += '\0';
  }
  void add(std::uint64_t number) { add(std::string_view(std::to_string(number))); }
  void add(const std::vector<std::string>& strings) {
    add(std::uint64_t{strings.size()});
    for (const std::string& string : strings) add(std::string_view(string));
  }

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::vector<std::string> marked_environment(
    const std::filesystem::path& home, const std::vector<std::pair<std::string, std::string>>& own,
    const std::string& mark) {
  auto environment = command_environment(home, own);
  environment.push_back(mark);
  return environment;
}

}  // namespace

std::string encode_job(const Command& command, const Limits& limits, bool isolate,
                       const std::vector<Mount>& mounts, const std::filesystem::path& scratch,
                       const std::string& mark) {
  if (command.argv.empty() || command.argv[0].empty())
    throw Error("a command without a program; name one");
  if (command.companion && (command.companion->argv.empty() || command.companion->argv[0].empty()))
    throw Error("a companion without a program; name one");
  const std::filesystem::path& home = scratch.empty() ? "/" : scratch;
  JobText text;
  text.add(stage_protocol::job_magic);
  text.add(std::uint64_t{isolate});
  text.add(std::uint64_t{mounts.size()});
  for (const Mount& mount : mounts) {
    text.add(std::string_view(mount.source.native()));
    text.add(std::string_view(mount.target.native()));
    text.add(std::uint64_t{mount.read_only});
  }
  text.add(std::string_view(
      (command.working_directory.empty() ? home : command.working_directory).native()));
  text.add(command.standard_input ? std::string_view(command.standard_input->native())
                                  : std::string_view("/dev/null"));
  text.add(std::uint64_t{command.answers == Channel::facts});
  text.add(std::uint64_t{command.answers == Channel::standard_error});
  text.add(limits.core_bytes);
  text.add(limits.file_bytes);
  text.add(limits.memory_bytes);
  text.add(command.argv);
  text.add(marked_environment(home, command.environment, mark));
  text.add(std::uint64_t{command.companion.has_value()});
  if (command.companion) {
    text.add(command.companion->argv);
    text.add(marked_environment(home, command.companion->environment, mark));
    text.add(std::string_view(command.companion->ready_line));
  }
  return text.take();
}

}  // namespace splitstrip
