// Faults in libraries of all sorts: each is planted, or says in one line that there is no place.
#include "recipe/fault/fault.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/identity.h"
#include "elf/mutate.h"
#include "elf/test_library.h"
#include "facts/error.h"
#include "recipe/typedata.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using namespace testing_support;

class Faults : public testing::Test {
 protected:
  fs::path library(const std::vector<std::string>& flags = {}) const {
    const fs::path path = scratch_.path() / "libsmall.so";
    build_library(path, small_source, flags);
    return path;
  }
  Pair pair(const std::string& name) const {
    fs::create_directories(scratch_.path() / name);
    return {scratch_.path() / name / "libsmall.so", scratch_.path() / name / "libsmall.so.debug"};
  }
  Pair good(const fs::path& unstripped) const {
    const Pair made = pair("good");
    make_typedata_pair(unstripped, made, scratch_.path());
    return made;
  }

  ScratchDirectory scratch_;
};

TEST(FaultList, is_as_long_as_it_has_to_be_and_names_each_fault_once) {
  std::set<std::string_view> names;
  for (const Fault& fault : all_faults()) {
    EXPECT_TRUE(names.insert(fault.name).second) << fault.name;
    EXPECT_FALSE(fault.what.empty()) << fault.name;
    EXPECT_EQ(fault.what.find('\n'), std::string_view::npos) << fault.name;
  }
  EXPECT_GE(names.size(), 40U);
  for (const FaultGroup group : {FaultGroup::main, FaultGroup::debug, FaultGroup::typedata})
    EXPECT_GE(std::ranges::count(all_faults(), group, &Fault::group), 10) << to_string(group);
}

TEST(FaultList, refuses_a_name_that_nobody_knows) {
  EXPECT_THAT(message_of([] { find_recipe("fault:such"); }),
              testing::HasSubstr("fault:such: no such fault"));
}

// Main and debug each change in the faults of their group, and nothing but the debug link's CRC
// beside them.
TEST_F(Faults, change_what_their_group_says) {
  const fs::path unstripped = library({"-gdwarf-5"});
  const Pair whole = good(unstripped);
  std::size_t planted = 0;
  for (const Fault& fault : all_faults()) {
    const Pair made = pair("made");
    try {
      find_recipe("fault:" + std::string(fault.name))->make(unstripped, made, scratch_.path());
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("has no ")) << fault.name;
      continue;
    }
    ++planted;
    const bool debug_changed = file_bytes(made.debug) != file_bytes(whole.debug);
    EXPECT_EQ(debug_changed, fault.group == FaultGroup::debug) << fault.name;
    std::vector<std::byte> main = file_bytes(made.main);
    if (fault.group == FaultGroup::debug) {
      const ElfFile elf = ElfFile::open(made.main);
      const ElfFile before = ElfFile::open(whole.main);
      EXPECT_EQ(debug_link(elf)->crc, debug_link_crc(file_bytes(made.debug))) << fault.name;
      std::ranges::copy_n(
          before.bytes().begin() + static_cast<std::ptrdiff_t>(debug_link(before)->crc_offset), 4,
          main.begin() + static_cast<std::ptrdiff_t>(debug_link(elf)->crc_offset));
      EXPECT_EQ(main, file_bytes(whole.main)) << fault.name;
    } else {
      EXPECT_NE(main, file_bytes(whole.main)) << fault.name;
    }
  }
  EXPECT_GE(planted, 40U);
}

TEST_F(Faults, are_the_same_bytes_each_time) {
  const fs::path unstripped = library();
  const auto recipe = find_recipe("fault:param-lost");
  recipe->make(unstripped, pair("one"), scratch_.path());
  recipe->make(unstripped, pair("two"), scratch_.path());
  EXPECT_EQ(file_bytes(pair("one").main), file_bytes(pair("two").main));
  EXPECT_EQ(file_bytes(pair("one").debug), file_bytes(pair("two").debug));
}

TEST_F(Faults, are_planted_or_refused_in_other_forms_of_dwarf) {
  const std::vector<std::vector<std::string>> forms = {
      {"-gdwarf-2", "-gstrict-dwarf"},
      {"-gdwarf-3"},
      {"-gdwarf-4", "-fdebug-types-section"},
      {"-gdwarf-5", "-fdebug-types-section"},
      {"-gdwarf-5", "-gz=zlib"},
      {"-gdwarf64", "-gdwarf-5"},
      {"-gdwarf-5", "-gsplit-dwarf"},
      {"-g1"},
      {"-g", "-Wl,--build-id=none"},
  };
  for (const auto& flags : forms) {
    const fs::path unstripped = library(flags);
    std::size_t planted = 0;
    for (const Fault& fault : all_faults()) {
      const std::string message = message_of([&] {
        find_recipe("fault:" + std::string(fault.name))
            ->make(unstripped, pair("made"), scratch_.path());
      });
      if (message.empty()) ++planted;
      EXPECT_EQ(message.find('\n'), std::string::npos) << fault.name << ": " << message;
    }
    EXPECT_GT(planted, 0U) << flags[0];
  }
}

TEST_F(Faults, refuse_what_is_no_unstripped_library) {
  const fs::path text = scratch_.path() / "text.so";
  write_bytes(text, {std::byte{'h'}, std::byte{'i'}});
  const fs::path stripped = scratch_.path() / "stripped.so";
  run({"strip", "-o", stripped.string(), library().string()});
  for (const Fault& fault : all_faults()) {
    const auto recipe = find_recipe("fault:" + std::string(fault.name));
    for (const fs::path& input : {text, stripped}) {
      const Pair made = pair("refused");
      EXPECT_THAT(message_of([&] { recipe->make(input, made, scratch_.path()); }),
                  testing::StartsWith(input.string()))
          << fault.name;
      EXPECT_FALSE(fs::exists(made.main) || fs::exists(made.debug));
    }
  }
}

// A pair that is damaged already: planting ends in an Error or in some pair, never in a crash.
TEST_F(Faults, survive_damaged_pairs) {
  const Pair whole = good(library());
  const auto main = file_bytes(whole.main);
  const auto debug = file_bytes(whole.debug);
  const Pair damaged = pair("damaged");
  Mutator mutate(20261123);
  std::size_t planted = 0;
  constexpr int rounds = 20;
  for (int round = 0; round < rounds; ++round) {
    for (const Fault& fault : all_faults()) {
      write_bytes(damaged.main, round % 2 == 0 ? mutate(main) : main);
      write_bytes(damaged.debug, mutate(debug));
      try {
        PairDraft draft(damaged);
        fault.plant(draft);
        draft.save();
        ++planted;
      } catch (const Error&) {  // as it should
      }
    }
  }
  EXPECT_GT(planted, 0U);
}

}  // namespace
}  // namespace splitstrip
