// What libdw tells of small libraries: the text of it, what makes no difference, and what does.
#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/libdw/tell_file.h"
#include "consumers/test_sink.h"
#include "elf/test_library.h"
#include "facts/error.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;
using testing_support::run;

const char* const header = R"(
struct inner { short s; unsigned low : 5; };
typedef struct { long a; struct inner in; union { int i; float f; }; } outer_t;
enum colour { red, green = 7 };
extern int elsewhere(outer_t *o, const char *name, ...);
)";

const char* const one = R"(
#include "header.h"
static inline int helper(int a, int *p) { int twice = a * 2; *p = twice; return twice; }
int plain(outer_t *o, enum colour c) {
  int z;
  z = helper(o->a, &z);
  return elsewhere(o, "x") + z + c;
}
)";

const char* const two = R"(
#include "header.h"
__thread int own;
int other(outer_t *o, enum colour c) { return o->in.s + c + own; }
)";

using Facts = std::map<std::string, std::string>;

Facts facts_of(const std::filesystem::path& file, const std::string& query = "dies") {
  TestSink sink;
  tell_library(file, "/nonexistent", query, sink);
  Facts facts;
  for (const auto& fact : sink.list)
    EXPECT_TRUE(facts.emplace(fact.key, fact.value).second) << "twice: " << fact.key;
  return facts;
}

std::set<std::string> differing(const Facts& a, const Facts& b) {
  std::set<std::string> keys;
  for (const auto* facts : {&a, &b})
    for (const auto& [key, value] : *facts)
      if (!a.contains(key) || !b.contains(key) || a.at(key) != b.at(key)) keys.insert(key);
  return keys;
}

class Dies : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    std::ofstream(path(name)) << text;
  }
  std::filesystem::path path(const std::string& name) const { return scratch.path() / name; }

  // Two units; `text` takes the place of header.h's.
  std::filesystem::path build(const std::string& name, std::vector<std::string> flags = {},
                              const std::string& text = header) {
    write("header.h", text);
    write("one.c", one);
    write("two.c", two);
    std::vector<std::string> argv{"gcc", "-g", "-O2", "-fPIC", "-shared", "-Wl,--build-id=sha1"};
    argv.insert(argv.end(), flags.begin(), flags.end());
    for (const std::string file : {"one.c", "two.c"}) argv.push_back(path(file).string());
    argv.insert(argv.end(), {"-o", path(name).string()});
    run(argv);
    return path(name);
  }

  std::string unit(const std::string& name) const { return path(name).string() + ": "; }

  ScratchDirectory scratch;
};

TEST_F(Dies, say_all_that_their_attributes_say) {
  const auto facts = facts_of(build("a.so"));
  const auto directory = scratch.path().string();
  EXPECT_THAT(facts.at(unit("one.c") + "structure_type inner"),
              AllOf(HasSubstr("byte_size=4"), HasSubstr("decl_file=" + directory + "/header.h"),
                    HasSubstr("\n  member: name=s; data_member_location=0;"),
                    HasSubstr("name=low; bit_size=5;"), HasSubstr("type=base_type unsigned int")));
  EXPECT_THAT(facts.at(unit("one.c") + "enumeration_type colour"),
              HasSubstr("\n  enumerator: name=green; const_value=7"));
  EXPECT_THAT(facts.at(unit("one.c") + "subprogram elsewhere declared"),
              AllOf(HasSubstr("formal_parameter: type=pointer to typedef outer_t (header.h:3)"),
                    HasSubstr("formal_parameter: type=pointer to const base_type char"),
                    HasSubstr("unspecified_parameters")));
  EXPECT_THAT(facts.at(unit("two.c") + "variable own"),
              AllOf(HasSubstr("location=const8u; form_tls_address"), HasSubstr("external=yes")));
  EXPECT_THAT(facts, Contains(Pair(HasSubstr("/inlined_subroutine helper"),
                                   AllOf(HasSubstr("abstract_origin=subprogram helper (one.c:3)"),
                                         HasSubstr("call_line=6")))));
  EXPECT_THAT(facts, Contains(Pair(HasSubstr("/call_site 0x"),
                                   HasSubstr("call_origin=subprogram elsewhere (header.h:5)"))));
  EXPECT_THAT(
      facts,
      Contains(Pair(HasSubstr("subprogram plain 0x"),
                    AllOf(HasSubstr("frame_base=call_frame_cfa"), Not(HasSubstr("sibling"))))));
  for (const auto& [key, value] : facts) EXPECT_THAT(value, Not(HasSubstr("unreadable"))) << key;
}

TEST_F(Dies, line_tables_row_by_row) {
  const auto facts = facts_of(build("a.so"), "line-tables");
  EXPECT_THAT(facts, Contains(Pair(HasSubstr("two.c 0x"), HasSubstr("/two.c:4:"))));
  EXPECT_THAT(facts, Contains(Pair(HasSubstr("one.c files"), HasSubstr("/header.h"))));
  EXPECT_THAT(facts, Contains(Pair(HasSubstr("0x"), HasSubstr(" end"))));
}

