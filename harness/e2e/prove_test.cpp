// Planted faults: that each is noticed, and by whom, is the proof that a check without differences
// means something.
#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/tool.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

using Json = nlohmann::json;

class Prove : public testing::Test {
 protected:
  // `splitstrip prove WORDS`, and prove.json.
  Json prove(std::vector<std::string> words) {
    words.insert(words.begin(), "prove");
    for (const std::string& word : {std::string("--output"), (scratch_.path() / "out").string()})
      words.push_back(word);
    end_ = splitstrip_program(words);
    std::ifstream file(scratch_.path() / "out" / "prove.json");
    EXPECT_TRUE(file) << end_.errors;
    return Json::parse(file, nullptr, false);
  }

  ScratchDirectory scratch_;
  ProgramEnd end_;
};

std::set<std::string> cells_of(const Json& fault) {
  std::set<std::string> cells;
  for (const Json& notice : fault.at("noticed"))
    cells.insert(notice.at("consumer").get<std::string>() + " " +
                 notice.at("query").get<std::string>());
  return cells;
}

TEST_F(Prove, a_handful_of_faults_is_noticed) {
  const Json proof = prove({"--fault", "param-type", "--fault", "line-shifted", "--fault",
                            "debug-build-id", "--fault", "symbol-name", "--fault", "inline-lost",
                            "--consumer", "gdb", "--consumer", "eu-stack", "calls"});
  EXPECT_EQ(end_.status, 0) << end_.output << end_.errors;
  const std::map<std::string, std::vector<std::string>> expected = {
      {"param-type", {"gdb functions", "gdb scopes"}},
      {"line-shifted", {"gdb lines", "eu-stack addresses"}},
      {"debug-build-id", {"gdb types", "gdb functions", "gdb lines", "eu-stack addresses"}},
      {"symbol-name", {"eu-stack symbols"}},
      {"inline-lost", {"gdb scopes", "eu-stack core"}},
  };
  ASSERT_EQ(proof.at("faults").size(), expected.size());
  for (const Json& fault : proof.at("faults")) {
    EXPECT_EQ(fault.at("state"), "noticed") << fault.dump();
    EXPECT_THAT(cells_of(fault), testing::IsSupersetOf(expected.at(fault.at("name"))));
  }
}

// The control: what makes no difference must not be noticed, and that fails the run.
TEST_F(Prove, a_pair_without_a_fault_is_unnoticed_and_fails) {
  const Json proof = prove({"--fault", "nothing", "--consumer", "eu-stack", "calls"});
  EXPECT_EQ(end_.status, 1) << end_.output << end_.errors;
  EXPECT_EQ(proof.at("faults").at(0).at("state"), "unnoticed");
  EXPECT_THAT(end_.output, testing::HasSubstr("1 unnoticed"));
}

TEST_F(Prove, a_fault_without_a_place_is_not_planted_and_fails) {
  const Json proof = prove({"--fault", "base-moved", "--consumer", "eu-stack", "calls"});
  EXPECT_EQ(end_.status, 2) << end_.output << end_.errors;
  EXPECT_EQ(proof.at("faults").at(0).at("state"), "not planted");
  EXPECT_THAT(proof.at("faults").at(0).at("reason").get<std::string>(),
              testing::HasSubstr("has no base class"));
}

TEST(ProveWords, are_refused_in_one_line) {
  const auto end = splitstrip_program({"prove", "--fault", "such"});
  EXPECT_EQ(end.status, 2);
  EXPECT_EQ(end.errors, "splitstrip: such: no such fault; `splitstrip prove --list` names them\n");
}

TEST(ProveWords, list_names_every_fault) {
  const auto end = splitstrip_program({"prove", "--list"});
  EXPECT_EQ(end.status, 0);
  EXPECT_THAT(end.output, testing::AllOf(testing::HasSubstr("member-moved"),
                                         testing::HasSubstr("typed-alias-lost"),
                                         testing::HasSubstr("main-build-id")));
}

std::map<std::string, std::string> versions(const Json& proof) {
  std::map<std::string, std::string> versions;
  for (const Json& consumer : proof.at("consumers"))
    versions[consumer.at("name")] = consumer.at("version");
  return versions;
}

// The cells of consumers that are of one version in both.
std::set<std::string> comparable(const Json& fault, const Json& one, const Json& other) {
  const auto of_one = versions(one), of_other = versions(other);
  std::set<std::string> cells;
  for (const Json& notice : fault.at("noticed")) {
    const std::string consumer = notice.at("consumer");
    const auto left = of_one.find(consumer), right = of_other.find(consumer);
    if (left != of_one.end() && right != of_other.end() && left->second == right->second)
      cells.insert(consumer + " " + notice.at("query").get<std::string>());
  }
  return cells;
}

// All faults, each noticed by all cells that results/prove.json says (a query that was added since
// may notice more), asked of the consumers that stand there. Where one is missing or of another
// version, each fault has to be noticed by somebody.
TEST(ProveTable, is_the_published_one) {
  const ScratchDirectory scratch;
  const auto output = scratch.path() / "out";
  std::ifstream published_file(SPLITSTRIP_PROOF);
  ASSERT_TRUE(published_file);
  const Json published = Json::parse(published_file);
  std::vector<std::string> words = {"prove", "--timeout", "120", "--output", output};
  for (const Json& consumer : published.at("consumers")) {
    words.push_back("--consumer");
    words.push_back(consumer.at("name"));
  }
  const auto end = splitstrip_program(words);
  std::ifstream made_file(output / "prove.json");
  ASSERT_TRUE(made_file) << end.errors;
  const Json made = Json::parse(made_file);
  EXPECT_EQ(end.status, 0) << end.output;
  std::map<std::string, Json> by_name;
  for (const Json& fault : made.at("faults")) by_name[fault.at("name")] = fault;
  EXPECT_EQ(by_name.size(), published.at("faults").size()) << "publish the table again";
  for (const Json& expected : published.at("faults")) {
    const std::string name = expected.at("name");
    ASSERT_TRUE(by_name.contains(name)) << name;
    const Json& fault = by_name.at(name);
    EXPECT_THAT(fault.at("state"), testing::AnyOf("noticed", "equivalent")) << name;
    EXPECT_THAT(comparable(fault, made, published),
                testing::IsSupersetOf(comparable(expected, made, published)))
        << name;
  }
}

}  // namespace
}  // namespace splitstrip
