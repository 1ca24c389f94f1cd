#include "check/memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts/atomic_file.h"
#include "facts/fact_file.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

class MemoryTest : public testing::Test {
 protected:
  // As three variants of a subject are asked; `candidate` is what its stage looks like.
  Memory::Keys keys(const std::string& candidate, bool bound,
                    const std::string& together = "types") const {
    std::vector<Memory::Asked> all{
        {"gdb", "libfoo", {"main", "", ""}, "reference", "types", together},
        {"gdb", "libfoo", {"bare", "", ""}, "withheld", "types", together},
        {"gdb", "libfoo", {candidate, "", ""}, "candidate", "types", together}};
    return memory_.keys(all, bound);
  }

  Answer answer(const std::string& value) {
    FactCollector facts(scratch_.path());
    facts.add("types", "struct s", value);
    Answer given;
    given.ended = Outcome::same;
    given.facts = facts.finish("types").file;
    given.seconds = 2.5;
    given.command = {"gdb", "-batch"};
    return given;
  }

  void remember_all(const Memory::Keys& keys) {
    for (const auto& key : keys.of_variant) memory_.remember(key, answer("16 bytes"));
  }

  // Which of the three are known.
  std::vector<bool> known(const Memory::Keys& keys) const {
    std::vector<fs::path> files;
    for (const char* name : {"r", "w", "c"}) files.push_back(scratch_.path() / name);
    std::vector<bool> result;
    for (const auto& found : memory_.recall(keys, files)) result.push_back(found.has_value());
    return result;
  }

  ScratchDirectory scratch_{testing::TempDir()};
  Cache cache_{scratch_.path() / "cache"};
  Memory memory_{cache_};
};

TEST_F(MemoryTest, gives_back_an_answer_and_says_that_it_is_an_old_one) {
  const auto those = keys("main", false);
  memory_.remember(those.of_variant[0], answer("16 bytes"));
  const auto found =
      memory_.recall(those, {scratch_.path() / "r", scratch_.path() / "w", scratch_.path() / "c"});
  ASSERT_TRUE(found[0]);
  EXPECT_TRUE(found[0]->reused);
  EXPECT_TRUE(found[0]->answered());
  EXPECT_EQ(found[0]->seconds, 2.5);
  EXPECT_EQ(found[0]->command, (std::vector<std::string>{"gdb", "-batch"}));
  FactReader facts(scratch_.path() / "r");
  ASSERT_TRUE(facts.next());
  EXPECT_EQ(facts.line(), "struct s\t16 bytes");
  EXPECT_FALSE(found[2]) << "the candidate is asked for itself, be it the very same files";
}

TEST_F(MemoryTest, holds_a_changed_candidate_against_the_known_reference) {
  remember_all(keys("main", false));
  EXPECT_EQ(known(keys("main", false)), (std::vector<bool>{true, true, true}));
  EXPECT_EQ(known(keys("other", false)), (std::vector<bool>{true, true, false}));
}

TEST_F(MemoryTest, knows_all_or_nothing_of_a_running_process) {
  remember_all(keys("main", true));
  EXPECT_EQ(known(keys("main", true)), (std::vector<bool>{true, true, true}));
  EXPECT_EQ(known(keys("other", true)), (std::vector<bool>{false, false, false}));
  auto partly = keys("third", true);
  memory_.remember(partly.of_variant[0], answer("16 bytes"));
  EXPECT_EQ(known(partly), (std::vector<bool>{false, false, false}));
}

TEST_F(MemoryTest, knows_nothing_of_a_session_with_other_questions) {
  remember_all(keys("main", false, "types lines"));
  EXPECT_EQ(known(keys("main", false, "lines types")), (std::vector<bool>{false, false, false}));
  EXPECT_EQ(known(keys("main", false, "types lines")), (std::vector<bool>{true, true, true}));
}

TEST_F(MemoryTest, forgets_what_did_not_come_again) {
  remember_all(keys("main", false));
  memory_.forget(keys("main", false));
  EXPECT_EQ(known(keys("main", false)), (std::vector<bool>{false, false, false}));
}

TEST_F(MemoryTest, remembers_that_an_answer_was_given_twice) {
  const auto those = keys("main", false);
  const auto recalled = [&] {
    return memory_.recall(those,
                          {scratch_.path() / "r", scratch_.path() / "w", scratch_.path() / "c"})[0];
  };
  memory_.remember(those.of_variant[0], answer("16 bytes"));
  auto again = recalled();
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->steady);
  again->steady = true;
  memory_.remember(those.of_variant[0], *again);
  EXPECT_TRUE(recalled()->steady);
}

TEST_F(MemoryTest, does_not_keep_what_was_not_answered) {
  const auto those = keys("main", false);
  Answer failed = answer("half of it");
  failed.ended = Outcome::timeout;
  memory_.remember(those.of_variant[0], failed);
  EXPECT_EQ(known(those), (std::vector<bool>{false, false, false}));
}

// What a crash case does is in its script; what of it is asked for, in its declaration.
TEST(SubjectFingerprint, changes_with_a_crash_case) {
  const ScratchDirectory scratch;
  const auto file = [&](const char* name, const char* text) {
    write_file(scratch.path() / name, text);
    return scratch.path() / name;
  };
  Subject subject;
  subject.unstripped = file("libfoo.so", "not looked into");
  const auto without = fingerprint(subject);
  CrashCase one;
  one.name = "swapped";
  one.script = file("swapped.py", "1");
  subject.crash_cases.push_back(one);
  const auto with = fingerprint(subject);
  EXPECT_NE(with, without);
  EXPECT_EQ(with, fingerprint(subject));
  file("swapped.py", "2");
  const auto changed = fingerprint(subject);
  EXPECT_NE(changed, with);
  subject.crash_cases[0].ends.says = {"words"};
  EXPECT_NE(fingerprint(subject), changed);
}

}  // namespace
}  // namespace splitstrip
