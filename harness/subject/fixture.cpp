#include "subject/fixture.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <sys/utsname.h>
#include <toml++/toml.h>

#include "facts/error.h"
#include "run/paths.h"
#include "subject/describe.h"
#include "subject/variant_build.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

constexpr const char* file_name = "fixture.toml";

// One table of fixture.toml; remembers where it is for messages.
class Table {
 public:
  Table(const toml::table& table, fs::path file) : table_(table), file_(std::move(file)) {}

  void allow_only(std::initializer_list<std::string_view> keys) const {
    for (const auto& [key, value] : table_)
      if (std::ranges::find(keys, key.str()) == keys.end())
        throw Error::of("{}: nobody knows the key `{}`; see subject/subject.h for those there are",
                        file_.string(), key.str());
  }

  std::string text(std::string_view key, std::string fallback = {}) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return fallback;
    if (const auto value = node->value_exact<std::string>()) return *value;
    throw wrong(key, "a string");
  }

  bool truth(std::string_view key) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return false;
    if (const auto value = node->value_exact<bool>()) return *value;
    throw wrong(key, "true or false");
  }

  std::vector<std::string> texts(std::string_view key) const {
    const toml::node* node = table_.get(key);
    return node == nullptr ? std::vector<std::string>() : texts_of(*node, key, "a list of strings");
  }

  std::vector<std::vector<std::string>> lists(std::string_view key) const {
    constexpr std::string_view kind = "a list of lists of strings";
    std::vector<std::vector<std::string>> result;
    const toml::node* node = table_.get(key);
    if (node == nullptr) return result;
    if (node->as_array() == nullptr) throw wrong(key, kind);
    for (const toml::node& item : *node->as_array()) result.push_back(texts_of(item, key, kind));
    return result;
  }

 private:
  std::vector<std::string> texts_of(const toml::node& node, std::string_view key,
                                    std::string_view kind) const {
    std::vector<std::string> result;
    if (node.as_array() == nullptr) throw wrong(key, kind);
    for (const toml::node& item : *node.as_array()) {
      const auto value = item.value_exact<std::string>();
      if (!value) throw wrong(key, kind);
      result.push_back(*value);
    }
    return result;
  }

  Error wrong(std::string_view key, std::string_view kind) const {
    return Error::of("{}: `{}` has to be {}", file_.string(), key, kind);
  }

  const toml::table& table_;
  fs::path file_;
};

fs::path existing(const fs::path& directory, const std::string& name, const fs::path& toml) {
  fs::path path = directory / name;
  if (name.empty() || !fs::is_regular_file(path))
    throw Error::of("{}: names {}, which is not there; build the target `all` of splitstrip",
                    toml.string(), path.string());
  return path;
}

toml::table parse(const fs::path& file) {
  try {
    return toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    throw Error::of("{}:{}: {}", file.string(), error.source().begin.line, error.description());
  }
}

}  // namespace

std::vector<std::string> fixture_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(data_directory("fixtures")))
    if (fs::exists(entry.path() / file_name)) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

namespace {

FixtureForms forms_in(const fs::path& directory) {
  const fs::path file = directory / file_name;
  const toml::table parsed = parse(file);
  const Table table(parsed, file);
  FixtureForms forms;
  forms.fixture = directory.filename();
  try {
    for (const std::string& axis : table.texts("axes")) forms.axes.push_back(axis_index(axis));
    for (const std::vector<std::string>& words : table.lists("never")) {
      Exclusion never{{}, "its fixture.toml says never"};
      for (const std::string& word : words) never.groups.push_back({word});
      forms.never.push_back(std::move(never));
    }
    const Exclusions known(forms.never);
  } catch (const Error& error) {
    throw Error::of("{}: {}", file.string(), error.what());
  }
  forms.foreign_by_default = table.truth("foreign_by_default");
  return forms;
}

Subject read_fixture(const fs::path& directory, const fs::path& library_directory);

}  // namespace

std::vector<FixtureForms> fixture_forms() {
  std::vector<FixtureForms> all;
  for (const std::string& name : fixture_names())
    all.push_back(forms_in(data_directory("fixtures") / name));
  return all;
}

Subject fixture(const std::string& name) {
  const fs::path directory = data_directory("fixtures") / name.substr(0, name.find('@'));
  Subject subject = read_fixture(
      directory, name.find('@') == std::string::npos ? directory : variant_directory(name));
  subject.name = name;
  return subject;
}

Subject fixture_in(const fs::path& directory) {
  return read_fixture(directory, directory);
}

namespace {

std::string own_machine() {
  utsname names{};
  uname(&names);
  return names.machine;
}

Subject read_fixture(const fs::path& directory, const fs::path& library_directory) {
  const fs::path file = directory / file_name;
  if (!fs::exists(file)) throw Error::of("{}: no such fixture", directory.string());
  const toml::table parsed = parse(file);
  const Table table(parsed, file);
  table.allow_only({"why", "library", "driver", "axes", "never", "foreign_by_default"});

  const fs::path library = existing(library_directory, table.text("library"), file);
  Subject subject = describe_unstripped(library, library);
  subject.name = directory.filename();
  subject.crash_cases = crash_cases(directory);
  if (const toml::node* node = parsed.get("driver")) {
    if (node->as_table() == nullptr)
      throw Error::of("{}: `driver` has to be a table", file.string());
    const Table table_of_driver(*node->as_table(), file);
    table_of_driver.allow_only({"program", "arguments", "break_functions", "break_lines",
                                "finish_functions", "step_from", "memory_errors"});
    Driver driver;
    driver.program = existing(directory, table_of_driver.text("program", "driver"), file);
    driver.arguments = table_of_driver.texts("arguments");
    driver.break_functions = table_of_driver.texts("break_functions");
    driver.break_lines = table_of_driver.texts("break_lines");
    driver.finish_functions = table_of_driver.texts("finish_functions");
    driver.step_from = table_of_driver.text("step_from");
    driver.memory_errors = table_of_driver.truth("memory_errors");
    // No program of this machine can load another one's library.
    if (subject.machine == own_machine()) subject.driver = std::move(driver);
  }
  return subject;
}

}  // namespace

}  // namespace splitstrip
