#include "check/fingerprint.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/utsname.h>

#include "cache/sha256.h"
#include "facts/error.h"
#include "run/paths.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

// "NAME digest" or "NAME -> target" of every file below `directory` that `wanted` says yes to, in
// the order of names.
template <class Wanted>
std::string describe_tree(const fs::path& directory, const Wanted& wanted) {
  std::vector<std::string> lines;
  if (!fs::is_directory(directory)) return {};
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const fs::path name = entry.path().lexically_relative(directory);
    if (!wanted(name)) continue;
    if (entry.is_symlink())
      lines.push_back(
          fmt::format("{} -> {}\n", name.string(), fs::read_symlink(entry.path()).string()));
    else if (entry.is_regular_file())
      lines.push_back(fmt::format("{} {}\n", name.string(), sha256_of_file(entry.path())));
  }
  std::ranges::sort(lines);
  return fmt::format("{}", fmt::join(lines, ""));
}

std::string digest_or_none(const std::optional<fs::path>& file) {
  return file ? sha256_of_file(*file) : "none";
}

// The first part of `name` that is not the directory under which an isolated stage keeps $ROOT.
std::string part_of_root(const fs::path& name) {
  auto part = name.begin();
  if (part != name.end() && *part == "root") ++part;
  return part == name.end() ? std::string() : part->string();
}

}  // namespace

StageFingerprint fingerprint(const Stage& stage, const StageContent& content,
                             const fs::path& directory) {
  const auto tree = [&](const auto& wanted) { return sha256(describe_tree(directory, wanted)); };
  const auto only = [&](const char* part) {
    return tree([part](const fs::path& name) { return part_of_root(name) == part; });
  };
  StageFingerprint made;
  made.reference = only("reference");
  made.broken = only("broken");
  made.library = tree([](const fs::path& name) {
    const std::string part = part_of_root(name);
    return part != "reference" && part != "broken" && part != "core" && part != synthetic_directory;
  });
  // How long $ROOT is shows in what lies on a stack. A debug file that a server hands out is in no
  // tree.
  made.library = sha256(
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", made.library, to_string(content.found_by),
                  stage.isolated() ? "isolated" : "not isolated", stage.root().native().size(),
                  digest_or_none(content.library.debug), digest_or_none(content.alt_file)));
  return made;
}

std::string fingerprint(const Subject& subject) {
  std::string text = fmt::format("{}\n{}\n{}\n", subject.file_name, subject.machine,
                                 sha256_of_file(subject.unstripped));
  for (const auto& dwo : subject.dwo_files) text += sha256_of_file(dwo.file) + "\n";
  if (subject.dwp_file) text += sha256_of_file(*subject.dwp_file) + "\n";
  if (const auto& driver = subject.driver) {
    text += fmt::format(
        "{}\n{}\n{}\n{}\n{}\n{}\n", fmt::join(driver->arguments, "\t"),
        fmt::join(driver->break_functions, "\t"), fmt::join(driver->break_lines, "\t"),
        fmt::join(driver->finish_functions, "\t"), driver->step_from, driver->memory_errors);
  }
  for (const CrashCase& one : subject.crash_cases) {
    text += fmt::format("{} {}\n", one.name, sha256_of_file(one.script));
    for (const auto& word : one.ends.says) text += word + "\n";
    for (const auto& [consumer, ends] : one.by_consumer)
      text += fmt::format("{} {} {}\n", consumer, fmt::join(ends.says, "\n"), ends.unavailable);
  }
  return sha256(text);
}

std::string fingerprint_of_harness() {
  utsname kernel{};
  uname(&kernel);
  std::string text = fmt::format("{}\n{}\n", kernel.release, kernel.machine);
  const fs::path own = own_executable();
  const fs::path helpers = helper_program("splitstrip-stage").parent_path();
  text += sha256_of_file(own) + "\n";
  const auto all = [](const fs::path&) { return true; };
  text += describe_tree(helpers, all);
  // Scripts that run inside consumers. Python may leave compiled ones beside them.
  const auto scripts = [](const fs::path& name) { return name.extension() == ".py"; };
  const fs::path gdb_scripts = data_directory("gdb-scripts");
  text += describe_tree(gdb_scripts, scripts);
  text += describe_tree(gdb_scripts.parent_path() / "consumers", scripts);
  // What typesafe_ctypes asks.
  try {
    text += sha256_of_file(shared_library("libtypedata.so.1"));
  } catch (const Error&) {
    text += "no libtypedata";
  }
  return sha256(text);
}

std::string fingerprint(const Consumer& consumer, const Detection& found) {
  std::error_code ignored;
  const auto size = fs::file_size(found.program, ignored);
  const auto time = fs::last_write_time(found.program, ignored).time_since_epoch().count();
  return sha256(fmt::format("{}\n{}\n{}\n{}\n{}", consumer.name(), found.version,
                            found.program.string(), size, time));
}

}  // namespace splitstrip
