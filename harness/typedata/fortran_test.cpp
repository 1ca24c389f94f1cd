// Fortran's prototypes are those that C calls it by. The right ones come from gfortran itself
// (-fc-prototypes-external) and from what its code does with a caller's registers.
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/test_library.h"
#include "typedata/build.h"
#include "typedata/built.h"

namespace splitstrip {
namespace {

using namespace testing_support;
using testing::ElementsAre;
using testing::MatchesRegex;
using Strings = std::vector<std::string>;

const auto descriptor = MatchesRegex("struct array_descriptor_[0-9]+");
const auto descriptor_pointer = MatchesRegex("struct array_descriptor_[0-9]+\\*");

class Fortran : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!have_program("gfortran")) GTEST_SKIP() << "needs gfortran";
  }

  const ReadBack& build(const std::string& source, Strings flags = {}) {
    flags.push_back(GetParam());
    flags.push_back("-J" + scratch_.path().string());  // where a module is described
    library_ = compile_units(scratch_.path(), "gfortran", {{"lib.f90", source}}, flags);
    read_.emplace(build_typedata(library_, library_));
    return *read_;
  }

  // The types that are passed.
  Strings takes(std::string_view symbol) const {
    const Function* function = read_->function(symbol);
    if (function == nullptr) return {"not there"};
    Strings types;
    for (const Parameter& parameter : function->parameters)
      types.push_back(read_->spell(parameter.type));
    return types;
  }

  // In bytes, of what a pointer points to; 0 if that is only declared.
  std::uint64_t pointed_size(TypeId pointer) const {
    const Type& to = read_->interface().type(read_->interface().type(pointer).target);
    return to.declaration ? 0 : to.size.value_or(0);
  }

  ScratchDirectory scratch_;
  std::filesystem::path library_;
  std::optional<ReadBack> read_;
};

TEST_P(Fortran, ArgumentsArePassedByReference) {
  const ReadBack& read = build(R"(
integer function twice(i)
 integer, intent(in) :: i
 twice = 2*i
end function
subroutine scal(n, alpha, x, a, name)
 integer :: n
 real(8) :: alpha
 real(8) :: x(n), a(n, *)
 character(len=*) :: name
 x(1:n) = alpha*x(1:n)
 if (name == 'x') n = 1
end subroutine
logical function maybe(l, z)
 logical, optional :: l
 complex(8) :: z
 maybe = present(l)
end function
subroutine two(a, n, b)
 character(len=*) :: a, b
 integer :: n
 n = len(a) + len(b)
end subroutine
)");
  // gfortran -fc-prototypes-external: int twice_ (const int *i);
  EXPECT_EQ(takes("twice_"), (Strings{"integer(kind=4)*"}));
  EXPECT_EQ(read.spell(read.function("twice_")->returns), "integer(kind=4)");
  // void scal_ (int *n, double *alpha, double *x, double *a, char *name, size_t name_len);
  EXPECT_EQ(takes("scal_"), (Strings{"integer(kind=4)*", "real(kind=8)*", "real(kind=8)*",
                                     "real(kind=8)*", "char*", "integer(kind=8) const"}));
  EXPECT_EQ(takes("maybe_"), (Strings{"logical(kind=4)*", "complex(kind=8)*"}));
  // The lengths follow all arguments, in their order.
  EXPECT_EQ(takes("two_"), (Strings{"char*", "integer(kind=4)*", "char*", "integer(kind=8) const",
                                    "integer(kind=8) const"}));
}

// "const size_t name_len" -> "long": the type alone, the lengths' being signed in one and not in
// the other.
std::string bare(std::string_view parameter) {
  std::string words(parameter);
  for (const std::string_view dropped : {"const ", "const"}) {
    for (auto at = words.find(dropped); at != std::string::npos; at = words.find(dropped))
      words.erase(at, dropped.size());
  }
  words = words.substr(std::min(words.find_first_not_of(' '), words.size()));
  const auto star = words.rfind('*');
  const auto end = star != std::string::npos ? star + 1 : words.rfind(' ');
  words = words.substr(0, end);
  std::erase(words, ' ');
  return words == "size_t" ? "long" : words;
}

