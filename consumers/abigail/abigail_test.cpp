#include "consumers/abigail/abigail.h"

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/test_library.h"
#include "run/runner.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;

constexpr const char* good_source = R"(
enum colour { RED, GREEN = 5, BLUE };
struct point { int x; int y; char tag[8]; unsigned flag : 3; };
typedef int (*callback)(struct point *p, void *data);
struct list { struct list *next; struct point p; callback cb; enum colour c; };
int counter;
int area(const struct point *p) { return p->x * p->y; }
int walk(struct list *l, callback cb, ...) { return cb(&l->p, 0); }
enum colour pick(double d) { return d > 1 ? RED : BLUE; }
)";

using Facts = std::multimap<std::string, std::string>;

struct Asked {
  Facts facts;
  QueryEnd end;
};

struct FactsSink : FactSink {
  explicit FactsSink(Facts& to) : facts(to) {}
  void add(std::string_view, std::string_view key, std::string_view value) override {
    facts.emplace(key, value);
  }
  Facts& facts;
};

// The facts of `left` that `right` does not have: how evidence and regressions are found.
std::size_t only_left(const Facts& left, const Facts& right) {
  std::vector<std::pair<std::string, std::string>> one(left.begin(), left.end()),
      two(right.begin(), right.end()), rest;
  std::ranges::sort(one);
  std::ranges::sort(two);
  std::ranges::set_difference(one, two, std::back_inserter(rest));
  return rest.size();
}

// A library in three states, laid out as a stage has it: stripped by eu-strip (the conventional
// recipe), the same with its ABI broken, and the same with its DWARF left in main, reduced to what
// main would keep (here: all types of one empty unit).
class Abigail : public testing::Test {
 protected:
  void SetUp() override {
    found_ = consumer_->detect();
    ASSERT_TRUE(found_.available) << found_.reason;
    std::string broken = good_source;
    broken.replace(broken.find("int y"), 5, "long y");
    make("reference", good_source);
    make("pair", good_source);
    make("broken", broken);
    fs::create_directories(scratch_.path() / "run");
  }

  void make(const std::string& name, const std::string& source) {
    const auto root = scratch_.path() / name;
    fs::create_directories(root / "lib");
    fs::create_directories(root / "build");
    const auto unstripped = root / "build" / "liba.so.1";
    testing_support::build_library(unstripped, source,
                                   {"-ffile-prefix-map=" + root.string() + "=."});
    const auto notes = testing_support::run({"eu-readelf", "-n", unstripped});
    const std::string mark = "Build ID: ";
    const auto id = notes.substr(notes.find(mark) + mark.size(), 40);
    const auto debug = root / "debug" / ".build-id" / id.substr(0, 2);
    fs::create_directories(debug);
    testing_support::run({"eu-strip", "-f", debug / (id.substr(2) + ".debug"), "-o",
                          root / "lib" / "liba.so.1", unstripped});
  }

  fs::path library(const char* name) const { return scratch_.path() / name / "lib" / "liba.so.1"; }

  StagedPair staged() const {
    StagedPair pair;
    pair.root = scratch_.path();
    pair.library = library("pair");
    pair.debug_root = scratch_.path() / "pair" / "debug";
    pair.reference_library = library("reference");
    pair.reference_debug_root = scratch_.path() / "reference" / "debug";
    pair.broken_library = library("broken");
    pair.broken_debug_root = scratch_.path() / "broken" / "debug";
    pair.scratch = scratch_.path() / "run";
    return pair;
  }

  // Takes the debug files of the pair and of its broken sister away.
  void withhold() const {
    for (const auto* name : {"pair", "broken"}) fs::remove_all(scratch_.path() / name / "debug");
  }

  Asked ask(const std::string& query) const {
    const Subject subject;
    const std::vector<std::string> queries = {query};
    auto runs = consumer_->plan({subject, staged(), queries}, found_);
    EXPECT_EQ(runs.size(), 1U);
    Asked asked;
    FactsSink sink(asked.facts);
    Runner runner(1);
    Runner::Job job;
    job.command = runs.at(0).command;
    job.limits.timeout = std::chrono::minutes(1);
    job.scratch = staged().scratch;
    job.answer = [&](std::string_view bytes) { runs[0].reader->read(bytes, sink); };
    job.ended = [&](const Ending& ending) {
      asked.end = runs[0].reader->finish(ending, sink).at(0);
    };
    runner.start(std::move(job));
    runner.run();
    EXPECT_EQ(asked.end.how, QueryEnd::How::answered) << asked.end.reason;
    return asked;
  }

  ScratchDirectory scratch_;
  std::unique_ptr<Consumer> consumer_ = make_abigail();
  Detection found_;
};

