#include "consumers/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace splitstrip {
namespace {

struct Collected : FactSink {
  std::vector<std::string> facts;
  void add(std::string_view query, std::string_view key, std::string_view value) override {
    facts.push_back(std::string(query) + "|" + std::string(key) + "|" + std::string(value));
  }
};

TEST(FactLinesReader, takes_facts_cut_anywhere_and_unescapes_them) {
  FactLinesReader reader({"types"});
  Collected facts;
  const std::string_view text = "types\tstruct a\tline\\none\\\\\n!answered\ttypes\n";
  for (const char& byte : text) reader.read({&byte, 1}, facts);
  const auto ends = reader.finish({}, facts);
  EXPECT_THAT(facts.facts, testing::ElementsAre("types|struct a|line\none\\"));
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].how, QueryEnd::How::answered);
}

TEST(FactLinesReader, a_query_that_was_not_finished_has_failed) {
  FactLinesReader reader({"types", "lines"});
  Collected facts;
  reader.read("!answered\ttypes\nlines\ta.c:1\t0x10\n", facts);
  Ending killed;
  killed.how = Ending::How::signalled;
  killed.code = 11;
  for (const auto& end : reader.finish(killed, facts)) {
    EXPECT_EQ(end.how == QueryEnd::How::answered, end.query == "types");
    if (end.query == "lines") {
      EXPECT_THAT(end.reason, testing::HasSubstr("SIGSEGV"));
    }
  }
}

TEST(FactLinesReader, garbage_fails_every_query_of_the_run) {
  FactLinesReader reader({"types"});
  Collected facts;
  reader.read("!answered\ttypes\nTraceback (most recent call last)\n", facts);
  const auto ends = reader.finish({}, facts);
  EXPECT_EQ(ends.at(0).how, QueryEnd::How::failed);
  EXPECT_THAT(ends.at(0).reason, testing::HasSubstr("Traceback"));
}

TEST(LineReader, cuts_an_endless_line) {
  struct Longest : LineReader {
    std::size_t longest = 0;
    void line(std::string_view text, FactSink&) override {
      longest = std::max(longest, text.size());
    }
    std::vector<QueryEnd> end(const Ending&, FactSink&) override { return {}; }
  } reader;
  Collected facts;
  const std::string piece(LineReader::longest_line, 'x');
  for (int i = 0; i < 3; ++i) reader.read(piece, facts);
  reader.finish({}, facts);
  EXPECT_EQ(reader.longest, LineReader::longest_line);
}

}  // namespace
}  // namespace splitstrip
