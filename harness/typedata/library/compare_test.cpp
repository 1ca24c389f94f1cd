// Declarations held against a library's types.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/test_library.h"
#include "facts/atomic_file.h"
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
                       : verdict == TYPEDATA_HANDLE  ? "only a handle: "
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
  EXPECT_EQ(compare("add", function(int_, {int_, int_})),
            "only a handle: parameter 2 'b': the library has 'long int', declared is 'c_int': 8 "
            "bytes there, "
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
      "void skip(long by) {}\n"
      "void spill(int a, int b, int c, int d, int e, long f, long g) {}\n");
  EXPECT_THAT(compare("search", function(text_, {text_, byte_})),
              testing::StartsWith("compatible parameter 2 'c'"));
  // What the library hands over is cut off, and so is a result; a long is no int.
  EXPECT_THAT(
      compare("each", function(TYPEDATA_VOID,
                               {typedata_add_pointer(mine_, function(TYPEDATA_VOID, {byte_}))})),
      testing::StartsWith("harmful parameter 1 'call'"));
  EXPECT_THAT(compare("get", function(byte_, {})),
              testing::StartsWith("only a handle: return value"));
#ifdef __x86_64__
  // On the stack nobody widens it.
  const std::vector<typedata_type> ints(5, int_);
  const auto spilt = [&](typedata_type sixth, typedata_type seventh) {
    auto types = ints;
    types.insert(types.end(), {sixth, seventh});
    return compare("spill", function(TYPEDATA_VOID, types));
  };
  EXPECT_THAT(spilt(int_, long_), testing::StartsWith("only a handle: parameter 6"));
  EXPECT_THAT(spilt(long_, int_), testing::StartsWith("harmful parameter 7"));
#endif
  EXPECT_THAT(compare("skip", function(TYPEDATA_VOID, {int_})),
              testing::StartsWith("only a handle: parameter 1"));
}

TEST_F(Compared, an_array_of_no_length_at_the_end) {
  open(
      "struct part { unsigned length; int status; };\n"
      "struct whole { void *data; int count; struct part parts[]; };\n"
      "int give(struct whole *whole) { return whole->count; }\n");
  const typedata_type part = typedata_add_record(mine_, false, "Part", 8, 0);
  typedata_add_member(mine_, part, "length", int_, 0, 0);
  typedata_add_member(mine_, part, "status", int_, 32, 0);
  const typedata_type whole = typedata_add_record(mine_, false, "Whole", 24, 0);
  typedata_add_member(mine_, whole, "data", text_, 0, 0);
  typedata_add_member(mine_, whole, "count", int_, 64, 0);
  typedata_add_member(mine_, whole, "parts", part, 96, 0);
  EXPECT_THAT(compare("give", function(int_, {typedata_add_pointer(mine_, whole)})),
              testing::StartsWith("compatible parameter 1 'whole'"));
  // Of other elements, it is another array.
  const typedata_type other = typedata_add_record(mine_, false, "Whole", 24, 0);
  typedata_add_member(mine_, other, "data", text_, 0, 0);
  typedata_add_member(mine_, other, "count", int_, 64, 0);
  typedata_add_member(mine_, other, "parts", text_, 128, 0);
  EXPECT_THAT(compare("give", function(int_, {typedata_add_pointer(mine_, other)})),
              testing::StartsWith("only a handle: parameter 1 'whole'"));
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
              testing::StartsWith("only a handle: parameter 1 'into'"));
  EXPECT_THAT(compare("whole", function(note, {})), testing::StartsWith("harmful return value"));
  // Nor may anything else differ.
  const typedata_type swapped = typedata_add_record(mine_, false, "Note", 16, 0);
  typedata_add_member(mine_, swapped, "pid", int_, 0, 0);
  typedata_add_member(mine_, swapped, "name", text_, 64, 0);
  EXPECT_THAT(compare("heard", function(typedata_add_pointer(mine_, swapped), {})),
              testing::StartsWith("only a handle: return value"));
}