// {name: types of the parameters} of a C declaration on each line.
std::map<std::string, Strings> prototypes(const std::string& text) {
  std::map<std::string, Strings> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto open = line.find('(');
    const auto close = line.find(");");
    if (open == std::string::npos || close == std::string::npos) continue;
    std::string head = line.substr(0, open);
    head = head.substr(0, head.find_last_not_of(' ') + 1);
    Strings& types = found[head.substr(head.find_last_of(" *") + 1)];
    std::istringstream list(line.substr(open + 1, close - open - 1));
    for (std::string parameter; std::getline(list, parameter, ',');)
      types.push_back(bare(parameter));
  }
  return found;
}

TEST_P(Fortran, PrototypesAreThoseThatGfortranPrints) {
  const ReadBack& read = build(R"(
integer function twice(i)
 integer, intent(in) :: i
 twice = 2*i
end function
real(8) function dot(n, x, incx, y, incy)
 integer :: n, incx, incy
 real(8) :: x(*), y(*)
 dot = x(n*incx) * y(n*incy)
end function
subroutine scal(n, alpha, x, a, name, z, other)
 integer :: n
 real(8) :: alpha
 real(8) :: x(n), a(n, *)
 complex(8) :: z
 character(len=*) :: name, other
 x(1:n) = alpha*x(1:n)*real(z)
 if (name == other) n = 1
end subroutine
)");
  const auto ours = prototypes(read.c());
  const auto theirs = prototypes(run({"gfortran", "-fc-prototypes-external", "-fsyntax-only",
                                      (scratch_.path() / "lib.f90").string()}));
  ASSERT_EQ(theirs.size(), 3U);
  EXPECT_EQ(theirs.at("twice_"), (Strings{"int*"})) << "this reader of C reads";
  for (auto [name, types] : theirs) {
    // gfortran has names of its own for C's complex numbers.
    for (std::string& type : types) {
      if (type == "__GFORTRAN_DOUBLE_COMPLEX*") type = "_Complexdouble*";
    }
    ASSERT_TRUE(ours.contains(name)) << name;
    EXPECT_EQ(ours.at(name), types) << name;
  }
}

TEST_P(Fortran, WhatIsPassedByValueStaysSo) {
  build(R"(
module m
 use iso_c_binding
 type, bind(c) :: pair
  integer(c_int) :: a
  real(c_double) :: b
 end type
contains
 subroutine values(n, x, p, c, unused) bind(c)
  integer(c_int), value :: n, unused
  real(c_double), value :: x
  type(pair) :: p
  character(kind=c_char), value :: c
  if (c == 'x') p%a = n
  p%b = x
 end subroutine
 subroutine stacked(a, b, c, d, e, f, g, h) bind(c)
  integer(c_int), value :: a, b, c, d, e, f
  integer(c_int) :: g
  integer(c_int), value :: h
  g = a + b + c + d + e + f + h
 end subroutine
 subroutine sometimes(k, o)
  integer, value :: k
  integer, value, optional :: o
  if (present(o)) print *, k, o
 end subroutine
 subroutine apply(f, x)
  interface
   real(8) function f(x)
    real(8), intent(in) :: x
   end function
  end interface
  real(8) :: x
  x = f(x)
 end subroutine
end module
)");
  EXPECT_EQ(takes("values"), (Strings{"integer(kind=4)", "real(kind=8)", "struct pair*",
                                      "character(kind=1)", "integer(kind=4)"}));
  EXPECT_EQ(takes("stacked"),
            (Strings{"integer(kind=4)", "integer(kind=4)", "integer(kind=4)", "integer(kind=4)",
                     "integer(kind=4)", "integer(kind=4)", "integer(kind=4)*", "integer(kind=4)"}));
  // Whether an optional value is there is one more argument.
  EXPECT_EQ(takes("__m_MOD_sometimes"),
            (Strings{"integer(kind=4)", "integer(kind=4)", "logical(kind=1) const"}));
  const Strings apply = takes("__m_MOD_apply");
  ASSERT_EQ(apply.size(), 2U);
  EXPECT_THAT(apply[0], testing::Not(testing::HasSubstr("**")))
      << "a procedure is its address, not where that is";
  EXPECT_EQ(apply[1], "real(kind=8)*");
}

