// Which parameters a function takes, where its DIEs tell it in several ways or not at all.
#include <algorithm>

#include <dwarf.h>
#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "typedata/build.h"
#include "typedata/built.h"
#include "typedata/mangled_arguments.h"
#include "typedata/passing_place.h"
#include "typedata/producer.h"

namespace splitstrip {
namespace {

using namespace testing_support;
using testing::IsEmpty;
using Strings = std::vector<std::string>;

class Parameters : public testing::Test {
 protected:
  TypedataResult build(const std::string& compiler,
                       const std::vector<std::pair<std::string, std::string>>& sources,
                       const Strings& flags) {
    const auto library = compile_units(scratch_.path(), compiler, sources, flags);
    TypedataResult result = build_typedata(library, library);
    read_.emplace(result);
    return result;
  }

  Strings takes(std::string_view symbol) const {
    const Function* function = read_->function(symbol);
    if (function == nullptr) return {"not there"};
    Strings types;
    for (const Parameter& parameter : function->parameters)
      types.push_back(read_->spell(parameter.type));
    return types;
  }

  static std::string reason(const TypedataResult& result, std::string_view name) {
    const auto found = std::ranges::find(result.coverage.untyped, name, &Untyped::name);
    return found == result.coverage.untyped.end() ? "" : found->reason;
  }

