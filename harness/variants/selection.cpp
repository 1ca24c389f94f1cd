#include "variants/selection.h"

#include <algorithm>

#include "facts/error.h"
#include "variants/cover.h"

namespace splitstrip {

namespace {

std::vector<std::size_t> combined_axes() {
  std::vector<std::size_t> axes;
  for (std::size_t axis = 0; axis < all_axes().size(); ++axis)
    if (axis != axis_index("machine")) axes.push_back(axis);
  return axes;
}

// Why a fixture cannot be built so, or nothing.
class Rules {
 public:
  explicit Rules(const FixtureForms& forms)
      : forms_(forms), own_(forms.never), general_(all_exclusions()) {}

  std::string against(const Levels& levels) const {
    for (std::size_t axis = 0; axis < levels.size(); ++axis)
      if (levels[axis] > 0 && std::ranges::find(forms_.axes, axis) == forms_.axes.end())
        return std::string("its fixture.toml does not list the axis `") +
               std::string(all_axes()[axis].name) + "`";
    if (const std::string* reason = own_.against(levels)) return *reason;
    if (const std::string* reason = general_.against(levels)) return *reason;
    return {};
  }

 private:
  const FixtureForms& forms_;
  Exclusions own_;
  Exclusions general_;
};

const FixtureForms& find_forms(std::span<const FixtureForms> fixtures, const std::string& name) {
  const auto found = std::ranges::find(fixtures, name, &FixtureForms::fixture);
  if (found == fixtures.end()) throw Error::of("{}: no such fixture", name);
  return *found;
}

void add_once(std::vector<Form>& forms, Form form) {
  const bool there = std::ranges::any_of(forms, [&](const Form& other) {
    return other.fixture == form.fixture && other.levels == form.levels;
  });
  if (!there) forms.push_back(std::move(form));
}

Levels with(std::size_t axis, int level) {
  Levels levels = base_levels();
  levels[axis] = level;
  return levels;
}

void add_axis(std::vector<Form>& result, const FixtureForms& forms, std::size_t axis) {
  const Rules rules(forms);
  for (std::size_t level = 1; level < all_axes()[axis].levels.size(); ++level)
    if (const Levels levels = with(axis, static_cast<int>(level)); rules.against(levels).empty())
      add_once(result, {forms.fixture, levels});
}

}  // namespace

std::string Form::name() const {
  const std::string variant = variant_name(levels);
  return variant.empty() ? fixture : fixture + "@" + variant;
}

std::vector<Form> default_forms(std::span<const FixtureForms> fixtures) {
  if (fixtures.empty()) return {};
  const std::vector<std::size_t> axes = combined_axes();
  std::vector<Rules> rules(fixtures.begin(), fixtures.end());
  std::vector<int> sizes{static_cast<int>(fixtures.size())};
  for (const std::size_t axis : axes)
    sizes.push_back(static_cast<int>(all_axes()[axis].levels.size()));

  const auto levels_of = [&](const std::vector<int>& row) {
    Levels levels = base_levels();
    for (std::size_t i = 0; i < axes.size(); ++i) levels[axes[i]] = row[i + 1];
    return levels;
  };
  // Without a fixture a row can be if one of the fixtures can have it.
  const auto possible = [&](const std::vector<int>& row) {
    const Levels levels = levels_of(row);
    if (row[0] >= 0) return rules[static_cast<std::size_t>(row[0])].against(levels).empty();
    return std::ranges::any_of(rules, [&](const Rules& r) { return r.against(levels).empty(); });
  };

  std::vector<Form> result;
  const auto rows = covering_rows(sizes, possible);
  for (std::size_t i = 0; i < fixtures.size(); ++i) {
    for (const auto& row : rows)
      if (row[0] == static_cast<int>(i)) add_once(result, {fixtures[i].fixture, levels_of(row)});
    if (fixtures[i].foreign_by_default) add_axis(result, fixtures[i], axis_index("machine"));
  }
  return result;
}

std::vector<Form> all_forms(std::span<const FixtureForms> fixtures, const std::string& fixture) {
  const FixtureForms& forms = find_forms(fixtures, fixture);
  std::vector<Form> result{{fixture, base_levels()}};
  for (const std::size_t axis : forms.axes) add_axis(result, forms, axis);
  for (Form& form : default_forms(fixtures))
    if (form.fixture == fixture) add_once(result, std::move(form));
  return result;
}

std::vector<Form> select_forms(std::span<const FixtureForms> fixtures,
                               std::span<const std::string> wanted, const std::string& variants) {
  std::vector<Form> result;
  if (variants == "default") {
    for (Form& form : default_forms(fixtures))
      if (std::ranges::find(wanted, form.fixture) != wanted.end())
        result.push_back(std::move(form));
    return result;
  }
  std::string reason;
  for (const std::string& name : wanted) {
    if (variants == "none") {
      result.push_back({name, base_levels()});
    } else if (variants == "all") {
      for (Form& form : all_forms(fixtures, name)) result.push_back(std::move(form));
    } else {
      const Levels levels = parse_variant(variants);
      reason = Rules(find_forms(fixtures, name)).against(levels);
      if (reason.empty()) result.push_back({name, levels});
    }
  }
  if (result.empty() && !reason.empty())
    throw Error::of("{}: no fixture has this variant: {}", variants, reason);
  return result;
}

Form parse_form(std::span<const FixtureForms> fixtures, const std::string& name) {
  const std::size_t at = name.find('@');
  const FixtureForms& forms = find_forms(fixtures, name.substr(0, at));
  Form form{forms.fixture, base_levels()};
  if (at != std::string::npos) form.levels = parse_variant(name.substr(at + 1));
  if (const std::string reason = Rules(forms).against(form.levels); !reason.empty())
    throw Error::of("{}: cannot be built: {}", name, reason);
  return form;
}

}  // namespace splitstrip