// Each line of C is one function `f`; what is declared comes after it.
class Table : public Compared {
 protected:
  void SetUp() override {
    open(R"(
#include <stdbool.h>
#include <complex.h>
struct point { int x; int y; };
struct big { long a; double b; char c[12]; int tail; };
struct bits { unsigned one : 3, two : 5; unsigned char rest; };
struct nested { struct point at; union { int i; float f; } value; struct { short s; }; struct nested *next; };
struct opaque;
struct wide { int a; } __attribute__((aligned(64)));
union number { long l; double d; };
enum colour { red, green };
void takes_bool(bool b) {} void takes_char(char c) {} void takes_short(short s) {}
void takes_enum(enum colour c) {} void takes_long_long(long long v) {} void takes_float(float f) {}
void takes_double(double d) {} void takes_long_double(long double d) {}
void takes_uchars(unsigned char *p) {} void takes_ints(int *p) {} void takes_texts(char **p) {}
void takes_void(void *p) {} void takes_wide_text(int *p) {} void takes_array(int a[4]) {}
void takes_opaque(struct opaque *o) {} void takes_point(struct point *p) {} void by_value(struct point p) {}
void takes_big(struct big *b) {} void takes_bits(struct bits *b) {} void takes_nested(struct nested *n) {}
void takes_wide(struct wide *w) {} void takes_number(union number *n) {} void number_by_value(union number n) {}
void takes_callback(int (*f)(const void *, const void *)) {}
void nothing(void) {} void old() {} int more(const char *f, ...) { return 0; }
double _Complex complex_number(void) { return 0; }
struct big returns_big(void) { struct big b = {0}; return b; }
short returns_short(void) { return 0; }
unsigned long takes_size(unsigned long n) { return n; }
)");
    void_pointer_ = pointer(TYPEDATA_VOID);
    short_ = base("c_short", 2, 5);
    uint_ = base("c_uint", 4, 7);
    ulong_ = base("c_ulong", 8, 7);
    float_ = base("c_float", 4, 4);
    double_ = base("c_double", 8, 4);
    long_double_ = base("c_longdouble", 16, 4);
    ubyte_ = base("c_ubyte", 1, 8);
    bool_ = base("c_bool", 1, 2);
  }
  typedata_type base(const char* name, std::uint64_t size, unsigned encoding) {
    return typedata_add_base(mine_, name, size, encoding);
  }
  typedata_type pointer(typedata_type to) { return typedata_add_pointer(mine_, to); }
  struct Member {
    const char* name;
    typedata_type type;
    std::uint64_t offset;
    std::uint64_t bits = 0;
  };
  typedata_type record(std::uint64_t size, const std::vector<Member>& members,
                       bool is_union = false) {
    const typedata_type made = typedata_add_record(mine_, is_union, "Mine", size, 0);
    for (const Member& each : members) {
      typedata_add_member(mine_, made, each.name, each.type,
                          each.bits == 0 ? each.offset * 8 : each.offset, each.bits);
    }
    return made;
  }
  // What one parameter comes to: the first letter of the verdict.
  char takes(const char* name, typedata_type type, unsigned flags = 0) {
    said_ = compare(name, function(TYPEDATA_VOID, {type}), flags);
    return said_[0];
  }
  char returns(const char* name, typedata_type type, unsigned flags = 0) {
    said_ = compare(name, function(type, {}), flags);
    return said_[0];
  }

  std::string said_;
  typedata_type void_pointer_ = 0, short_ = 0, uint_ = 0, ulong_ = 0, float_ = 0, double_ = 0,
                long_double_ = 0, ubyte_ = 0, bool_ = 0;
};