  ScratchDirectory scratch_;
  std::optional<ReadBack> read_;
};

constexpr const char* kClasses = R"(
struct text { char *at; text(const char *); ~text(); int size; };
text::text(const char *s) : at((char *)s) {}
text::~text() { at = 0; }
struct base { virtual ~base(); int a; };
base::~base() {}
struct derived : virtual base { derived(); ~derived(); int b; };
derived::derived() {}
derived::~derived() {}
template <typename... T> int count(T... args) { return sizeof...(args); }
template int count<int, long>(int, long);
template int count<>();
)";

class OfCxx : public Parameters,
              public testing::WithParamInterface<std::pair<const char*, const char*>> {};

// What each copy of a constructor and destructor takes: Itanium C++ ABI, 5.1.4.3 and 2.6.2.
TEST_P(OfCxx, ConstructorsAndDestructorsTakeWhatTheirCodeTakes) {
  const auto& [compiler, optimised] = GetParam();
  if (!have_program(compiler)) GTEST_SKIP() << "needs " << compiler;
  build(compiler, {{"a.cc", kClasses}}, {optimised, "-std=c++17"});
  EXPECT_EQ(takes("_ZN4textC1EPKc").size(), 2U);
  EXPECT_EQ(takes("_ZN4textC2EPKc").size(), 2U);
  EXPECT_EQ(takes("_ZN4textD1Ev").size(), 1U);
  EXPECT_EQ(takes("_ZN4textD2Ev").size(), 1U);
  EXPECT_EQ(takes("_ZN4baseD0Ev").size(), 1U);
  EXPECT_EQ(takes("_ZN7derivedC1Ev").size(), 1U);
  EXPECT_EQ(takes("_ZN7derivedD0Ev").size(), 1U);
  EXPECT_EQ(takes("_ZN7derivedD1Ev").size(), 1U);
  // The copies for what is a base class are told where the virtual ones are.
  ASSERT_EQ(takes("_ZN7derivedC2Ev").size(), 2U);
  EXPECT_EQ(takes("_ZN7derivedD2Ev").size(), 2U);
  EXPECT_THAT(takes("_ZN7derivedC2Ev")[1], testing::StartsWith("void"));
}

TEST_P(OfCxx, PacksAreTheirParametersOnce) {
  const auto& [compiler, optimised] = GetParam();
  if (!have_program(compiler)) GTEST_SKIP() << "needs " << compiler;
  build(compiler, {{"a.cc", kClasses}}, {optimised, "-std=c++17"});
  EXPECT_EQ(takes("_Z5countIJilEEiDpT_").size(), 2U);
  EXPECT_THAT(takes("_Z5countIJEEiDpT_"), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Compilers, OfCxx,
                         testing::Values(std::pair{"g++", "-O0"}, std::pair{"g++", "-O2"},
                                         std::pair{"clang++", "-O0"}, std::pair{"clang++", "-O2"}),
                         [](const auto& variant) {
                           return std::string(variant.param.first[0] == 'g' ? "gcc" : "clang") +
                                  &variant.param.second[1];
                         });

// Nothing but the name tells of the second one, which lies in no register and is never used.
TEST_F(Parameters, WhatIsLeftOutIsNotInvented) {
  if (!have_program("clang++")) GTEST_SKIP() << "needs clang++";
  const TypedataResult result = build("clang++", {{"a.cc", R"(
struct held { held(const held &); ~held(); int x; };
held both(held a, held b) { return a; }
int plain(int a, int b) { return a; }
)"}},
                                      {"-O0"});
  EXPECT_EQ(takes("_Z5plainii").size(), 2U);
  // As the name has it, "both(held, held)"; DWARF of another clang may have both.
  if (read_->function("_Z4both4heldS_") == nullptr) {
    EXPECT_THAT(reason(result, "_Z4both4heldS_"), testing::HasSubstr("leaves out"));
  } else {
    EXPECT_EQ(takes("_Z4both4heldS_").size(), 2U);
  }
}

// One that was written by hand, as GCC 4 and an optimising clang have it: the abstract instance has
// one of three parameters, its declaration all of them; a pack's are there twice.
TEST_F(Parameters, TheLongestListWins) {
  const auto source = scratch_.path() / "odd.s";
  const std::string abbreviations = R"(
 .section .debug_abbrev,"",@progbits
.Labbrev:
 .uleb128 1; .uleb128 0x11; .byte 1; .uleb128 0x13; .uleb128 0x0b; .uleb128 0x03; .uleb128 0x08; .byte 0,0
 .uleb128 2; .uleb128 0x24; .byte 0; .uleb128 0x03; .uleb128 0x08; .uleb128 0x0b; .uleb128 0x0b; .uleb128 0x3e; .uleb128 0x0b; .byte 0,0
 .uleb128 3; .uleb128 0x13; .byte 1; .uleb128 0x03; .uleb128 0x08; .uleb128 0x0b; .uleb128 0x0b; .byte 0,0
 .uleb128 4; .uleb128 0x2e; .byte 1; .uleb128 0x03; .uleb128 0x08; .uleb128 0x6e; .uleb128 0x08; .uleb128 0x49; .uleb128 0x13; .uleb128 0x3f; .uleb128 0x19; .uleb128 0x3c; .uleb128 0x19; .byte 0,0
 .uleb128 5; .uleb128 0x05; .byte 0; .uleb128 0x49; .uleb128 0x13; .byte 0,0
 .uleb128 6; .uleb128 0x05; .byte 0; .uleb128 0x03; .uleb128 0x08; .uleb128 0x49; .uleb128 0x13; .byte 0,0
 .uleb128 7; .uleb128 0x2e; .byte 1; .uleb128 0x47; .uleb128 0x13; .uleb128 0x20; .uleb128 0x0b; .byte 0,0
 .uleb128 8; .uleb128 0x2e; .byte 1; .uleb128 0x31; .uleb128 0x13; .uleb128 0x11; .uleb128 0x01; .byte 0,0
 .uleb128 9; .uleb128 0x05; .byte 0; .uleb128 0x31; .uleb128 0x13; .byte 0,0
 .uleb128 10; .uleb128 0x2e; .byte 1; .uleb128 0x03; .uleb128 0x08; .uleb128 0x6e; .uleb128 0x08; .uleb128 0x3f; .uleb128 0x19; .uleb128 0x11; .uleb128 0x01; .byte 0,0
 .uleb128 11; .uleb128 0x4108; .byte 1; .uleb128 0x03; .uleb128 0x08; .byte 0,0
 .byte 0
)";
  write_file(source, abbreviations + R"(
 .section .debug_info,"",@progbits
.Lbegin: .long .Lend - .Lversion
.Lversion: .value 4; .long .Labbrev; .byte 8
 .uleb128 1; .byte 4; .string "odd.cc"
.Lint: .uleb128 2; .string "int"; .byte 4; .byte 5
.Llong: .uleb128 2; .string "long int"; .byte 8; .byte 5
 .uleb128 3; .string "s"; .byte 1
.Ldeclared: .uleb128 4; .string "f"; .string "_ZN1s1fEili"; .long .Lint - .Lbegin
 .uleb128 5; .long .Lint - .Lbegin
 .uleb128 5; .long .Llong - .Lbegin
 .uleb128 5; .long .Lint - .Lbegin
 .byte 0
 .byte 0
.Labstract: .uleb128 7; .long .Ldeclared - .Lbegin; .byte 1
.Lfirst: .uleb128 6; .string "a"; .long .Lint - .Lbegin
 .byte 0
 .uleb128 8; .long .Labstract - .Lbegin; .quad _ZN1s1fEili
 .uleb128 9; .long .Lfirst - .Lbegin
 .byte 0
 .uleb128 10; .string "g<int, long>"; .string "_Z1gIJilEEvDpT_"; .quad _Z1gIJilEEvDpT_
 .uleb128 11; .string "args"
 .uleb128 5; .long .Lint - .Lbegin
 .uleb128 5; .long .Llong - .Lbegin
 .byte 0
 .uleb128 6; .string "args#0"; .long .Lint - .Lbegin
 .uleb128 6; .string "args#1"; .long .Llong - .Lbegin
 .byte 0
 .byte 0
.Lend:
 .text
 .globl _ZN1s1fEili; .type _ZN1s1fEili, @function
_ZN1s1fEili: ret; .size _ZN1s1fEili, 1
 .globl _Z1gIJilEEvDpT_; .type _Z1gIJilEEvDpT_, @function
_Z1gIJilEEvDpT_: ret; .size _Z1gIJilEEvDpT_, 1
)");
  const auto library = scratch_.path() / "odd.so";
  run({"gcc", "-shared", "-nostdlib", "-o", library.string(), source.string()});
  read_.emplace(build_typedata(library, library));
  EXPECT_EQ(takes("_ZN1s1fEili"), (Strings{"int", "long int", "int"}));
  EXPECT_EQ(takes("_Z1gIJilEEvDpT_"), (Strings{"int", "long int"}));
}

TEST_F(Parameters, AUnitWithoutTypesTellsNothing) {
  for (const std::string compiler : {"gcc", "clang"}) {
    if (!have_program(compiler)) continue;
    for (const std::string optimised : {"-O0", "-O2"}) {
      const TypedataResult result = build(compiler, {{"g1.c", R"(
#include <string.h>
static inline int square(int x) { return x * x; }
unsigned long g1_length(const char *s) { return strlen(s) + 1; }
int g1_square(int a) { return square(square(a)); }
void g1_nothing(void) {}
)"}},
                                          {"-g1", optimised});
      EXPECT_THAT(read_->interface().functions, IsEmpty()) << compiler << optimised;
      EXPECT_EQ(result.coverage.functions_typed, 0U);
      EXPECT_NE(reason(result, "g1_length"), "");
    }
  }
  // Optimised when it is linked, a unit imports what it says.
  build("gcc", {{"g1.c", "int hidden(int a) { return a; } int other(int *a) { return *a; }"}},
        {"-g1", "-flto"});
  EXPECT_THAT(read_->interface().functions, IsEmpty());
  const TypedataResult result =
      build("gcc", {{"g1.c", "int hidden(int a) { return a; }"}}, {"-g1"});
  EXPECT_EQ(reason(result, "hidden"), "its unit has no types (-g1)");
}

TEST_F(Parameters, AFunctionWithoutParametersIsToldWhereThereAreTypes) {
  build("g++", {{"a.cc", "void nothing() {}"}}, {});
  ASSERT_NE(read_->function("_Z7nothingv"), nullptr) << "a unit of its own, with -g";
  EXPECT_THAT(takes("_Z7nothingv"), IsEmpty());
  build("gcc", {{"a.c", "void nothing(void) {}"}}, {});
  EXPECT_NE(read_->function("nothing"), nullptr);
}

// A declaration in another unit, and the definition in one of -g1.
TEST_F(Parameters, AnothersDeclarationStandsForAUnitWithoutTypes) {
  const auto object = [&](const char* name, const std::string& text, const char* debug) {
    const auto source = scratch_.path() / name;
    write_file(source, text);
    run({"gcc", debug, "-O2", "-fPIC", "-c", "-o", source.string() + ".o", source.string()});
    return source.string() + ".o";
  };
  const auto library = scratch_.path() / "lib.so";
  run({"gcc", "-shared", "-o", library.string(),
       object("a.c", "long told(int a, char b) { return a + b; }", "-g1"),
       object("b.c",
              "long told(int a, char b); int user(int k) { return told(k, 2) + told(3, k); }",
              "-g")});
  read_.emplace(build_typedata(library, library));
  const Function* told = read_->function("told");
  if (told == nullptr) GTEST_SKIP() << "this gcc does not describe what is called";
  EXPECT_EQ(takes("told"), (Strings{"int", "char"}));
  EXPECT_EQ(read_->spell(told->returns), "long int");
}

TEST_F(Parameters, AnIfuncHasThePrototypeOfWhatItsResolverReturns) {
  build("gcc", {{"a.c", R"(
typedef long (*resolved)(char *, int);
static long small(char *a, int b) { return b; }
static resolved resolve_fast(void) { return small; }
static void *resolve_blind(void) { return small; }
extern __typeof(small) fast __attribute__((ifunc("resolve_fast")));
extern __typeof(small) blind __attribute__((ifunc("resolve_blind")));
)"}},
        {});
  EXPECT_EQ(takes("fast"), (Strings{"char*", "int"}));
  EXPECT_EQ(read_->spell(read_->function("fast")->returns), "long int");
  EXPECT_EQ(read_->function("blind"), nullptr);
}

// GCC makes one of the two: the other one's definition has no address, but the parameters' names.
TEST_F(Parameters, AFoldedDefinitionSaysMoreThanItsDeclaration) {
  build("g++", {{"a.cc", R"(
struct s { int one(int first, long second); int two(int third, long fourth); int x; };
int s::one(int first, long second) { return x + first * (int)second; }
int s::two(int third, long fourth) { return x + third * (int)fourth; }
)"}},
        {"-O2"});
  for (const auto& [symbol, name] :
       {std::pair{"_ZN1s3oneEil", "first"}, {"_ZN1s3twoEil", "third"}}) {
    const Function* function = read_->function(symbol);
    ASSERT_NE(function, nullptr) << symbol;
    ASSERT_EQ(function->parameters.size(), 3U) << symbol;
    EXPECT_EQ(function->parameters[1].name, name) << symbol;
  }
}

TEST_F(Parameters, WhatTheCompilerMadeIsNamedSo) {
  const TypedataResult result = build("g++", {{"a.cc", R"(
extern const int &kept;
const int &kept = 7;
struct a { virtual void f(); int x; };
struct b { virtual void g(); int y; };
struct c : a, b { void g() override; };
void a::f() {} void b::g() {} void c::g() {}
)"}},
                                      {});
  EXPECT_THAT(reason(result, "_ZGR4kept_"), testing::HasSubstr("reference temporary"));
  EXPECT_THAT(reason(result, "_ZThn16_N1c1gEv"), testing::HasSubstr("thunk"));
}

TEST(MangledArguments, AreThoseOfTheSource) {
  EXPECT_EQ(mangled_arguments("_Z5byval3STR1V"), 2U);
  EXPECT_EQ(mangled_arguments("_Z3foov"), 0U);
  EXPECT_EQ(mangled_arguments("_ZNK1a1fEiSt4pairIilE"), 2U);
  EXPECT_EQ(mangled_arguments("_Z4callPFvicE"), 1U) << "void (*)(int, char)";
  EXPECT_EQ(mangled_arguments("_Z5printPKcz"), 1U);
  EXPECT_EQ(mangled_arguments("_ZN1sC1EPKc"), 1U);
  EXPECT_EQ(mangled_arguments("main"), std::nullopt);
  EXPECT_EQ(mangled_arguments("_ZTV1s"), std::nullopt);
}

TEST(Producer, TellsTheLevelThatWasAskedForLast) {
  EXPECT_EQ(debug_level("GNU C17 12.2.0 -mtune=generic -g1 -O2"), 1);
  EXPECT_EQ(debug_level("GNU C17 12.2.0 -g -O2 -g1"), 1);
  EXPECT_EQ(debug_level("GNU C17 12.2.0 -g1 -g3"), 3);
  EXPECT_EQ(debug_level("GNU C17 12.2.0 -gdwarf-4 -O2"), 2);
  EXPECT_EQ(debug_level("GNU C17 12.2.0 -g1 -gdwarf-4"), 1);
  EXPECT_EQ(debug_level("GNU C17 12.2.0 -ggdb3"), 3);
  EXPECT_EQ(debug_level("Debian clang version 14.0.6"), std::nullopt);
}

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> all;
  for (const int value : values) all.push_back(static_cast<std::byte>(value));
  return all;
}

// As gfortran 12 writes them on x86_64.
TEST(ArgumentPlace, IsToldByTheLocation) {
  const auto place = [](std::initializer_list<int> expression) {
    return argument_place(bytes(expression), false, 8, EM_X86_64);
  };
  EXPECT_EQ(place({DW_OP_fbreg, 0x58}), ArgumentPlace::value);
  EXPECT_EQ(place({DW_OP_fbreg, 0x58, DW_OP_deref}), ArgumentPlace::address);
  EXPECT_EQ(place({DW_OP_reg5}), ArgumentPlace::value);
  EXPECT_EQ(place({DW_OP_breg5, 0}), ArgumentPlace::address);
  EXPECT_EQ(place({DW_OP_breg7, 8}), ArgumentPlace::value) << "on the stack";
  EXPECT_EQ(place({DW_OP_breg7, 8, DW_OP_deref}), ArgumentPlace::address);
  EXPECT_EQ(place({DW_OP_entry_value, 1, DW_OP_reg5, DW_OP_stack_value}), ArgumentPlace::value);
  EXPECT_EQ(place({DW_OP_entry_value, 1, DW_OP_reg5}), ArgumentPlace::address);
  EXPECT_EQ(place({}), ArgumentPlace::unknown);
  EXPECT_EQ(place({DW_OP_fbreg}), ArgumentPlace::unknown) << "cut short";
}

}  // namespace
}  // namespace splitstrip
