// Declarations held against a library's types.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/test_library.h"
#include "typedata/library/typed_library.h"
#include "typedata/library/typedata.h"

namespace splitstrip {
namespace {

using namespace testing_support;

const char* const source = R"(
struct point { int x, y; struct point *next; };
enum kind { first, second = -3 };
typedef unsigned long size;
struct packet { unsigned version : 4, length : 12; char name[16]; };
struct point origin;
int add(int a, long b) { return a + (int)b; }
char *find(const char *text, size length, enum kind kind) { return (char*)text + length + kind; }
void handle(struct packet *packet, int (*callback)(void *context, const struct point *), void *context) {}
)";

// Holds a function of the library against declared ones.
class Compared : public testing::Test {
 protected:
  void open(const std::string& text) {
    const auto main = with_typedata(scratch_.path(), text);
    typedata_error error;
    ASSERT_EQ(typedata_open(main.c_str(), 0, &library_, &error), TYPEDATA_OK) << error.message;
    int_ = typedata_add_base(mine_, "c_int", 4, 5);
    long_ = typedata_add_base(mine_, "c_long", 8, 5);
    byte_ = typedata_add_base(mine_, "c_char", 1, 6);
    text_ = typedata_add_pointer(mine_, byte_);
  }
  typedata_type function(typedata_type returns, const std::vector<typedata_type>& parameters) {
    const typedata_type made = typedata_add_function(mine_, returns, TYPEDATA_PROTOTYPED);
    for (const typedata_type each : parameters) typedata_add_parameter(mine_, made, "", each);
    return made;
  }
  // The verdict as a letter and the words.
  std::string compare(const char* name, typedata_type declared, unsigned flags = 0) {
    char words[512];
    const typedata_verdict verdict =
        typedata_compare(library_, typedata_find_function(library_, name), mine_, declared, flags,
                         words, sizeof words);
    return std::string(verdict == TYPEDATA_SAME      ? "same"
                       : verdict == TYPEDATA_HARMFUL ? "harmful "
                                                     : "compatible ") +
           words;
  }
  void TearDown() override {
    typedata_close(library_);
    typedata_close(mine_);
  }

  ScratchDirectory scratch_;
  typedata* library_ = nullptr;
  typedata* mine_ = typedata_new();
  typedata_type int_ = 0, long_ = 0, byte_ = 0, text_ = 0;
};

TEST_F(Compared, scalars_and_counts) {
  open(source);
  EXPECT_EQ(compare("add", function(int_, {int_, long_})), "same");
  EXPECT_EQ(
      compare("add", function(int_, {int_, int_})),
      "harmful parameter 2 'b': the library has 'long int', declared is 'c_int': 8 bytes there, "
      "4 bytes here");
  EXPECT_EQ(compare("add", function(int_, {int_})),
            "harmful the function takes 2 parameters there, 1 here: 'int add(int a, long int b)'");
  EXPECT_EQ(
      compare("find", function(int_, {text_, long_, int_})),
      "harmful return value: the library has 'char *', declared is 'c_int': a pointer there, an "
      "integer here");
  EXPECT_EQ(
      compare("find", function(text_, {text_, long_, int_})),
      "compatible parameter 2 'length': the library has 'size', declared is 'c_long': unsigned "
      "there, signed here");
}

TEST_F(Compared, layouts) {
  open(source);
  const typedata_type point = typedata_add_record(mine_, false, "Point", 24, 0);
  typedata_add_member(mine_, point, "x", int_, 0, 0);
  typedata_add_member(mine_, point, "y", int_, 64, 0);
  typedata_add_member(mine_, point, "next", typedata_add_pointer(mine_, point), 128, 0);
  const typedata_type callback =
      typedata_add_pointer(mine_, function(int_, {typedata_add_pointer(mine_, TYPEDATA_VOID),
                                                  typedata_add_pointer(mine_, point)}));
  const typedata_type anything = typedata_add_pointer(mine_, TYPEDATA_VOID);
  EXPECT_EQ(
      compare("handle", function(TYPEDATA_VOID, {anything, callback, anything})),
      "harmful parameter 2 'callback': the library has 'int (*)(void *, const struct point *)', "
      "declared is 'c_int (*)(void *, struct Point *)': its parameter 2 is 'const struct point "
      "*' there, 'struct Point *' here: member 'y' is at offset 4 (4 bytes) there, at offset 8 "
      "(4 bytes) here");
}

TEST_F(Compared, an_argument_that_the_caller_widens) {
  open(
      "char *search(const char *text, int c) { return (char *)text + c; }\n"
      "void each(void (*call)(int c)) { call(1); }\n"
      "int get(void) { return 1; }\n"
      "void skip(long by) {}\n");
  EXPECT_THAT(compare("search", function(text_, {text_, byte_})),
              testing::StartsWith("compatible parameter 2 'c'"));
  // What the library hands over is cut off, and so is a result; a long is no int.
  EXPECT_THAT(
      compare("each", function(TYPEDATA_VOID,
                               {typedata_add_pointer(mine_, function(TYPEDATA_VOID, {byte_}))})),
      testing::StartsWith("harmful parameter 1 'call'"));
  EXPECT_THAT(compare("get", function(byte_, {})), testing::StartsWith("harmful return value"));
  EXPECT_THAT(compare("skip", function(TYPEDATA_VOID, {int_})),
              testing::StartsWith("harmful parameter 1"));
}

TEST_F(Compared, a_structure_that_ends_early) {
  open(
      "struct note { char *name; int pid; char *extra; struct note *next; };\n"
      "struct note *heard(void) { return 0; }\n"
      "void fill(struct note *into) { into->pid = 1; }\n"
      "struct note whole(void) { struct note n = {0}; return n; }\n");
  const typedata_type note = typedata_add_record(mine_, false, "Note", 24, 0);
  typedata_add_member(mine_, note, "name", text_, 0, 0);
  typedata_add_member(mine_, note, "pid", int_, 64, 0);
  typedata_add_member(mine_, note, "extra", text_, 128, 0);
  const typedata_type pointer = typedata_add_pointer(mine_, note);
  // Of what the library made, the end need not be known.
  EXPECT_THAT(
      compare("heard", function(pointer, {})),
      testing::StartsWith("compatible return value: the library has 'struct note *', declared is "
                          "'struct Note *': it ends earlier here: member 'next' at offset 24"));
  // What it is to fill must be there whole, and so must what comes by value.
  EXPECT_THAT(compare("fill", function(TYPEDATA_VOID, {pointer})),
              testing::StartsWith("harmful parameter 1 'into'"));
  EXPECT_THAT(compare("whole", function(note, {})), testing::StartsWith("harmful return value"));
  // Nor may anything else differ.
  const typedata_type swapped = typedata_add_record(mine_, false, "Note", 16, 0);
  typedata_add_member(mine_, swapped, "pid", int_, 0, 0);
  typedata_add_member(mine_, swapped, "name", text_, 64, 0);
  EXPECT_THAT(compare("heard", function(typedata_add_pointer(mine_, swapped), {})),
              testing::StartsWith("harmful return value"));
}

}  // namespace
}  // namespace splitstrip