TEST_F(Table, numbers) {
  EXPECT_EQ(takes("takes_long_long", long_), 's') << said_;
  EXPECT_EQ(takes("takes_long_long", ulong_), 'c') << said_;
  EXPECT_EQ(takes("takes_long_long", int_), 'o') << said_;
  EXPECT_EQ(takes("takes_long_long", double_), 'h') << said_;
  EXPECT_EQ(takes("takes_size", int_), 'o') << said_;
  EXPECT_EQ(takes("takes_bool", bool_), 's') << said_;
  EXPECT_EQ(takes("takes_bool", ubyte_), 'c') << said_;
  EXPECT_EQ(takes("takes_char", byte_), 's') << said_;
  EXPECT_EQ(takes("takes_char", ubyte_), 'c') << said_;
  EXPECT_EQ(takes("takes_short", int_), 'c') << said_;  // as C itself promotes it
  EXPECT_EQ(takes("takes_short", long_), 'h') << said_;
  EXPECT_EQ(takes("takes_enum", int_), 'c') << said_;
  EXPECT_EQ(takes("takes_enum", typedata_add_enum(mine_, "Colour", 4, false)), 's') << said_;
  EXPECT_EQ(takes("takes_float", float_), 's') << said_;
  EXPECT_EQ(takes("takes_float", int_), 'h') << said_;
  EXPECT_EQ(takes("takes_float", double_), 'h') << said_;
  EXPECT_EQ(takes("takes_double", long_), 'h') << said_;
  EXPECT_EQ(takes("takes_long_double", long_double_), 's') << said_;
  EXPECT_EQ(takes("takes_long_double", double_), 'h') << said_;
  EXPECT_EQ(takes("takes_long_double", base("__float128", 16, 4)), 'h') << said_;
  EXPECT_EQ(returns("returns_short", int_), 'h') << said_;
}

TEST_F(Table, pointers) {
  EXPECT_EQ(takes("takes_uchars", text_), 'c') << said_;
  EXPECT_EQ(takes("takes_uchars", void_pointer_), 'c') << said_;
  EXPECT_EQ(takes("takes_uchars", long_), 'o') << said_;
  EXPECT_EQ(takes("takes_uchars", pointer(int_)), 'c') << said_;
  EXPECT_EQ(takes("takes_uchars", pointer(record(8, {{"a", long_, 0}}))), 'c') << said_;
  EXPECT_EQ(takes("takes_ints", pointer(int_)), 's') << said_;
  EXPECT_EQ(takes("takes_ints", pointer(uint_)), 'c') << said_;
  EXPECT_EQ(takes("takes_ints", pointer(float_)), 'o') << said_;
  EXPECT_EQ(takes("takes_ints", pointer(long_)), 'o') << said_;
  EXPECT_EQ(takes("takes_ints", text_), 'o') << said_;
  EXPECT_EQ(takes("takes_ints", pointer(pointer(int_))), 'o') << said_;
  EXPECT_EQ(takes("takes_ints", pointer(typedata_add_array(mine_, int_, 4))), 'c') << said_;
  EXPECT_EQ(takes("takes_array", pointer(int_)), 's') << said_;
  EXPECT_EQ(takes("takes_array", typedata_add_array(mine_, int_, 4)), 'c') << said_;
  EXPECT_EQ(takes("takes_texts", text_), 'o') << said_;
  EXPECT_EQ(takes("takes_texts", pointer(text_)), 's') << said_;
  EXPECT_EQ(takes("takes_texts", pointer(record(TYPEDATA_UNKNOWN, {}))), 'o') << said_;
  EXPECT_EQ(takes("takes_texts", pointer(void_pointer_)), 'c') << said_;
  EXPECT_EQ(takes("takes_void", pointer(int_)), 'c') << said_;
  EXPECT_EQ(takes("takes_void", ulong_), 'c') << said_;
  EXPECT_EQ(takes("takes_long_long", void_pointer_), 'c') << said_;
  EXPECT_EQ(takes("takes_opaque", pointer(record(TYPEDATA_UNKNOWN, {}))), 'c') << said_;
  EXPECT_EQ(takes("takes_opaque", pointer(record(8, {{"a", long_, 0}}))), 'c') << said_;
  EXPECT_EQ(takes("takes_opaque", pointer(int_)), 'o') << said_;
  const typedata_type const_text = pointer(typedata_add_const(mine_, byte_));
  EXPECT_EQ(takes("takes_uchars", const_text), 'c') << said_;
  EXPECT_EQ(takes("takes_point", pointer(record(TYPEDATA_UNKNOWN, {}))), 'c') << said_;
  EXPECT_EQ(takes("takes_point", text_), 'c') << said_;
  EXPECT_EQ(takes("takes_point", pointer(typedata_add_array(mine_, byte_, 8))), 'c') << said_;
  EXPECT_EQ(takes("takes_point", pointer(typedata_add_array(mine_, byte_, 4))), 'o') << said_;
  EXPECT_EQ(takes("takes_point", pointer(int_)), 'o') << said_;
}

