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

  // What the debug file says of each export, or what main carries.
  std::map<std::string, std::string> ask(const fs::path& library,
                                         const char* recipe = "conventional") {
    const auto answered = StagedLibrary(library).ask(*make_gdb(), "typedata", {.recipe = recipe});
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
    // An array by its first element; the hidden length by value.
    EXPECT_THAT(facts.at("scal_"),
                StartsWith("function, void; parameters: integer(kind=4) * n, real(kind=8) * alpha, "
                           "real(kind=8) * x, char * name, integer(kind=8) _name;"));
    EXPECT_THAT(facts.at("by_value"), StartsWith("function, integer(kind=4); parameters: "
                                                 "integer(kind=4) i, real(kind=8) d;"));
  }
}

// What is passed for an array whose shape the caller decides, and where a function puts what it
// returns; and strings, of which DWARF has no characters.
TEST_F(Prototypes, fortran_descriptors_results_and_strings) {
  const char* const source = R"(
module m
 implicit none
 character(len=8) :: label = 'abc'
 character(len=4) :: table(3)
contains
 subroutine shape(a, b, o, c)
  real, intent(in) :: a(:,:)
  integer, allocatable :: b(:)
  integer, optional :: o
  character :: c
  if (present(o)) o = size(a) + size(b) + ichar(c)
 end subroutine
 function title(n) result(t)
  integer :: n
  character(len=5) :: t
  t = 'x'
  n = 1
 end function
 function many(n) result(v)
  integer :: n
  real :: v(n)
  v = 1
 end function
end module
)";
  for (const char* level : {"-O0", "-O2"}) {
    const auto facts = ask(built({"gfortran", level}, "shapes.f90", source));
    EXPECT_THAT(facts.at("__m_MOD_shape"),
                StartsWith("function, void; parameters: descriptor of real(kind=4) [][] a, "
                           "descriptor of integer(kind=4) [] b, integer(kind=4) * o, char * c, "
                           "integer(kind=8) _c;"));
    EXPECT_THAT(facts.at("__m_MOD_title"),
                StartsWith("function, void; parameters: char * __result, integer(kind=8) "
                           ".__result, integer(kind=4) * n;"));
    EXPECT_THAT(facts.at("__m_MOD_many"),
                StartsWith("function, void; parameters: descriptor of real(kind=4) [] __result, "
                           "integer(kind=4) * n;"));
    EXPECT_THAT(facts.at("__m_MOD_label"), StartsWith("object, char [8];"));
    EXPECT_THAT(facts.at("__m_MOD_table"), StartsWith("object, char [3][4];"));
  }
}

// What a unit does not describe is unknown, and not void.
TEST_F(Prototypes, units_without_types_tell_nothing) {
  const char* const source =
      "extern int g(void); void f(void) {} int length(const char *s) { return *s; }";
  for (const char* compiler : {"gcc", "clang"}) {
    const auto library = built({compiler, "-O1"}, "g1.c", source);
    EXPECT_EQ(ask(library).count("length"), 1U) << compiler;
  }
  for (const char* compiler : {"gcc", "clang"}) {
    const auto library = scratch_.path() / "libprototypes.so";
    run({compiler, "-g1", "-fPIC", "-shared", "-Wl,--build-id=sha1", "-o", library.string(),
         (scratch_.path() / "g1.c").string()});
    EXPECT_TRUE(ask(library).empty()) << compiler;
  }
}

// clang describes thunks, and of no thunk what it takes.
TEST_F(Prototypes, thunks_are_nobodys_functions) {
  const auto facts = ask(built({"clang++", "-O1"}, "thunk.cc", R"(
struct A { virtual int f(int a); int i; };
struct B { virtual int g(int by); int j; };
struct C : A, B { int g(int by) override; };
int A::f(int a) { return a; }
int B::g(int by) { return by; }
int C::g(int by) { return by + 1; }
)"));
  EXPECT_THAT(facts.at("_ZN1C1gEi"),
              StartsWith("function, int; parameters: struct C * this, int by;"));
  EXPECT_FALSE(facts.contains("_ZThn16_N1C1gEi"));
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

// Nobody knows the types then; the name alone tells that there are more.
TEST_F(Prototypes, of_clang_too_short_a_list_tells_nothing) {
  const auto named = [](std::string text, const std::string& name) {
    for (auto at = text.find("taken"); at != text.npos; at = text.find("taken", at + name.size()))
      text.replace(at, 5, name);
    // In C++: DW_LANG_C_plus_plus, and the name is the linkage name.
    for (auto at = text.find(".byte 12"); at != text.npos; at = text.find(".byte 12"))
      text.replace(at, 8, ".byte 4");
    return text;
  };
  const std::string source = shortened("clang 14", "");
  EXPECT_EQ(ask(built({"gcc"}, "one.s", named(source, "_Z5takenl"))).count("_Z5takenl"), 1U);
  EXPECT_EQ(ask(built({"gcc"}, "two.s", named(source, "_Z5takenil"))).count("_Z5takenil"), 0U);
  const std::string of_gcc = shortened("GNU C++17 12", "");
  EXPECT_EQ(ask(built({"gcc"}, "gcc.s", named(of_gcc, "_Z5takenil"))).count("_Z5takenil"), 1U);
}

// gcc's definitions are whole: a declaration with more is somebody's mistake.
TEST_F(Prototypes, of_gcc_the_definition_is) {
  EXPECT_THAT(ask(built({"gcc"}, "taken.s", shortened("GNU C17 12", int_and_long))).at("taken"),
              StartsWith("function, void; parameters: long kept;"));
}

// icc has a base type of no size for it, which gdb knows in units of icc, but not in typedata.
TEST_F(Prototypes, iccs_void_is_void) {
  std::string text = shortened("Intel(R) C Intel(R) 64 Compiler XE", "");
  const std::string of_long = ".asciz \"long\"\n  .byte 5, 8";
  for (auto at = text.find(of_long); at != text.npos; at = text.find(of_long))
    text.replace(at, of_long.size(), ".asciz \"void\"\n  .byte 7, 0");
  const auto library = built({"gcc"}, "void.s", text);
  for (const char* recipe : {"conventional", "typedata"}) {
    const auto facts = ask(library, recipe);
    EXPECT_EQ(facts.at("taken"), "function, void; parameters: void kept") << recipe;
    EXPECT_FALSE(facts.contains("type integer void")) << recipe;
  }
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
