#include "check/ask.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/answers.h"
#include "facts/fact_file.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

// A consumer whose runs are shell scripts that write to the facts channel.
class Scripts final : public Consumer {
 public:
  struct Script {
    std::vector<std::string> queries;
    std::string text;
  };
  explicit Scripts(std::vector<Script> scripts) : scripts_(std::move(scripts)) {}

  std::string_view name() const override { return "scripts"; }
  std::span<const Query> queries() const override { return {}; }
  Detection detect() const override { return {}; }
  std::vector<Run> plan(const Question&, const Detection&) const override {
    std::vector<Run> runs;
    for (const auto& [queries, text] : scripts_) {
      Run run;
      run.label = "run" + std::to_string(runs.size());
      run.queries = queries;
      run.command.argv = {"sh", "-c", text};
      run.command.answers = Channel::facts;
      run.reader = std::make_unique<FactLinesReader>(queries);
      runs.push_back(std::move(run));
    }
    return runs;
  }

 private:
  std::vector<Script> scripts_;
};

class Ask : public testing::Test {
 protected:
  Answers ask_of(std::vector<Scripts::Script> scripts, std::vector<std::string> queries,
                 std::optional<std::vector<std::string>> wanted = {}) {
    const Scripts consumer(std::move(scripts));
    const Detection found;
    const Subject subject;
    StagedPair pair;
    pair.root = "/run/of/today/root";
    pair.scratch = scratch_.path();
    Answers given;
    Runner runner(2, Runner::Signals::as_others);
    ask(runner,
        Asking{consumer,
               found,
               subject,
               pair,
               nullptr,
               queries,
               wanted.value_or(queries),
               scratch_.path(),
               {},
               {},
               {},
               {}},
        [&](Answers answers) { given = std::move(answers); });
    runner.run();
    return given;
  }

  static std::vector<std::string> lines_of(const Answer& answer) {
    std::vector<std::string> lines;
    FactReader reader(answer.facts);
    while (reader.next()) lines.emplace_back(reader.line());
    return lines;
  }

  ScratchDirectory scratch_{testing::TempDir()};
};

TEST_F(Ask, joins_the_shards_of_a_query) {
  const auto answers =
      ask_of({{{"lines"}, R"(printf 'lines\tb\t2\nlines\tc\t3\n!answered\tlines\n' >&3)"},
              {{"lines", "types"},
               R"(printf 'types\tt\t1\nlines\ta\t1\n!answered\tlines\n!answered\ttypes\n' >&3)"},
              {{"alone"}, R"(printf 'alone\tx\ty\n!answered\talone\n' >&3)"}},
             {"lines", "types", "alone"});
  EXPECT_THAT(lines_of(answers.at("lines")), ElementsAre("a\t1", "b\t2", "c\t3"));
  EXPECT_THAT(lines_of(answers.at("types")), ElementsAre("t\t1"));
  EXPECT_THAT(lines_of(answers.at("alone")), ElementsAre("x\ty"));
}

TEST_F(Ask, fails_a_query_of_which_one_shard_failed) {
  const auto answers = ask_of({{{"lines"}, R"(printf 'lines\tb\t2\n!answered\tlines\n' >&3)"},
                               {{"lines"}, R"(printf 'lines\ta\t1\n' >&3; kill -SEGV $$)"}},
                              {"lines"});
  EXPECT_EQ(answers.at("lines").ended, Outcome::crashed);
  EXPECT_THAT(answers.at("lines").reason, HasSubstr("SIGSEGV"));
  EXPECT_TRUE(answers.at("lines").facts.empty());
}

// A remembered answer is that of another run, whose stage lay elsewhere.
TEST_F(Ask, keeps_no_path_of_the_stage) {
  const auto answers = ask_of(
      {{{"types", "lines"},
        R"(printf 'types\tin /run/of/today/root/lib\t</run/of/today/root/lib/a.so: unknown>\n!answered\ttypes\n' >&3
           printf '!failed\tlines\t/run/of/today/root/a.so: no\n' >&3)"}},
      {"types", "lines"});
  EXPECT_THAT(lines_of(answers.at("types")),
              ElementsAre("in $ROOT/lib\t<$ROOT/lib/a.so: unknown>"));
  EXPECT_EQ(answers.at("lines").reason, "$ROOT/a.so: no");
}

TEST_F(Ask, leaves_out_runs_that_answer_nothing_wanted_and_drops_what_is_answered_besides) {
  const auto left_out = scratch_.path() / "ran";
  const auto besides = scratch_.path() / "types.facts.zst";
  const auto answers =
      ask_of({{{"types", "lines"},
               R"(printf 'types\tt\t1\nlines\ta\t1\n!answered\tlines\n!answered\ttypes\n' >&3)"},
              {{"globals"}, "touch " + left_out.string()}},
             {"types", "lines", "globals"}, {{"lines"}});
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_THAT(lines_of(answers.at("lines")), ElementsAre("a\t1"));
  EXPECT_FALSE(fs::exists(besides)) << "an answer that is known may lie there";
  EXPECT_FALSE(fs::exists(left_out));
}

TEST_F(Ask, tells_a_failed_consumer_from_a_failed_harness) {
  const auto answers =
      ask_of({{{"lines"}, "kill -SEGV $$"}, {{"types"}, "exit 1"}}, {"lines", "types", "globals"});
  EXPECT_TRUE(answers.at("lines").by_consumer);
  EXPECT_TRUE(answers.at("types").by_consumer);
  EXPECT_FALSE(answers.at("globals").by_consumer) << "nobody planned it";
}

TEST_F(Ask, says_which_query_no_run_was_planned_for) {
  const auto answers =
      ask_of({{{"lines"}, R"(printf '!answered\tlines\n' >&3)"}}, {"lines", "types"});
  EXPECT_TRUE(answers.at("lines").answered());
  EXPECT_THAT(answers.at("types").reason, HasSubstr("did not plan"));
}

}  // namespace
}  // namespace splitstrip