TEST_F(Table, records) {
  const typedata_type point = record(8, {{"x", int_, 0}, {"y", int_, 4}});
  EXPECT_EQ(takes("takes_point", pointer(point)), 's') << said_;
  EXPECT_EQ(takes("by_value", point), 's') << said_;
  EXPECT_EQ(takes("by_value", pointer(point)), 'h') << said_;
  EXPECT_EQ(takes("takes_point", point), 'h') << said_;
  EXPECT_EQ(takes("by_value", long_), 'h') << said_;
  EXPECT_EQ(takes("by_value", record(8, {{"x", int_, 0}, {"y", float_, 4}})), 'h') << said_;
  EXPECT_EQ(takes("takes_point", pointer(record(8, {{"y", int_, 0}, {"x", int_, 4}}))), 'o')
      << said_;
  EXPECT_THAT(said_, testing::HasSubstr("member 'x' is at offset 0 (4 bytes) there, at offset 4"));
  EXPECT_EQ(takes("takes_point", pointer(record(8, {{"a", int_, 0}, {"b", int_, 4}}))), 's')
      << said_;
  EXPECT_EQ(takes("takes_point", pointer(record(4, {{"x", int_, 0}}))), 'o') << said_;
  EXPECT_THAT(said_, testing::HasSubstr("member 'y' at offset 4 (4 bytes) is not declared"));
  // Room at the end does no harm in what is handed over; in what comes back it does.
  const typedata_type bytes = typedata_add_array(mine_, byte_, 56);
  EXPECT_EQ(
      takes("takes_point", pointer(record(64, {{"x", int_, 0}, {"y", int_, 4}, {"", bytes, 8}}))),
      'c')
      << said_;
  EXPECT_EQ(
      takes("takes_point", pointer(record(16, {{"x", int_, 0}, {"y", int_, 4}, {"z", long_, 8}}))),
      'o')
      << said_;
  // One that begins with it.
  EXPECT_EQ(takes("takes_point", pointer(record(16, {{"base", point, 0}, {"z", long_, 8}}))), 'c')
      << said_;
  // Bytes that cover several members.
  const typedata_type reserved = typedata_add_array(mine_, byte_, 16);
  EXPECT_EQ(takes("takes_big",
                  pointer(record(32, {{"a", long_, 0}, {"b", double_, 8}, {"r", reserved, 16}}))),
            'c')
      << said_;
  const typedata_type twelve = typedata_add_array(mine_, byte_, 12);
  const std::vector<Member> big{
      {"a", long_, 0}, {"b", double_, 8}, {"c", twelve, 16}, {"tail", int_, 28}};
  EXPECT_EQ(takes("takes_big", pointer(record(32, big))), 's') << said_;
  EXPECT_EQ(returns("returns_big", record(32, big)), 's') << said_;
  EXPECT_EQ(returns("returns_big", TYPEDATA_VOID), 'h') << said_;
  EXPECT_EQ(takes("takes_wide", pointer(record(64, {{"a", int_, 0}}))), 'o') << said_;
  EXPECT_THAT(said_, testing::HasSubstr("aligned to 64 bytes there, is to 4 here"));
}

