#include "subject/variant_build.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <toml++/toml.h>

#include "facts/atomic_file.h"
#include "facts/error.h"
#include "run/file_descriptor.h"
#include "run/paths.h"
#include "run/program.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

fs::path build_directory() {
  return data_directory("fixtures") / "variants";
}

// What fixtures/CMakeLists.txt notes of how to build more of them.
struct Workshop {
  std::string source;
  std::string cmake;
  std::string generator;
};

Workshop open_workshop() {
  const fs::path file = data_directory("fixtures") / "build.toml";
  if (!fs::exists(file))
    throw Error::of(
        "{}: not there: variants are built from a build tree; run build/harness/cli/splitstrip of "
        "a checkout",
        file.string());
  try {
    const toml::table table = toml::parse_file(file.string());
    return {table["source"].value_or(std::string()), table["cmake"].value_or(std::string()),
            table["generator"].value_or(std::string())};
  } catch (const toml::parse_error& error) {
    throw Error::of("{}: {}; run cmake again", file.string(), error.description());
  }
}

std::set<std::string> lines_of(const fs::path& file) {
  std::set<std::string> lines;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) lines.insert(line);
  return lines;
}

// Two checks at once must not build the same.
class Lock {
 public:
  explicit Lock(const fs::path& file)
      : fd_(open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644)) {
    if (!fd_.valid() || flock(fd_.get(), LOCK_EX) != 0)
      throw Error::of("{}: cannot be locked; is the build tree writable?", file.string());
  }

 private:
  FileDescriptor fd_;
};

// CMake allows no '@' in the names of targets.
std::string target_of(std::string name) {
  std::ranges::replace(name, '@', '.');
  return name;
}

}  // namespace

fs::path variant_directory(const std::string& name) {
  return build_directory() / name;
}

fs::path form_directory(const Form& form) {
  return form.levels == base_levels() ? data_directory("fixtures") / form.fixture
                                      : variant_directory(form.name());
}

void build_variants(std::span<const Form> forms) {
  std::set<std::string> wanted;
  for (const Form& form : forms)
    if (form.levels != base_levels()) wanted.insert(form.name());
  if (wanted.empty()) return;

  const Workshop workshop = open_workshop();
  const fs::path build = build_directory();
  fs::create_directories(build);
  const Lock lock(build / "lock");
  // Once wanted, they are kept up to date: CMake runs again only when another one is wanted.
  std::set<std::string> known = lines_of(build / "configured");
  if (!std::ranges::includes(known, wanted)) {
    known.merge(std::set<std::string>(wanted));
    std::string text;
    for (const std::string& name : known) text += name + "\n";
    write_file(build / "wanted", text);
    const ProgramEnd end =
        Program::start(
            {workshop.cmake, "-S", workshop.source, "-B", build, "-G", workshop.generator}, "cmake")
            .wait();
    if (!end.ok())
      throw Error::of("{}: cmake failed: {}; run it by hand", workshop.source, end.reason());
    write_file(build / "configured", text);
  }
  std::vector<std::string> argv{workshop.cmake,
                                "--build",
                                build.string(),
                                "--parallel",
                                std::to_string(std::max(1U, std::thread::hardware_concurrency())),
                                "--target"};
  for (const std::string& name : wanted)
    if (!fs::exists(build / name / "missing")) argv.push_back(target_of(name));
  // One that fails does not keep the others; which failed shows why_missing().
  if (workshop.generator == "Ninja") argv.insert(argv.end(), {"--", "-k", "0"});
  const ProgramEnd end = Program::start(argv, "cmake").wait(std::chrono::minutes(60));
  write_file(build / "log", end.output + end.errors);
}

std::string why_missing(const Form& form) {
  const fs::path directory = variant_directory(form.name());
  // Not the library: a later step may have failed.
  if (form.levels == base_levels() || fs::exists(directory / "built")) return {};
  std::ifstream stream(directory / "missing");
  if (std::string reason; std::getline(stream, reason)) return reason;
  return fmt::format("its build failed; see {}", (build_directory() / "log").string());
}

}  // namespace splitstrip
