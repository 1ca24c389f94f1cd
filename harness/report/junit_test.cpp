#include "report/junit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pugixml.hpp>

#include "report/sample_result.h"

namespace splitstrip {
namespace {

using testing::HasSubstr;

pugi::xml_document parsed(const std::string& text) {
  pugi::xml_document document;
  const auto status = document.load_buffer(text.data(), text.size(), pugi::parse_full);
  EXPECT_TRUE(status) << status.description() << " at " << status.offset;
  return document;
}

pugi::xml_node find_case(const pugi::xml_document& document, const std::string& classname,
                         const std::string& name) {
  const auto path = "//testcase[@classname='" + classname + "' and @name='" + name + "']";
  const auto found = document.select_node(path.c_str()).node();
  EXPECT_TRUE(found) << path;
  return found;
}

TEST(Junit, a_suite_per_subject_and_a_case_per_cell) {
  const auto result = sample_result(4);
  const auto document = parsed(to_junit(result));
  EXPECT_EQ(document.select_nodes("/testsuites/testsuite").size(), 4U);
  EXPECT_EQ(document.select_nodes("//testcase").size(), result.cells.size());
  const auto suites = document.child("testsuites");
  EXPECT_EQ(suites.attribute("tests").as_ullong(), result.cells.size());
  EXPECT_EQ(suites.attribute("failures").as_ullong(),
            document.select_nodes("//testcase/failure").size());
  EXPECT_EQ(suites.attribute("errors").as_ullong(),
            document.select_nodes("//testcase/error").size());
  EXPECT_EQ(suites.attribute("skipped").as_ullong(),
            document.select_nodes("//testcase/skipped").size());
  EXPECT_STREQ(document.select_node("//testsuite[1]/@timestamp").attribute().value(),
               "2026-11-23T04:05:06");
}

TEST(Junit, each_outcome_has_its_element) {
  const auto document = parsed(to_junit(sample_result(3)));
  const auto regressed = find_case(document, "libnl-3.so.200.typedata.gdb", "types");
  const std::string details = regressed.child("failure").text().get();
  EXPECT_THAT(details, HasSubstr("struct point\n  reference: struct, 16 bytes: x int @0, y int"));
  EXPECT_THAT(details, HasSubstr("candidate: (none)"));
  EXPECT_THAT(details, HasSubstr("command: gdb --batch"));
  const auto element = [&](const char* classname, const char* name, const char* child) {
    return std::string(
        find_case(document, classname, name).child(child).attribute("message").value());
  };
  EXPECT_THAT(element("libdb-5.3.so.typedata.abidiff", "abi-document", "error"),
              HasSubstr("120 s"));
  EXPECT_THAT(element("libc.so.6.typedata.gdb", "live", "error"), HasSubstr("SIGSEGV"));
  EXPECT_THAT(element("libc.so.6.typedata.valgrind", "source-lines", "skipped"),
              HasSubstr("withheld"));
  EXPECT_FALSE(find_case(document, "libc.so.6.typedata.gdb", "types").child("failure"));
}

TEST(Junit, texts_of_consumers_cannot_break_the_document) {
  auto result = sample_result(1);
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  result.subjects[0].path = every_byte;
  result.cells[0].reason = every_byte;
  result.cells[0].differences = {{every_byte, every_byte + "]]>\xef\xbf\xbf", std::nullopt}};
  const auto text = to_junit(result);
  const auto document = parsed(text);
  EXPECT_THAT(document.select_node("//failure/@message").attribute().value(),
              HasSubstr("\\x00\\x01"));
  // XML 1.0, production [2]: no control character but tab, newline and carriage return.
  for (const unsigned char byte : text) EXPECT_TRUE(byte >= 0x20 || byte == '\n');
}

TEST(Junit, a_required_consumer_that_proves_nothing_is_a_failure) {
  auto result = sample_result(2);
  result.summary.required = {"valgrind"};
  const auto document = parsed(to_junit(result));
  EXPECT_TRUE(find_case(document, "libc.so.6.typedata.valgrind", "source-lines").child("failure"));
  EXPECT_TRUE(find_case(document, "libc.so.6.typedata.systemtap", "live").child("skipped"));
}

TEST(Junit, an_unstable_cell_is_skipped_with_both_answers_and_an_error_where_it_is_required) {
  auto result = sample_result(3);
  result.summary.required.clear();
  const auto skipped = parsed(to_junit(result));
  const std::string text =
      find_case(skipped, "libdb-5.3.so.typedata.gdb", "scopes").child("skipped").text().get();
  EXPECT_THAT(text, HasSubstr("struct point\n  reference: 16 bytes\n  asked again: (none)\n"));
  result.summary.required = {"gdb"};
  const auto required = parsed(to_junit(result));
  EXPECT_TRUE(find_case(required, "libdb-5.3.so.typedata.gdb", "scopes").child("error"));
}

TEST(Junit, says_what_was_left_out) {
  auto result = sample_result(1);
  result.summary.left_out = {"lldb/types"};
  EXPECT_TRUE(parsed(to_junit(result))
                  .select_node("//testsuite/properties/property[@name='left-out' and "
                               "@value='lldb/types']")
                  .node());
}

TEST(Junit, long_lists_of_differences_are_cut_and_counted) {
  auto result = sample_result(1);
  result.cells[0].changed = 500;
  result.cells[0].lost = result.cells[0].gained = 0;
  result.cells[0].differences.assign(100, {"key", "one", "two"});
  const auto document = parsed(to_junit(result));
  EXPECT_THAT(std::string(document.select_node("//failure").node().text().get()),
              HasSubstr("and 480 more"));
}

}  // namespace
}  // namespace splitstrip