TEST_F(Table, bits_unions_and_what_is_nested) {
  EXPECT_EQ(
      takes("takes_bits",
            pointer(record(4, {{"one", uint_, 0, 3}, {"two", uint_, 3, 5}, {"rest", ubyte_, 1}}))),
      's')
      << said_;
  EXPECT_EQ(
      takes("takes_bits",
            pointer(record(4, {{"one", uint_, 0, 4}, {"two", uint_, 4, 4}, {"rest", ubyte_, 1}}))),
      'o')
      << said_;
  EXPECT_THAT(
      said_, testing::HasSubstr("member 'one' is at bit 0 (3 bits) there, at bit 0 (4 bits) here"));
  EXPECT_EQ(takes("takes_bits", pointer(record(4, {{"flags", ubyte_, 0}, {"rest", ubyte_, 1}}))),
            'c')
      << said_;
  EXPECT_EQ(takes("takes_number", pointer(record(8, {{"l", long_, 0}, {"d", double_, 0}}, true))),
            's')
      << said_;
  EXPECT_EQ(takes("takes_number", pointer(record(8, {{"d", double_, 0}}, true))), 'c') << said_;
  EXPECT_EQ(takes("takes_number", pointer(record(8, {{"p", void_pointer_, 0}}, true))), 'c')
      << said_;
  EXPECT_EQ(takes("takes_number", pointer(long_)), 'c') << said_;
  EXPECT_EQ(takes("number_by_value", record(8, {{"l", long_, 0}, {"d", double_, 0}}, true)), 's')
      << said_;
  EXPECT_EQ(takes("number_by_value", record(8, {{"d", double_, 0}}, true)), 'h') << said_;
  const typedata_type value = record(4, {{"i", int_, 0}, {"f", float_, 0}}, true);
  const auto nested = [&](typedata_type last) {
    const typedata_type made =
        record(24, {{"x", int_, 0}, {"y", int_, 4}, {"value", value, 8}, {"s", short_, 12}});
    typedata_add_member(mine_, made, "next", last == 0 ? pointer(made) : last, 16 * 8, 0);
    return made;
  };
  EXPECT_EQ(takes("takes_nested", pointer(nested(0))), 's') << said_;
  EXPECT_EQ(takes("takes_nested", pointer(nested(void_pointer_))), 'c') << said_;
  EXPECT_EQ(takes("takes_nested", pointer(nested(long_))), 'c') << said_;
  EXPECT_THAT(said_, testing::HasSubstr("member 'next' at offset 16 (8 bytes)"));
  // Two that refer to themselves in circles of different lengths are the same.
  const typedata_type inner = nested(void_pointer_);
  EXPECT_EQ(takes("takes_nested", pointer(nested(pointer(inner)))), 'c') << said_;
  EXPECT_EQ(takes("takes_nested", pointer(nested(pointer(nested(long_))))), 'c') << said_;
}

TEST_F(Table, functions) {
  EXPECT_EQ(compare("nothing", function(TYPEDATA_VOID, {})), "same");
  EXPECT_EQ(returns("nothing", int_), 'c') << said_;
  EXPECT_EQ(returns("nothing", text_), 'h') << said_;
  EXPECT_EQ(returns("nothing", record(32, {{"a", long_, 0}})), 'h') << said_;
  EXPECT_EQ(takes("nothing", int_), 'h') << said_;
  EXPECT_EQ(compare("old", function(TYPEDATA_VOID, {int_, int_}))[0],
            's');  // f() says nothing of them
  EXPECT_EQ(compare("more", function(int_, {text_}))[0], 'h');
  const typedata_type more =
      typedata_add_function(mine_, int_, TYPEDATA_PROTOTYPED | TYPEDATA_VARIADIC);
  typedata_add_parameter(mine_, more, "", text_);
  EXPECT_EQ(compare("more", more), "same");
  const typedata_type none =
      typedata_add_function(mine_, TYPEDATA_VOID, TYPEDATA_PROTOTYPED | TYPEDATA_VARIADIC);
  EXPECT_EQ(compare("nothing", none)[0], 'h');
  const auto callback = [&](typedata_type returned, std::vector<typedata_type> parameters) {
    return pointer(function(returned, parameters));
  };
  EXPECT_EQ(takes("takes_callback", callback(int_, {void_pointer_, void_pointer_})), 's') << said_;
  EXPECT_EQ(takes("takes_callback", callback(int_, {pointer(int_), pointer(int_)})), 'c') << said_;
  EXPECT_EQ(takes("takes_callback", callback(int_, {void_pointer_})), 'c') << said_;
  EXPECT_EQ(takes("takes_callback", callback(int_, {int_, int_})), 'h') << said_;
  EXPECT_EQ(takes("takes_callback", callback(TYPEDATA_VOID, {void_pointer_, void_pointer_})), 'c')
      << said_;
  EXPECT_EQ(takes("takes_callback", callback(double_, {void_pointer_, void_pointer_})), 'h')
      << said_;
  EXPECT_EQ(takes("takes_callback", void_pointer_), 'c') << said_;
  EXPECT_EQ(takes("takes_callback", text_), 'o') << said_;
  EXPECT_EQ(returns("complex_number", record(16, {{"re", double_, 0}, {"im", double_, 8}})), 'c')
      << said_;
  EXPECT_EQ(returns("complex_number", double_), 'h') << said_;
}

