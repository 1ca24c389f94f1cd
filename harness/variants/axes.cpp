#include "variants/axes.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "facts/error.h"

namespace splitstrip {

namespace {

struct Place {
  std::size_t axis;
  int level;
};

std::optional<Place> find_word(std::string_view word) {
  const auto axes = all_axes();
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    const auto found = std::ranges::find(axes[axis].levels, word, &Level::word);
    if (found != axes[axis].levels.end())
      return Place{axis, static_cast<int>(found - axes[axis].levels.begin())};
  }
  return std::nullopt;
}

std::vector<std::string> words_of(std::string_view axis, std::size_t from) {
  std::vector<std::string> words;
  for (std::size_t i = from; i < all_axes()[axis_index(axis)].levels.size(); ++i)
    words.emplace_back(all_axes()[axis_index(axis)].levels[i].word);
  return words;
}

std::vector<Exclusion> make_exclusions() {
  std::vector<Exclusion> all{
      {{{"typeunits"}, {"dwarf2", "dwarf3"}}, "type units came with DWARF 4"},
      {{{"typeunits"}, {"g1"}}, "-g1 describes no types"},
      {{{"dwo", "dwp"}, {"dwarf2", "dwarf3"}}, "split DWARF came with DWARF 4"},
      {{{"dwo", "dwp"}, {"lto"}}, "gcc makes no split DWARF with LTO"},
      {{{"dwo", "dwp"}, {"g1"}}, "with -g1, compilers leave nothing to split off"},
      {{{"dwp"}, {"gcc"}, {"dwarf5"}},
       "binutils' dwp makes packages of DWARF 4 alone, and llvm-dwp 14 does not end on gcc's "
       "DWARF 5"},
      {{{"dwp"}, {"dwarf64"}}, "no dwp reads 64-bit DWARF"},
      {{{"dwo", "dwp"}, {"dwz", "dwzmulti"}}, "dwz knows no split DWARF"},
      {{{"dwz", "dwzmulti"}, {"clang"}, {"dwarf5"}}, "dwz knows no .debug_addr"},
      {{{"dwz", "dwzmulti"}, {"dwarf64"}}, "dwz knows no 64-bit DWARF"},
      {{{"dwz", "dwzmulti"}, {"g1"}}, "-g1 leaves dwz nothing to share"},
      {{{"dwarf64"}, {"dwarf2"}}, "64-bit DWARF came with DWARF 3"},
      {{{"hotcold"}, {"clang"}}, "the profile that decides what is cold is made with gcc"},
      {{{"hotcold"}, {"O0"}}, "without optimisation nothing is moved"},
      {{{"hotcold"}, {"Os"}}, "-Os uses the profile, but moves nothing"},
      {{{"pruned"}, {"gcc"}}, "gcc describes all parameters"},
      {{{"pruned"}, {"O0", "Os"}}, "the linker is told -O2"},
      {{{"pruned"}, {"lto", "dwo", "dwp"}}, "it is link-time optimisation already"},
      {{{"pruned"}, {"gold"}}, "LLVM's linker is asked for it"},
      {{{"debugnames"}, {"gcc"}},
       "gcc writes no .debug_names, and gdb 13 stops with an internal error on what gdb-add-index "
       "-dwarf-5 writes"},
      {{{"debugnames"}, {"dwarf2", "dwarf3", "dwarf4"}}, ".debug_names came with DWARF 5"},
      {{{"debugnames"}, {"lto", "pruned", "dwo", "dwp"}},
       "clang writes .debug_names for whole units alone"},
      {{{"debugnames"}, {"typeunits"}}, "clang 14 writes no .debug_names beside type units"},
      {{{"dwp"}, {"dwarf5"}, {"gdbindex"}},
       "gdb-add-index 13 crashes on a package of DWARF 5 as LLVM makes it"},
      {{{"dwz", "dwzmulti"}, {"typeunits"}},
       "gdb 13 crashes on type units that dwz has seen, and dwz knows no DW_UT_type"},
      {{{"dwo", "dwp"}, {"typeunits"}, {"gcc"}, {"dwarf5"}},
       "gdb 13 cannot read gcc's .dwo files of DWARF 5 with type units"},
      {{{"typeunits"}, {"lto"}, {"gcc"}, {"dwarf4"}},
       "gdb 13 does not find the units that LTO refers to beside .debug_types"},
      {{{"dwo"}, {"dwarf64"}, {"gdbindex"}}, "gdb 13 misreads such an index"},
  };
  // Nor is a foreign machine combined with anything: its forms are those of the native compiler.
  // And that there is a .ctf matters to the recipe of that name, which says nothing about forms of
  // DWARF.
  const auto alone = [&all](const std::string& axis, const char* reason) {
    std::vector<std::string> others;
    for (const Axis& other : all_axes()) {
      if (other.name == axis) continue;
      for (std::string& word : words_of(other.name, 1)) others.push_back(std::move(word));
    }
    all.push_back({{words_of(axis, 1), others}, reason});
  };
  alone("machine", "cross compilers are asked for the base alone");
  alone("types", ".ctf is there for the recipe of that name, which needs but one");
  return all;
}

}  // namespace

