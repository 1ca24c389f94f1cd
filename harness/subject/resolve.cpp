#include "subject/resolve.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "facts/error.h"
#include "subject/fixture.h"
#include "subject/from_file.h"
#include "subject/variant_build.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

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
  Resolver(fs::path scratch, std::string variants, const DebugSources& sources, bool alone)
      : scratch_(std::move(scratch)), variants_(std::move(variants)), files_(sources, alone) {}

  void add_word(const std::string& word) {
    const std::string name = word.substr(0, word.find('@'));
    if (word == "fixtures") {
      add_forms(select_forms(forms(), fixture_names(), variants_));
      for (LeftOut& missing : missing_fixtures()) left_out_.push_back(std::move(missing));
    } else if (const auto missing = why_no_fixture(name); !missing.empty()) {
      throw Error::of("{}: cannot be built here: {}; then run cmake again", word, missing);
    } else if (std::ranges::find(fixtures_, word) != fixtures_.end()) {
      add_forms(select_forms(forms(), std::vector<std::string>{word}, variants_));
    } else if (name != word && std::ranges::find(fixtures_, name) != fixtures_.end()) {
      const Form form = parse_form(forms(), word);
      add_forms({form});
      if (const std::string why = why_missing(form); !why.empty())
        throw Error::of("{}: cannot be built here: {}", word, why);
    } else {
      add_file(word);
    }
  }

  std::vector<Subject> take() {
    files_.require_all_used();
    return std::move(subjects_);
  }
  std::vector<LeftOut> take_left_out() { return std::move(left_out_); }

 private:
  // Empty for what is no fixture, or one that is there.
  std::string why_no_fixture(const std::string& name) const {
    std::error_code none;
    if (fixtures_.empty() || fs::exists(name, none)) return {};
    const auto missing = missing_fixtures();
    const auto found = std::ranges::find(missing, name, &LeftOut::name);
    return found == missing.end() ? "" : found->reason;
  }

  const std::vector<FixtureForms>& forms() {
    if (forms_.empty()) forms_ = fixture_forms();
    return forms_;
  }

  void add_forms(const std::vector<Form>& forms) {
    build_variants(forms);
    for (const Form& form : forms) {
      if (std::string why = why_missing(form); !why.empty()) {
        left_out_.push_back({form.name(), std::move(why)});
        continue;
      }
      Subject subject = fixture(form.name());
      if (!seen(subject.given)) add(std::move(subject));
    }
  }

  void add_file(const std::string& word) {
    std::error_code none;
    if (!fs::exists(fs::symlink_status(word, none)) && word.find('/') == std::string::npos)
      throw Error::of(
          "{}: neither a file nor a fixture; the fixtures are {}, and a file may need its "
          "directory",
          word,
          fixtures_.empty() ? "not installed" : fmt::format("{}", fmt::join(fixtures_, ", ")));
    if (seen(word)) return;
    add(files_.subject(word, scratch_ / std::to_string(subjects_.size())));
  }

  bool seen(const fs::path& path) const {
    return std::ranges::any_of(subjects_, [&](const Subject& s) {
      std::error_code none;
      return fs::equivalent(files_.named(s.given), files_.named(path), none);
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
  std::string variants_;
  SubjectFiles files_;
  std::vector<std::string> fixtures_ = known_fixtures();
  std::vector<FixtureForms> forms_;
  std::vector<Subject> subjects_;
  std::vector<LeftOut> left_out_;
};

}  // namespace

std::vector<Subject> resolve_subjects(const std::vector<std::string>& words,
                                      const fs::path& scratch, const std::string& variants,
                                      std::vector<LeftOut>* left_out, const DebugSources& sources) {
  Resolver resolver(scratch, variants, sources, words.size() == 1);
  for (const std::string& word : words) resolver.add_word(word);
  if (left_out != nullptr) *left_out = resolver.take_left_out();
  return resolver.take();
}

}  // namespace splitstrip
