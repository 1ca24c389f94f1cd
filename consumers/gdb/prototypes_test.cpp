// The query `typedata` must know which parameters a function takes by more than one DIE: each case
// is one in which a single DIE is wrong. The values are those of the source and of the ABI.
#include <fstream>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/gdb/gdb.h"
#include "consumers/staged_library.h"
#include "elf/test_library.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::StartsWith;
using testing_support::run;
using testing_support::StagedLibrary;

class Prototypes : public testing::Test {
 protected:
  void SetUp() override {
    const auto found = make_gdb()->detect();
    if (!found.available) GTEST_SKIP() << found.reason;
  }

  // `command` without -o and the source.
  fs::path built(std::vector<std::string> command, const char* name, const std::string& text) {
    const auto file = scratch_.path() / name;
    std::ofstream(file) << text;
    const auto library = scratch_.path() / "libprototypes.so";
    command.insert(command.end(), {"-g", "-fPIC", "-shared", "-Wl,--build-id=sha1", "-o",
                                   library.string(), file.string()});
    run(command);
    return library;
  }

  // What the debug file says of each export.
  std::map<std::string, std::string> ask(const fs::path& library) {
    const auto answered = StagedLibrary(library).ask(*make_gdb(), "typedata");
    EXPECT_EQ(answered.end.how, QueryEnd::How::answered) << answered.end.reason;
    std::map<std::string, std::string> facts;
    for (const auto& fact : answered.facts) facts.emplace(fact.key, fact.value);
    return facts;
  }

  ScratchDirectory scratch_;
};

// Itanium C++ ABI 2.6.2: base object constructors and destructors of a class with virtual bases
// take a VTT, complete ones do not; nothing takes `__in_chrg`. gcc's abstract instances have both.
TEST_F(Prototypes, what_compilers_add_is_taken_where_the_code_takes_it) {
  const char* const source = R"(
struct V { virtual ~V(); int a; };
V::~V() {}
struct W : virtual V { W(long by); ~W(); int b; };
W::W(long by) : b(by) {}
W::~W() {}
)";
  for (const char* level : {"-O0", "-O2"}) {
    const auto facts = ask(built({"g++", level}, "w.cc", source));
    EXPECT_THAT(facts.at("_ZN1VD1Ev"), StartsWith("function, void; parameters: struct V * this;"));
    EXPECT_THAT(facts.at("_ZN1VD2Ev"), StartsWith("function, void; parameters: struct V * this;"));
    EXPECT_THAT(facts.at("_ZN1WD0Ev"), StartsWith("function, void; parameters: struct W * this;"));
    EXPECT_THAT(facts.at("_ZN1WD1Ev"), StartsWith("function, void; parameters: struct W * this;"));
    EXPECT_THAT(
        facts.at("_ZN1WD2Ev"),
        StartsWith("function, void; parameters: struct W * this, const void ** __vtt_parm;"));
    EXPECT_THAT(facts.at("_ZN1WC1El"),
                StartsWith("function, void; parameters: struct W * this, long by;"));
    EXPECT_THAT(facts.at("_ZN1WC2El"), StartsWith("function, void; parameters: struct W * this, "
                                                  "const void ** __vtt_parm, long by;"));
  }
}

// Fortran passes by reference what has not VALUE; the DIE's type does not say so, its place does.
TEST_F(Prototypes, fortran_dummies_are_pointers) {
  const char* const source = R"(
integer function twice(i)
 integer, intent(in) :: i
 twice = 2*i
end function
subroutine scal(n, alpha, x, name)
 integer :: n
 real(8) :: alpha
 real(8) :: x(n)
 character(len=*) :: name
 x(1:n) = alpha*x(1:n)
 if (name == 'x') n = 1
end subroutine
integer(4) function by_value(i, d) bind(c)
 use iso_c_binding
 integer(c_int), value :: i
 real(c_double), value :: d
 by_value = i + int(d)
end function
)";
  for (const char* level : {"-O0", "-O2"}) {
    const auto facts = ask(built({"gfortran", level}, "dummies.f90", source));
    EXPECT_THAT(facts.at("twice_"),
                StartsWith("function, integer(kind=4); parameters: integer(kind=4) * i;"));
    EXPECT_THAT(facts.at("scal_"),
                StartsWith("function, void; parameters: integer(kind=4) * n, real(kind=8) * alpha, "
                           "real(kind=8) (*)[] x, "));
    // The hidden length is passed by value.
    EXPECT_THAT(facts.at("scal_"), testing::HasSubstr(" * name, integer(kind=8) _name;"));
    EXPECT_THAT(facts.at("by_value"), StartsWith("function, integer(kind=4); parameters: "
                                                 "integer(kind=4) i, real(kind=8) d;"));
  }
}

// A pack's parameters are taken once.
TEST_F(Prototypes, packs_are_told_once) {
  const auto facts =
      ask(built({"g++", "-O2"}, "pack.cc",
                "template <typename... T> int sum(T... args) { return sizeof...(args); }\n"
                "template int sum<int, long>(int, long);\ntemplate int sum<>();\n"));
  EXPECT_THAT(facts.at("_Z3sumIJilEEiDpT_"), StartsWith("function, int; parameters: int, long;"));
  EXPECT_THAT(facts.at("_Z3sumIJEEiDpT_"), StartsWith("function, int; parameters: none;"));
}

