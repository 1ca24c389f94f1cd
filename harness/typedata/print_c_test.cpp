// What is printed is given to both compilers, with an assertion for every size and offset.
#include "typedata/print_c.h"

#include <fstream>
#include <iterator>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dwarf/debug_info.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "typedata/load.h"

namespace splitstrip {
namespace {

using namespace testing_support;

class PrintC : public testing::Test {
 protected:
  // Compiles C (or C++) and prints it again from its DWARF.
  std::string reprint(const std::string& source, const std::vector<std::string>& names = {},
                      bool assertions = false, bool cxx = false) {
    const auto library = scratch_.path() / "lib.so";
    if (cxx) {
      write_file(scratch_.path() / "lib.cc", source);
      run({"g++", "-std=c++17", "-g", "-w", "-fPIC", "-shared", "-fno-eliminate-unused-debug-types",
           "-o", library.string(), (scratch_.path() / "lib.cc").string()});
    } else {
      build_library(library, source, {"-O0", "-w", "-fno-eliminate-unused-debug-types"});
    }
    const DebugInfo info = DebugInfo::open(library);
    const Interface interface = load_interface(info);
    std::ostringstream output;
    print_c(interface, select(interface, names, "lib.so"), "lib.so", output,
            {.assertions = assertions});
    return output.str();
  }

  // The compilers' complaint; empty if they accept it.
  std::string compile(const std::string& text) {
    const auto file = scratch_.path() / "printed.c";
    write_file(file, text);
    std::string complaint;
    for (const char* compiler : {"gcc", "clang"}) {
      complaint += message_of([&] {
        run({compiler, "-std=gnu17", "-fsyntax-only", file.string()});
      });
    }
    return complaint;
  }

  static std::string odd_types() {
    std::ifstream file(SPLITSTRIP_TESTDATA "/odd_types.c");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  ScratchDirectory scratch_;
};

TEST_F(PrintC, OddTypesCompileWithTheirLayout) {
  const std::string text = reprint(odd_types(), {}, true);
  EXPECT_EQ(compile(text), "");
  EXPECT_THAT(text, testing::HasSubstr("_Static_assert(sizeof(struct packed2) == 12"));
  EXPECT_THAT(text,
              testing::HasSubstr("_Static_assert(__builtin_offsetof(struct node, inner.b) == 12"));
}

// The control of the test above.
TEST_F(PrintC, AssertionsFailOnAnotherLayout) {
  std::string text = reprint(odd_types(), {}, true);
  const std::string attribute = "} __attribute__((packed, aligned(4)));";
  const auto at = text.find(attribute);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, attribute.size(), "};");
  EXPECT_THAT(compile(text), testing::HasSubstr("static assertion failed"));
}

TEST_F(PrintC, DeclaratorsReadAsTheirSource) {
  const std::string text = reprint(odd_types());
  for (const char* line : {
           "void (*sig(int s, void (*h)(int)))(int);\n",
           "int (*parr(int (*a)[5]))[7];\n",
           "int old(/* char a, float b */);\n",
           "int none();\n",
           "int va(const char *fmt, ...);\n",
           "int vf(const char *fmt, __builtin_va_list ap);\n",
           "void die(void) __attribute__((noreturn));\n",
           "extern const char * const names[2];\n",
           "typedef int (*cb_t)(struct node *, void *, int (*)(const char *, ...));\n",
           "  void (*(*d)(int))(double);\n",
           "  struct node data[];\n",
           "  B1 = 8589934591LL,\n",
       }) {
    EXPECT_THAT(text, testing::HasSubstr(line));
  }
}

TEST_F(PrintC, NamesThatCDoesNotAllow) {
  const std::string text = reprint(R"(
namespace outer { template <typename T> struct list { T *first; list *next; };
                  enum class restrict : short { inline_, linux = 3 }; }
extern int i;
struct base { virtual ~base() {} long a; char b; };
struct derived : base { char in_tail_padding; int &reference = i; int base::*member; void (base::*code)(); };
int i;
derived object;
int f(outer::list<int> &list, outer::restrict, derived &&restrict, bool sizeof_, decltype(nullptr)) { return 0; }
extern "C" int typeof_(int restrict, char16_t *asm_, wchar_t) { return 0; }
)",
                                   {}, true, true);
  EXPECT_EQ(compile(text), "");
  EXPECT_THAT(text, testing::HasSubstr("struct outer__list_int_;  /* outer::list<int> */\n"));
  EXPECT_THAT(text, testing::HasSubstr("int typeof_(int restrict_, "));
  EXPECT_THAT(text, testing::HasSubstr("__attribute__((mode(HI)))"));
  EXPECT_THAT(text, testing::HasSubstr("unsigned char base_base[17];"));
}

TEST_F(PrintC, TwoTypesOfOneName) {
  const std::string text = reprint(R"(
struct one { int a; };
int f(struct one *p) { struct one { long b; } local = {p->a}; { typedef struct { struct one *q; } one; one o = {&local}; return o.q->b; } }
)",
                                   {}, true);
  EXPECT_EQ(compile(text), "");
  EXPECT_THAT(text, testing::HasSubstr("struct one__2"));
  EXPECT_THAT(text, testing::HasSubstr("another type named one"));
}

TEST_F(PrintC, OnlyWhatIsAskedFor) {
  const std::string source =
      "struct a { struct b *b; }; struct b { int i; }; struct c { int j; };\n"
      "int f(struct a *a) { return 0; } int g(struct c c) { return 0; } int object;\n";
  const std::string text = reprint(source, {"f"}, true);
  EXPECT_EQ(compile(text), "");
  EXPECT_THAT(text, testing::HasSubstr("struct b {\n"));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("struct c")));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("object;")));
  EXPECT_THAT(reprint(source, {"struct c"}), testing::HasSubstr("0 functions"));
  EXPECT_THAT(message_of([&] {
                reprint(source, {"f", "nowhere"});
              }),
              testing::HasSubstr("no function, object or type 'nowhere'"));
}

TEST_F(PrintC, TooMuchTextIsRefused) {
  build_library(scratch_.path() / "lib.so", small_source);
  const DebugInfo info = DebugInfo::open(scratch_.path() / "lib.so");
  const Interface interface = load_interface(info);
  std::ostringstream output;
  EXPECT_THROW(print_c(interface, select(interface, {}, ""), "lib.so", output, {.most = 100}),
               Error);
  EXPECT_EQ(output.str(), "");
}

}  // namespace
}  // namespace splitstrip