// Classes of C++ that go by the address of a copy, that go whole, and of which that is not told.
class Classes : public Compared {
 protected:
  void open_cxx(const std::vector<std::string>& flags) {
    const auto source_file = scratch_.path() / "lib.cc";
    const auto whole = scratch_.path() / "whole.so";
    write_file(source_file, R"(
struct copied { int x; copied(const copied& o) : x(o.x) {} copied(int i) : x(i) {} };
struct plain { int x; };
extern "C" int takes_copied(copied c) { return c.x; }
extern "C" int takes_plain(plain p) { return p.x; }
extern "C" copied makes(int i) { return copied(i); }
extern "C" int calls(copied (*handler)(copied)) { return handler(copied(1)).x; }
)");
    std::vector<std::string> argv{
        "g++", "-g", "-fPIC", "-shared", "-o", whole.string(), source_file.string()};
    argv.insert(argv.end(), flags.begin(), flags.end());
    run(argv);
    typedata_error error;
    ASSERT_EQ(typedata_open(split(whole, scratch_.path() / "lib.so").c_str(), 0, &library_, &error),
              TYPEDATA_OK)
        << error.message;
    int_ = typedata_add_base(mine_, "c_int", 4, 5);
    long_ = typedata_add_base(mine_, "c_long", 8, 5);
    record_ = typedata_add_record(mine_, false, "Record", 4, 0);
    typedata_add_member(mine_, record_, "x", int_, 0, 0);
    pointer_ = typedata_add_pointer(mine_, record_);
  }
  char verdict(const char* name, typedata_type returns,
               const std::vector<typedata_type>& parameters, unsigned flags = 0) {
    said_ = compare(name, function(returns, parameters), flags);
    return said_[0];
  }
  void refuse_by_value(unsigned flags) {
    EXPECT_EQ(verdict("takes_copied", int_, {record_}, flags), 'h') << said_;
    EXPECT_EQ(verdict("takes_copied", int_, {pointer_}, flags), 'c') << said_;
    EXPECT_EQ(verdict("takes_copied", int_, {int_}, flags), 'h') << said_;
    EXPECT_EQ(verdict("takes_plain", int_, {record_}, flags), 's') << said_;
    EXPECT_EQ(verdict("takes_plain", int_, {pointer_}, flags), 'h') << said_;
    EXPECT_EQ(verdict("makes", record_, {int_}, flags), 'h') << said_;
    EXPECT_EQ(verdict("makes", pointer_, {int_}, flags), 'h') << said_;
    EXPECT_EQ(verdict("makes", pointer_, {int_, int_}, flags), 'h') << said_;
    EXPECT_EQ(verdict("makes", record_, {pointer_, int_}, flags), 'h') << said_;
#if defined(__x86_64__)
    EXPECT_EQ(verdict("makes", pointer_, {pointer_, int_}, flags), 'c') << said_;
    EXPECT_EQ(verdict("makes", TYPEDATA_VOID, {pointer_, int_}, flags), 'c') << said_;
#endif
  }

  typedata_type record_ = 0, pointer_ = 0;
  std::string said_;
};