TEST_P(Fortran, ArraysOfTheCallersShapeComeByDescriptor) {
  const ReadBack& read = build(R"(
module m
contains
 subroutine shaped(a)
  real(8) :: a(:,:)
  a = 2*a
 end subroutine
 subroutine grown(a)
  integer, allocatable :: a(:)
  allocate(a(4))
 end subroutine
 subroutine any(a)
  real(8) :: a(..)
  print *, size(a)
 end subroutine
 function squares(n) result(r)
  integer, intent(in) :: n
  integer :: r(n)
  r = n*n
 end function
 function greeting(who) result(r)
  character(len=*), intent(in) :: who
  character(len=12) :: r
  r = who
 end function
end module
)");
  EXPECT_THAT(takes("__m_MOD_shaped"), ElementsAre(descriptor_pointer));
  EXPECT_THAT(takes("__m_MOD_grown"), ElementsAre(descriptor_pointer));
  EXPECT_THAT(takes("__m_MOD_any"), ElementsAre(descriptor_pointer));
  // libgfortran.h: base_addr, offset, dtype (16 bytes), span, and three words for each dimension.
  std::set<std::uint64_t> sizes;
  for (const char* function : {"__m_MOD_shaped", "__m_MOD_grown", "__m_MOD_any"})
    sizes.insert(pointed_size(read.function(function)->parameters[0].type));
  EXPECT_THAT(sizes, ElementsAre(0U, 40U + 24U, 40U + 2 * 24U));
  // A result that has no place in registers is written where the caller says.
  EXPECT_THAT(takes("__m_MOD_squares"), ElementsAre(descriptor_pointer, "integer(kind=4)*"));
  EXPECT_EQ(read.function("__m_MOD_squares")->returns, void_type);
  EXPECT_EQ(takes("__m_MOD_greeting"),
            (Strings{"char*", "integer(kind=8) const", "char*", "integer(kind=8) const"}));
}

TEST_P(Fortran, StringsAreCharactersInC) {
  const ReadBack& read = build(R"(
module m
 use iso_c_binding
 type, bind(c) :: rec
  integer(c_int) :: a(12)
  real(c_double) :: b(0:3)
  character(kind=c_char) :: s(8)
 end type
 type named
  character(len=6) :: tag
  integer :: n(-1:1)
  real(8), allocatable :: grown(:)
  character(len=:), pointer :: label
  class(*), pointer :: any(:)
  integer :: after
 end type
 integer, allocatable :: kept(:)
 type(rec), bind(c, name="one") :: one
 type(named) :: two
end module
)");
  const auto records = read.types(TypeKind::structure, "rec");
  ASSERT_EQ(records.size(), 1U);
  const auto length = [&](const Member& member) {
    return read.interface().type(member.type).counts.front();
  };
  EXPECT_EQ(records[0]->size, 88U);
  EXPECT_EQ(length(records[0]->members[0]), 12U);
  EXPECT_EQ(length(records[0]->members[1]), 4U);
  EXPECT_EQ(length(records[0]->members[2]), 8U);
  EXPECT_EQ(read.spell(records[0]->members[2].type), "char[]");
  const auto named = read.types(TypeKind::structure, "named");
  ASSERT_EQ(named.size(), 1U);
  EXPECT_EQ(read.spell(named[0]->members[0].type), "char[]");
  EXPECT_EQ(length(named[0]->members[0]), 6U);
  EXPECT_EQ(length(named[0]->members[1]), 3U);
  // Of what is allocated the descriptor lies there, of 64 bytes: what follows it tells.
  EXPECT_THAT(read.spell(named[0]->members[2].type), descriptor);
  EXPECT_EQ(read.interface().type(named[0]->members[2].type).size, 64U);
  EXPECT_EQ(read.spell(named[0]->members[3].type), "char*");
  EXPECT_EQ(*named[0]->members[3].bit_offset, *named[0]->members[2].bit_offset + 64 * 8U);
  EXPECT_THAT(read.spell(read.object("__m_MOD_kept")->type), descriptor);
}

INSTANTIATE_TEST_SUITE_P(Optimised, Fortran, testing::Values("-O0", "-O2", "-gdwarf-4"),
                         [](const auto& variant) { return "as" + std::to_string(variant.index); });

}  // namespace
}  // namespace splitstrip