// What each unit says of one function: as a compiler that leaves out parameters which its optimiser
// took has it. Written by hand, since no compiler here does.
std::string shortened(const char* producer, const char* declared) {
  std::string text = R"(
  .text
  .globl taken
  .type taken, @function
taken: ret
.Lend:
  .size taken, .-taken
  .section .debug_abbrev,"",@progbits
.Labbrev:
  .uleb128 1, 0x11, 1, 0x25, 0x8, 0x13, 0xb, 0x11, 0x1, 0x12, 0x7, 0, 0  # unit
  .uleb128 2, 0x2e, 1, 0x3, 0x8, 0x3f, 0x19, 0x27, 0x19, 0x11, 0x1, 0x12, 0x7, 0, 0  # definition
  .uleb128 3, 0x5, 0, 0x3, 0x8, 0x49, 0x13, 0, 0  # parameter with a name
  .uleb128 4, 0x2e, 1, 0x3, 0x8, 0x3f, 0x19, 0x27, 0x19, 0x3c, 0x19, 0, 0  # declaration
  .uleb128 5, 0x5, 0, 0x49, 0x13, 0, 0  # parameter without
  .uleb128 6, 0x24, 0, 0x3, 0x8, 0x3e, 0xb, 0xb, 0xb, 0, 0  # base type
  .uleb128 7, 0x11, 1, 0x25, 0x8, 0x13, 0xb, 0, 0  # unit without code
  .byte 0
  .section .debug_info,"",@progbits
.Lone:
  .long .Lone_end-.Lone-4
  .short 4
  .long .Labbrev
  .byte 8
  .uleb128 1
  .asciz "PRODUCER"
  .byte 12
  .quad taken
  .quad .Lend-taken
  .uleb128 2
  .asciz "taken"
  .quad taken
  .quad .Lend-taken
  .uleb128 3
  .asciz "kept"
  .long .Llong-.Lone
  .byte 0
.Llong:
  .uleb128 6
  .asciz "long"
  .byte 5, 8
  .byte 0
.Lone_end:
.Ltwo:
  .long .Ltwo_end-.Ltwo-4
  .short 4
  .long .Labbrev
  .byte 8
  .uleb128 7
  .asciz "PRODUCER"
  .byte 12
  .uleb128 4
  .asciz "taken"
  DECLARED
  .byte 0
.Lint:
  .uleb128 6
  .asciz "int"
  .byte 5, 4
.Llong2:
  .uleb128 6
  .asciz "long"
  .byte 5, 8
  .byte 0
.Ltwo_end:
  .section .note.GNU-stack,"",@progbits
)";
  for (const auto& [mark, word] :
       {std::pair{"PRODUCER", producer}, std::pair{"DECLARED", declared}})
    for (auto at = text.find(mark); at != text.npos; at = text.find(mark))
      text.replace(at, 8, word);
  return text;
}

constexpr const char* int_and_long =
    ".uleb128 5\n.long .Lint-.Ltwo\n.uleb128 5\n.long .Llong2-.Ltwo";

TEST_F(Prototypes, of_clang_the_longest_list_is_the_true_one) {
  EXPECT_THAT(ask(built({"gcc"}, "taken.s", shortened("clang 14", int_and_long))).at("taken"),
              StartsWith("function, void; parameters: int, long;"));
  EXPECT_THAT(ask(built({"gcc"}, "taken.s", shortened("clang 14", ""))).at("taken"),
              StartsWith("function, void; parameters: long kept;"));
}

// gcc's definitions are whole: a declaration with more is somebody's mistake.
TEST_F(Prototypes, of_gcc_the_definition_is) {
  EXPECT_THAT(ask(built({"gcc"}, "taken.s", shortened("GNU C17 12", int_and_long))).at("taken"),
              StartsWith("function, void; parameters: long kept;"));
}

// The definition's names and its own copies are not what another unit declares: the definition's
// are told.
TEST_F(Prototypes, names_are_those_of_the_definition) {
  const auto facts = ask(built({"gcc", "-O1"}, "names.c",
                               "int f(int declared, const char *name);\n"
                               "int f(const int defined, const char *const text)\n"
                               "{ return defined + (text != 0); }\n"));
  EXPECT_THAT(facts.at("f"),
              StartsWith("function, int; parameters: int defined, const char * text;"));
}

// The descriptor is what the symbol names, not the code.
TEST_F(Prototypes, old_powerpc_by_its_descriptors) {
  if (!fs::exists("/usr/bin/powerpc64le-linux-gnu-gcc"))
    GTEST_SKIP() << "needs powerpc64le-linux-gnu-gcc";
  const auto facts =
      ask(built({"powerpc64le-linux-gnu-gcc", "-mbig", "-mabi=elfv1", "-nostdlib", "-O1"}, "old.c",
                "static int inside(int a, long b) { return a + (int)b; }\n"
                "extern int other(int, long) __attribute__((alias(\"inside\")));\n"
                "int first(int a) { return inside(a, 1); }\n"));
  EXPECT_THAT(facts.at("first"), StartsWith("function, int; parameters: int a;"));
  // By its address alone: no DIE has its name.
  EXPECT_THAT(facts.at("other"), StartsWith("function, int; parameters: int a, long b;"));
}

}  // namespace
}  // namespace splitstrip