TEST_F(Classes, by_address_want_a_pointer) {
  open_cxx({});
  refuse_by_value(0);
  refuse_by_value(TYPEDATA_MACHINE_ONLY);
  // Not to anything smaller, and not where the callback's own place is forgotten.
  EXPECT_EQ(verdict("takes_copied", int_, {typedata_add_pointer(mine_, long_)}), 'h') << said_;
  const auto handler = [&](typedata_type returns, const std::vector<typedata_type>& parameters) {
    return typedata_add_pointer(mine_, function(returns, parameters));
  };
  EXPECT_EQ(verdict("calls", int_, {handler(record_, {record_})}), 'h') << said_;
  EXPECT_EQ(verdict("calls", int_, {handler(pointer_, {pointer_})}), 'h') << said_;
#if defined(__x86_64__)
  EXPECT_EQ(verdict("calls", int_, {handler(pointer_, {pointer_, pointer_})}), 'c') << said_;
#endif
  typedata_info info;
  typedata_item item;
  typedata_items(library_, typedata_find_function(library_, "takes_copied"), &item, 1);
  ASSERT_TRUE(typedata_describe(library_, item.type, &info));
  EXPECT_EQ(info.flags, TYPEDATA_NONTRIVIAL);
  char text[100];
  typedata_print(library_, typedata_find_function(library_, "takes_copied"), "f", text,
                 sizeof text);
  EXPECT_STREQ(text, "int f(struct copied *c)");
  typedata_print(library_, typedata_find_function(library_, "makes"), "f", text, sizeof text);
  EXPECT_STREQ(text, "struct copied *f(struct copied *result, int i)");
  typedata_items(library_, typedata_find_function(library_, "takes_plain"), &item, 1);
  ASSERT_TRUE(typedata_describe(library_, item.type, &info));
  EXPECT_EQ(info.flags, 0U);
}

TEST_F(Classes, that_do_not_tell_take_no_value_either) {
  open_cxx({"-gdwarf-4", "-gstrict-dwarf"});
  refuse_by_value(0);
  refuse_by_value(TYPEDATA_MACHINE_ONLY);
  typedata_info info;
  typedata_item item;
  typedata_items(library_, typedata_find_function(library_, "takes_copied"), &item, 1);
  ASSERT_TRUE(typedata_describe(library_, item.type, &info));
  EXPECT_EQ(info.flags, TYPEDATA_PASSING_UNTOLD);
}

TEST_F(Table, as_far_as_a_machine_can_tell) {
  constexpr unsigned machine = TYPEDATA_MACHINE_ONLY;
  EXPECT_EQ(takes("takes_long_long", ulong_, machine), 's') << said_;
  EXPECT_EQ(takes("takes_long_long", int_, machine), 'h') << said_;
  EXPECT_EQ(takes("takes_long_long", void_pointer_, machine), 'c') << said_;
  EXPECT_EQ(takes("takes_long_long", double_, machine), 'h') << said_;
  EXPECT_EQ(takes("takes_texts", text_, machine), 's') << said_;
  EXPECT_EQ(takes("takes_texts", ulong_, machine), 'c') << said_;
  EXPECT_EQ(takes("takes_texts", int_, machine), 'h') << said_;
  EXPECT_EQ(takes("takes_callback", void_pointer_, machine), 's') << said_;
  EXPECT_EQ(takes("by_value", record(8, {{"", int_, 0}, {"", int_, 4}}), machine), 's') << said_;
  EXPECT_EQ(takes("by_value", record(8, {{"", double_, 0}}), machine), 'h') << said_;
  EXPECT_EQ(takes("by_value", record(16, {{"", long_, 0}, {"", long_, 8}}), machine), 'h') << said_;
  EXPECT_EQ(takes("by_value", void_pointer_, machine), 'h') << said_;
  EXPECT_EQ(returns("returns_big", void_pointer_, machine), 'h') << said_;
  EXPECT_EQ(returns("nothing", int_, machine), 'c') << said_;
#if defined(__x86_64__)
  // What goes in the same registers.
  EXPECT_EQ(takes("by_value", record(8, {{"", long_, 0}}), machine), 'c') << said_;
  EXPECT_EQ(takes("number_by_value", record(8, {{"", long_, 0}}), machine), 'c') << said_;
  EXPECT_EQ(takes("number_by_value", record(8, {{"", double_, 0}}), machine), 'h') << said_;
#endif
}

}  // namespace
}  // namespace splitstrip