TEST_F(Dies, are_the_same_after_dwz_and_after_compression) {
  for (const std::string version : {"-gdwarf-3", "-gdwarf-4", "-gdwarf-5"}) {
    const auto whole = build("a.so", {version});
    run({"dwz", "-o", path("dwz.so").string(), whole.string()});
    ASSERT_THAT(run({"readelf", "--debug-dump=info", path("dwz.so").string()}),
                HasSubstr("DW_TAG_partial_unit"));
    run({"objcopy", "--compress-debug-sections", whole.string(), path("small.so").string()});
    for (const std::string query : {"dies", "line-tables"}) {
      const auto facts = facts_of(whole, query);
      EXPECT_THAT(differing(facts, facts_of(path("dwz.so"), query)), IsEmpty()) << version;
      EXPECT_THAT(differing(facts, facts_of(path("small.so"), query)), IsEmpty()) << version;
    }
  }
}

TEST_F(Dies, are_the_same_with_dwz_s_common_file) {
  const auto a = build("a.so");
  const auto b = build("b.so", {"-O1"});
  const auto before = facts_of(a);
  run({"dwz", "-m", path("common").string(), a.string(), b.string()});
  ASSERT_TRUE(std::filesystem::exists(path("common")));
  EXPECT_THAT(differing(before, facts_of(a)), IsEmpty());
  std::filesystem::remove(path("common"));
  EXPECT_THROW(facts_of(a), Error);
}

TEST_F(Dies, name_what_differs) {
  const auto whole = facts_of(build("a.so"));
  const auto change = [&](const std::string& before, const std::string& after) {
    std::string text = header;
    text.replace(text.find(before), before.size(), after);
    return differing(whole, facts_of(build("b.so", {}, text)));
  };
  EXPECT_THAT(change("green = 7", "green = 8"),
              ElementsAre(unit("one.c") + "enumeration_type colour",
                          unit("two.c") + "enumeration_type colour"));
  EXPECT_THAT(change("low : 5", "low : 6"), ElementsAre(unit("one.c") + "structure_type inner",
                                                        unit("two.c") + "structure_type inner"));
  EXPECT_THAT(change("float f;", "int f;"),
              Contains(unit("one.c") + "union_type (header.h:3) {i,f}"));
  EXPECT_THAT(change("const char *name", "char *name"),
              Contains(unit("one.c") + "subprogram elsewhere declared"));
}

TEST_F(Dies, notice_a_byte_changed_in_an_attribute) {
  const auto whole = build("a.so", {"-gdwarf-4"});
  auto bytes = testing_support::file_bytes(whole);
  // The name of the inline function's variable, in .debug_str.
  const std::string name = "twice";
  const auto at = std::search(bytes.begin(), bytes.end(), name.begin(), name.end(),
                              [](std::byte a, char b) { return static_cast<char>(a) == b; });
  ASSERT_NE(at, bytes.end());
  *at = std::byte{'T'};
  testing_support::write_bytes(path("b.so"), bytes);
  const auto keys = differing(facts_of(whole), facts_of(path("b.so")));
  EXPECT_THAT(keys, Contains(unit("one.c") + "subprogram helper/variable Twice"));
  EXPECT_THAT(keys, Contains(unit("one.c") + "subprogram helper/variable twice"));
}

TEST_F(Dies, of_type_units_and_split_units_are_told) {
  const auto types = facts_of(build("a.so", {"-fdebug-types-section"}));
  EXPECT_THAT(types,
              Contains(Pair(AllOf(HasSubstr("type unit "), HasSubstr(": structure_type inner")),
                            HasSubstr("member: name=s"))));
  const auto old = facts_of(build("a.so", {"-fdebug-types-section", "-gdwarf-4"}));
  EXPECT_THAT(old, Contains(Key(HasSubstr(": structure_type inner"))));
  const auto split = facts_of(build("a.so", {"-gsplit-dwarf"}));
  EXPECT_THAT(split,
              Contains(Pair(HasSubstr(": structure_type inner"), HasSubstr("member: name=s"))));
  for (const auto* facts : {&types, &old, &split})
    EXPECT_THAT(*facts, Not(Contains(Key(HasSubstr("damaged")))));
}

TEST_F(Dies, of_namespaces_are_told_with_their_names) {
  write("c.cc",
        "namespace n { namespace { struct A { int x; static int s; virtual int f(int) const; }; }"
        "int A::f(int a) const { auto l = [a](int b) { return a + b; }; return l(x); }"
        "int call(int a) { return A{}.f(a); } template <int N, class T> T t(T a) { return a + N; }"
        "template int t<3, int>(int); }");
  run({"g++", "-g", "-O1", "-fPIC", "-shared", path("c.cc").string(), "-o", path("c.so").string()});
  const auto facts = facts_of(path("c.so"));
  EXPECT_THAT(facts, Contains(Key(HasSubstr("namespace n/namespace /structure_type A"))));
  EXPECT_THAT(facts, Contains(Pair(HasSubstr("subprogram t<3, int>"),
                                   HasSubstr("template_value_parameter: name=N; const_value=3"))));
}

}  // namespace
}  // namespace splitstrip