TEST_F(Abigail, every_query_has_evidence_and_its_facts_are_the_same_each_time) {
  std::map<std::string, Facts> reference;
  for (const auto& query : consumer_->queries()) {
    const std::string name(query.name);
    reference[name] = ask(name).facts;
    EXPECT_THAT(reference[name], Not(IsEmpty())) << name;
    EXPECT_EQ(ask(name).facts, reference[name]) << name;
    for (const auto& [key, value] : reference[name])
      EXPECT_THAT(key + value, Not(HasSubstr(scratch_.path().string())));
  }
  withhold();
  for (const auto& [query, facts] : reference)
    EXPECT_GT(only_left(facts, ask(query).facts), 3U) << query;
}

TEST_F(Abigail, the_document_tells_functions_variables_and_types) {
  const auto facts = ask("abi-document").facts;
  EXPECT_THAT(facts,
              Contains(Pair("function area", HasSubstr("int area(const struct point* p) at"))));
  EXPECT_THAT(facts, Contains(Pair("function walk",
                                   HasSubstr("int walk(struct list* l, callback cb, ...) at"))));
  EXPECT_THAT(facts, Contains(Pair("variable counter", HasSubstr("int counter"))));
  EXPECT_THAT(facts, Contains(Pair("struct point",
                                   HasSubstr("160 bits: int x @0, int y @32, char tag[8] @64, "
                                             "unsigned int flag @128 at"))));
  EXPECT_THAT(facts, Contains(Pair("enum colour", HasSubstr(": RED = 0, GREEN = 5, BLUE = 6 at"))));
  EXPECT_THAT(facts,
              Contains(Pair("typedef callback", HasSubstr("int (*)(struct point*, void*)"))));
}

TEST_F(Abigail, the_same_library_has_no_change_and_both_sides_were_read) {
  const auto facts = ask("abi-diff").facts;
  EXPECT_THAT(facts, Contains(Pair("exit status", "0: no change")));
  EXPECT_THAT(facts, Contains(Key("struct point")));
  EXPECT_THAT(facts, Contains(Pair("types read of the reference", Not("0"))));
}

TEST_F(Abigail, without_its_debug_file_abidiff_says_no_change_but_the_facts_are_gone) {
  withhold();
  const auto facts = ask("abi-diff").facts;
  EXPECT_THAT(facts, Contains(Pair("exit status", "0: no change"))) << "abidiff has become honest";
  EXPECT_THAT(facts, Not(Contains(Key("struct point"))));
  EXPECT_THAT(facts, Contains(Pair("types read of the reference", Not("0"))));
}

TEST_F(Abigail, a_break_is_reported_within_and_across_recipes) {
  for (const auto* query : {"abi-break", "abi-upgrade"}) {
    const auto facts = ask(query).facts;
    EXPECT_THAT(facts, Contains(Pair("[C] function int area(const point*)",
                                     HasSubstr("type name changed from 'int' to 'long int'"))))
        << query;
    EXPECT_THAT(facts, Contains(Pair("Functions changes summary", HasSubstr("2 Changed"))))
        << query;
    EXPECT_THAT(facts, Contains(Key("exit status"))) << query;
  }
}

// What the design calls a blinded gate: main has DWARF of its own, so abidiff does not look for the
// debug file, sees too little, and exits 0 on a break that it reports on the conventional pair.
TEST_F(Abigail, a_gate_that_is_blinded_by_dwarf_in_main_loses_every_fact) {
  const auto seeing = ask("abi-break");
  const auto empty_unit = scratch_.path() / "empty" / "unit.so";
  fs::create_directories(empty_unit.parent_path());
  testing_support::build_library(
      empty_unit,
      "struct alone { int x; }; static struct alone one; void *use_alone(void) { return &one; }");
  for (const auto* name : {"pair", "broken"}) {
    std::vector<std::string> argv = {"objcopy"};
    for (const auto* section : {".debug_info", ".debug_abbrev", ".debug_str"}) {
      const auto bytes = scratch_.path() / (std::string("empty/bytes") + section);
      testing_support::run({"objcopy", "-O", "binary", "--set-section-flags",
                            std::string(section) + "=alloc", "--only-section", section, empty_unit,
                            bytes});
      argv.insert(argv.end(), {"--add-section", std::string(section) + "=" + bytes.string()});
    }
    argv.push_back(library(name));
    testing_support::run(argv);
  }
  const auto blinded = ask("abi-break");
  EXPECT_THAT(seeing.facts, Not(IsEmpty()));
  EXPECT_EQ(only_left(seeing.facts, blinded.facts), seeing.facts.size());
}

TEST_F(Abigail, no_planted_break_gives_no_facts) {
  fs::remove_all(scratch_.path() / "broken");
  fs::copy(scratch_.path() / "pair", scratch_.path() / "broken", fs::copy_options::recursive);
  EXPECT_THAT(ask("abi-break").facts, IsEmpty());
  EXPECT_THAT(ask("abi-upgrade").facts, IsEmpty());
}

}  // namespace
}  // namespace splitstrip
