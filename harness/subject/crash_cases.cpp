#include "subject/crash_cases.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "facts/error.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

// A case's table, or what one consumer has otherwise over it.
class CaseTable {
 public:
  CaseTable(const toml::table& table, const toml::table* over, std::string where)
      : table_(table), over_(over), where_(std::move(where)) {}

  std::string text(std::string_view key) const {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    if (const auto value = node->value_exact<std::string>(); value && !value->empty())
      return *value;
    throw wrong(fmt::format("`{}` has to be a string that is not empty", key));
  }

  std::string required(std::string_view key) const {
    std::string value = text(key);
    if (value.empty()) throw wrong(fmt::format("`{}` is missing", key));
    return value;
  }

  bool truth(std::string_view key) const {
    const toml::node* node = find(key);
    return node != nullptr && node->value_or(false);
  }

  std::vector<std::string> texts(std::string_view key) const {
    std::vector<std::string> list;
    const toml::node* node = find(key);
    if (node == nullptr) return list;
    if (node->as_array() == nullptr) throw wrong(fmt::format("`{}` has to be a list", key));
    for (const toml::node& item : *node->as_array()) {
      const auto value = item.value_exact<std::string>();
      if (!value || value->empty()) throw wrong(fmt::format("`{}` has to hold strings", key));
      list.push_back(*value);
    }
    return list;
  }

  Error wrong(const std::string& what) const { return Error::of("{}: {}", where_, what); }

 private:
  // Keys of which there may be one: the consumer's own takes the place of all.
  const toml::node* find(std::string_view key) const {
    static constexpr std::string_view groups[][3] = {{"dies", "corrupts", ""},
                                                     {"says", "heals", "uncaught"}};
    if (over_ == nullptr) return table_.get(key);
    if (const toml::node* own = over_->get(key)) return own;
    for (const auto& group : groups) {
      if (std::ranges::find(group, key) == std::end(group)) continue;
      for (const auto other : group)
        if (!other.empty() && over_->contains(other)) return nullptr;
    }
    return table_.get(key);
  }

  const toml::table& table_;
  const toml::table* over_;
  std::string where_;
};

CaseEnds read_ends(const CaseTable& table) {
  CaseEnds ends;
  ends.unavailable = table.text("unavailable");
  ends.right = fmt::format("returns {}", table.required("right"));
  const std::string dies = table.text("dies"), corrupts = table.text("corrupts");
  ends.says = table.texts("says");
  const bool heals = table.truth("heals"), uncaught = !table.text("uncaught").empty();
  const int ways = int{!ends.says.empty()} + int{heals} + int{uncaught};
  if (dies.empty() && corrupts.empty() && ways == 0) return ends;
  if (dies.empty() == corrupts.empty()) throw table.wrong("needs either `dies` or `corrupts`");
  ends.plain =
      dies.empty() ? fmt::format("returns {}", corrupts) : fmt::format("killed by {}", dies);
  if (ends.plain == ends.right) throw table.wrong("what `corrupts` says is right");
  if (ways != 1) throw table.wrong("needs one of `says`, `heals` and `uncaught`");
  ends.checked = heals ? ends.right : uncaught ? ends.plain : "raises TypeError";
  return ends;
}

CrashCase read_case(const fs::path& directory, std::string name, const toml::table& table,
                    const std::string& where) {
  CrashCase one;
  one.script = directory / "cases" / (name + ".py");
  if (!fs::is_regular_file(one.script))
    throw Error::of("{}: has no script {}; write it, or take the case out", where,
                    one.script.string());
  const CaseTable plain(table, nullptr, where);
  one.name = std::move(name);
  one.kind = plain.required("class");
  one.like = plain.text("like");
  one.ends = read_ends(plain);
  static const std::set<std::string_view> known{"class", "like",     "dies",  "corrupts",   "says",
                                                "heals", "uncaught", "right", "unavailable"};
  for (const auto& [key, value] : table) {
    if (const toml::table* over = value.as_table())
      one.by_consumer.emplace(key.str(), read_ends(CaseTable(table, over, where)));
    else if (!known.contains(key.str()))
      throw Error::of("{}: nobody knows the key `{}`; see subject/crash_cases.h", where, key.str());
  }
  return one;
}

}  // namespace

const CaseEnds& CrashCase::ends_for(std::string_view consumer) const {
  const auto own = by_consumer.find(consumer);
  return own == by_consumer.end() ? ends : own->second;
}

std::vector<CrashCase> crash_cases(const fs::path& directory) {
  std::vector<CrashCase> cases;
  const fs::path file = directory / "cases.toml";
  if (!fs::exists(file)) return cases;
  toml::table parsed;
  try {
    parsed = toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    throw Error::of("{}:{}: {}", file.string(), error.source().begin.line, error.description());
  }
  for (const auto& [key, value] : parsed) {
    const std::string where = fmt::format("{}: {}", file.string(), key.str());
    if (value.as_table() == nullptr) throw Error::of("{}: has to be a table", where);
    cases.push_back(read_case(directory, std::string(key.str()), *value.as_table(), where));
  }
  std::ranges::sort(cases, {}, &CrashCase::name);
  for (const auto& entry : fs::directory_iterator(directory / "cases")) {
    const fs::path& script = entry.path();
    if (script.extension() == ".py" &&
        !std::ranges::binary_search(cases, script.stem().string(), {}, &CrashCase::name))
      throw Error::of("{}: has no case {}; declare how that script has to end", file.string(),
                      script.stem().string());
  }
  return cases;
}

}  // namespace splitstrip
