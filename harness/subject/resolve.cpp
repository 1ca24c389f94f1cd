#include "subject/resolve.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "elf/elf_file.h"
#include "facts/error.h"
#include "recipe/input.h"
#include "subject/debug_files.h"
#include "subject/describe.h"
#include "subject/fixture.h"
#include "subject/join.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

Subject from_file(const fs::path& given, const fs::path& scratch) {
  const ElfFile elf = ElfFile::open(given);
  elf.require_linked();
  if (elf.has_dwarf() || elf.is_debug_file()) return describe_unstripped(given, given);

  const fs::path debug = find_debug_file(elf, debug_directory);
  fs::create_directories(scratch);
  const fs::path joined = scratch / fs::canonical(given).filename();
  join(given, debug, joined, scratch);
  return describe_unstripped(joined, given);
}

// An installation without fixtures still checks libraries.
std::vector<std::string> known_fixtures() {
  try {
    return fixture_names();
  } catch (const Error&) {
    return {};
  }
}

class Resolver {
 public:
  explicit Resolver(fs::path scratch) : scratch_(std::move(scratch)) {}

  void add_word(const std::string& word) {
    if (word == "fixtures") {
      for (const std::string& name : fixture_names()) add_fixture(name);
    } else if (std::ranges::find(fixtures_, word) != fixtures_.end()) {
      add_fixture(word);
    } else {
      add_file(word);
    }
  }

  std::vector<Subject> take() { return std::move(subjects_); }

 private:
  void add_fixture(const std::string& name) {
    Subject subject = fixture(name);
    if (!seen(subject.given)) add(std::move(subject));
  }

  void add_file(const std::string& word) {
    std::error_code none;
    if (!fs::exists(word, none) && word.find('/') == std::string::npos)
      throw Error::of(
          "{}: neither a file nor a fixture; the fixtures are {}, and a file may need its "
          "directory",
          word,
          fixtures_.empty() ? "not installed" : fmt::format("{}", fmt::join(fixtures_, ", ")));
    if (seen(word)) return;
    add(from_file(word, scratch_ / std::to_string(subjects_.size())));
  }

  bool seen(const fs::path& path) const {
    return std::ranges::any_of(subjects_, [&](const Subject& s) {
      std::error_code none;
      return fs::equivalent(s.given, path, none);
    });
  }

  void add(Subject subject) {
    const std::string name = subject.name;
    for (int i = 2; std::ranges::find(subjects_, subject.name, &Subject::name) != subjects_.end();
         ++i)
      subject.name = fmt::format("{}-{}", name, i);
    subjects_.push_back(std::move(subject));
  }

  fs::path scratch_;
  std::vector<std::string> fixtures_ = known_fixtures();
  std::vector<Subject> subjects_;
};

}  // namespace

std::vector<Subject> resolve_subjects(const std::vector<std::string>& words,
                                      const fs::path& scratch) {
  Resolver resolver(scratch);
  for (const std::string& word : words) resolver.add_word(word);
  return resolver.take();
}

}  // namespace splitstrip