std::span<const Axis> all_axes() {
  static const std::vector<Axis> axes{
      {"compiler", {{"gcc", "gcc, g++"}, {"clang", "clang, clang++"}}},
      {"optimisation", {{"O2", "-O2"}, {"O0", "-O0"}, {"Os", "-Os"}}},
      {"dwarf",
       {{"dwarf5", "-gdwarf-5"},
        {"dwarf4", "-gdwarf-4"},
        {"dwarf3", "-gdwarf-3"},
        {"dwarf2", "-gdwarf-2"}}},
      {"detail", {{"g2", "-g"}, {"g1", "-g1: lines and functions"}, {"g3", "-g3: macros as well"}}},
      {"units", {{"compileunits", "types in their units"}, {"typeunits", "-fdebug-types-section"}}},
      {"packing",
       {{"uncompressed", "no compression"},
        {"zlib", "--compress-debug-sections=zlib"},
        {"zstd", "--compress-debug-sections=zstd"}}},
      {"code",
       {{"straight", "unit by unit"},
        {"lto", "link-time optimisation"},
        {"hotcold", "cold parts of functions apart, by a profile of the driver"}}},
      {"parameters",
       {{"described", "all of them"},
        {"pruned", "optimised by clang's linker alone: what nobody uses is not described"}}},
      {"split",
       {{"whole", "all DWARF in the library"},
        {"dwo", "-gsplit-dwarf, .dwo files"},
        {"dwp", "-gsplit-dwarf, a .dwp package"}}},
      {"sharing",
       {{"unshared", "as compiled"},
        {"dwz", "dwz"},
        {"dwzmulti", "dwz -m: a common file, .gnu_debugaltlink"}}},
      {"index",
       {{"unindexed", "as compiled"}, {"gdbindex", ".gdb_index"}, {"debugnames", ".debug_names"}}},
      {"offsets", {{"dwarf32", "-gdwarf32"}, {"dwarf64", "-gdwarf64"}}},
      {"linker", {{"linked", "ld, or what the fixture asks for"}, {"gold", "-fuse-ld=gold"}}},
      {"types", {{"dwarfalone", "no other types"}, {"ctf", "-gctf: a .ctf section as well"}}},
      {"machine",
       {{"native", "this machine's compiler"},
        {"aarch64", "aarch64-linux-gnu-gcc"},
        {"ppc64le", "powerpc64le-linux-gnu-gcc"},
        {"s390x", "s390x-linux-gnu-gcc (big-endian)"},
        {"i686", "i686-linux-gnu-gcc (32-bit)"},
        {"riscv64", "riscv64-linux-gnu-gcc"}}},
  };
  return axes;
}

std::size_t axis_index(std::string_view name) {
  const auto axes = all_axes();
  const auto found = std::ranges::find(axes, name, &Axis::name);
  if (found == axes.end()) {
    std::vector<std::string_view> names;
    for (const Axis& axis : axes) names.push_back(axis.name);
    throw Error::of("{}: no axis of variants; there are {}", name, fmt::join(names, ", "));
  }
  return static_cast<std::size_t>(found - axes.begin());
}

Levels base_levels() {
  return Levels(all_axes().size(), 0);
}

std::span<const Exclusion> all_exclusions() {
  static const std::vector<Exclusion> exclusions = make_exclusions();
  return exclusions;
}

Exclusions::Exclusions(std::span<const Exclusion> list) {
  for (const Exclusion& exclusion : list) {
    Rule rule{{}, exclusion.reason};
    for (const auto& words : exclusion.groups) {
      for (const std::string& word : words)
        if (!find_word(word))
          throw Error::of("{}: no level of any axis; see harness/variants/axes.cpp", word);
      rule.groups.push_back({});
      for (const std::string& word : words) {
        const Place place = *find_word(word);
        auto& group = rule.groups.back();
        const auto same = std::ranges::find(group, place.axis, &Part::axis);
        if (same == group.end()) {
          group.push_back({place.axis, 1U << place.level});
        } else {
          same->levels |= 1U << place.level;
        }
      }
    }
    rules_.push_back(std::move(rule));
  }
}

const std::string* Exclusions::against(const Levels& levels) const {
  const auto has = [&](const Part& part) {
    const int level = levels[part.axis];
    return level != no_level && (part.levels >> level & 1U) != 0;
  };
  for (const Rule& rule : rules_)
    if (std::ranges::all_of(rule.groups,
                            [&](const auto& group) { return std::ranges::any_of(group, has); }))
      return &rule.reason;
  return nullptr;
}

std::string variant_name(const Levels& levels) {
  std::vector<std::string_view> words;
  for (std::size_t axis = 0; axis < levels.size(); ++axis)
    if (levels[axis] > 0)
      words.push_back(all_axes()[axis].levels[static_cast<std::size_t>(levels[axis])].word);
  return fmt::format("{}", fmt::join(words, "-"));
}

Levels parse_variant(std::string_view name) {
  Levels levels(all_axes().size(), no_level);
  for (std::size_t from = 0; from <= name.size();) {
    const std::size_t end = std::min(name.find('-', from), name.size());
    const std::string_view word = name.substr(from, end - from);
    from = end + 1;
    const auto place = find_word(word);
    if (!place)
      throw Error::of("{}: \"{}\" is no form of DWARF; `splitstrip variants` lists them", name,
                      word);
    if (levels[place->axis] != no_level)
      throw Error::of("{}: says the {} twice; name one", name, all_axes()[place->axis].name);
    levels[place->axis] = place->level;
  }
  std::ranges::replace(levels, no_level, 0);
  const Exclusions exclusions(all_exclusions());
  if (const std::string* reason = exclusions.against(levels))
    throw Error::of("{}: cannot be built: {}; name another variant", name, *reason);
  return levels;
}

}  // namespace splitstrip
