#include "consumers/systemtap/script_listing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/test_sink.h"

namespace splitstrip {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<TestFact> facts_of(const std::string& listing) {
  TestSink facts;
  ScriptListingReader reader("reads", "/r");
  reader.read(listing, facts);
  reader.finish({}, facts);
  return facts.list;
}

constexpr const char* functions = R"(# global embedded code
%{
#define STP_GET_USER(t) do { } while (0)
%}
# functions
user_string:string (addr:long)
{ return __global_user_string_n__overload_0(addr) }
__private_reads_stp__dwarf_pretty_print_0:string ()
{ try {
return sprintf("{.x=%i, .p=%p}", __private_reads_stp__dwarf_pretty_print_deref_0(), __private_reads_stp__dwarf_pretty_print_deref_1())
} catch {
return "ERROR"
}
 }
__private_reads_stp__dwarf_pretty_print_1:string (pointer:long)
{ try {
return sprintf("{.x=%i}", @uderef(4, (pointer) + (8)))
} catch {
return "ERROR"
}
 }
__private_reads_stp__dwarf_pretty_print_deref_0:long ()
{ return @uderef(4, @uregister(5)) }
__private_reads_stp__dwarf_pretty_print_deref_1:long ()
{ return @uderef(8, (@uregister(5)) + (16)) }
)";

TEST(ScriptListing, puts_reads_in_place_of_generated_names) {
  EXPECT_THAT(
      facts_of(std::string(functions) +
               R"(# probes
process("/r/lib/l.so").function("f@a.c:7").call? /* pc=.dynamic+0x20 */ /* <- process("/r/lib/l.so").function("f@a.c:7").call? */
{ println(sprintf("p=%s", __private_reads_stp__dwarf_pretty_print_0())) }
begin /* <- begin */
{ println("struct s", __private_reads_stp__dwarf_pretty_print_1(1)) }
process("/r/lib/l.so").statement("f@a.c:9")? /* pc=.dynamic+0x24 */ /* <- x */
  # locals
  unused:long
{ println("a=?") }
end /* <- end */
{ __global_exit__overload_0() }
)"),
      ElementsAre(
          TestFact{"reads", "parameters f 0x20",
                   R"(sprintf("p=%s", sprintf("{.x=%i, .p=%p}", @uderef(4, @uregister(5)), )"
                   R"(@uderef(8, (@uregister(5)) + (16)))))"},
          TestFact{"reads", "struct s", R"(sprintf("{.x=%i}", @uderef(4, (pointer) + (8)))(1))"},
          TestFact{"reads", "variables f@a.c:9 0x24",
                   R"(  # locals   unused:long { println("a=?") })"}));
}

TEST(ScriptListing, numbers_of_generated_functions_do_not_matter) {
  const std::string probe =
      "# probes\nbegin /* <- begin */\n"
      "{ println(\"v\", __private_reads_stp__dwarf_tvar_get_sk_7()) }\n";
  std::string other = probe;
  other.replace(other.find("_7()"), 4, "_8()");
  const std::string before = "# functions\n__private_reads_stp__dwarf_tvar_get_sk_";
  const std::string after = ":long ()\n{ return @uregister(5) }\n";
  EXPECT_EQ(facts_of(before + "7" + after + probe), facts_of(before + "8" + after + other));
}

TEST(ScriptListing, a_long_value_is_cut_but_tells_of_every_change) {
  const auto listing = [](const std::string& end) {
    return "# probes\nbegin /* <- begin */\n{ println(\"v\", sprintf(\"" + std::string(20000, 'x') +
           end + "\")) }\n";
  };
  const auto one = facts_of(listing("1"));
  ASSERT_EQ(one.size(), 1U);
  EXPECT_LT(one[0].value.size(), 9000U);
  EXPECT_THAT(one[0].value, HasSubstr("checksum"));
  EXPECT_EQ(one, facts_of(listing("1")));
  EXPECT_NE(one, facts_of(listing("2")));
}

TEST(ScriptListing, functions_that_call_each_other_have_an_end) {
  std::string listing = "# functions\n";
  for (const char* name : {"a", "b"})
    listing += std::string("__private__dwarf_") + name +
               ":long ()\n{ return __private__dwarf_a() + __private__dwarf_b() + 1 }\n";
  listing += "# probes\nbegin /* <- begin */\n{ println(\"v\", __private__dwarf_a()) }\n";
  EXPECT_EQ(facts_of(listing).size(), 1U);
}

TEST(ScriptListing, an_analysis_that_failed_has_no_facts_and_tells_why) {
  TestSink facts;
  ScriptListingReader reader("reads", "/r");
  Ending ending;
  ending.how = Ending::How::exited;
  ending.errors_tail =
      "semantic error: unresolved type : identifier 'println' at :1:15\n"
      "Pass 2: analyzed script: 1 probe, 0 functions\nPass 2: analysis failed.\n";
  const auto ends = reader.finish(ending, facts);
  EXPECT_THAT(facts.list, IsEmpty());
  EXPECT_EQ(ends.at(0).how, QueryEnd::How::answered);
  EXPECT_THAT(ends.at(0).reason, HasSubstr("unresolved type"));
}

TEST(ScriptListing, a_script_that_was_not_understood_is_a_failure) {
  TestSink facts;
  ScriptListingReader reader("reads", "/r");
  Ending ending;
  ending.how = Ending::How::exited;
  ending.errors_tail = "parse error: expected statement\nPass 1: parse failed.\n";
  const auto ends = reader.finish(ending, facts);
  EXPECT_EQ(ends.at(0).how, QueryEnd::How::failed);
  EXPECT_THAT(ends.at(0).reason, HasSubstr("expected statement"));
}

}  // namespace
}  // namespace splitstrip
