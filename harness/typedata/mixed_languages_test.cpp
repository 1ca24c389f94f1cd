// Libraries of several languages: each one's types are read as that language means them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "typedata/build.h"
#include "typedata/built.h"

namespace splitstrip {
namespace {

using namespace testing_support;
using Strings = std::vector<std::string>;

class MixedLanguages : public testing::Test {
 protected:
  // Compiles each source by the compiler that its name asks for, and links them.
  std::filesystem::path link(const std::vector<std::pair<std::string, std::string>>& sources) {
    Strings command{"gcc", "-shared", "-o", (scratch_.path() / "lib.so").string()};
    for (const auto& [name, text] : sources) {
      const std::filesystem::path source = scratch_.path() / name;
      write_file(source, text);
      const std::string compiler = name.ends_with(".f90")  ? "gfortran"
                                   : name.ends_with(".cc") ? "g++"
                                                           : "gcc";
      run({compiler, "-g", "-O1", "-w", "-fPIC", "-c", "-J", scratch_.path().string(), "-o",
           source.string() + ".o", source.string()});
      command.push_back(source.string() + ".o");
    }
    command.insert(command.end(), {"-lgfortran", "-lstdc++"});
    run(command);
    return scratch_.path() / "lib.so";
  }

  static std::optional<std::uint64_t> length(const ReadBack& read, TypeId array) {
    return read.interface().type(array).counts.front();
  }

  ScratchDirectory scratch_;
};

constexpr const char* kC = R"(
int table[5];
struct s { int a[5]; void (*then)(int); };
struct s one;
int first(struct s *p) { return p->a[0]; }
int untold() { return 0; }
)";
constexpr const char* kFortran = R"(
module m
 use iso_c_binding
 integer(c_int), bind(c, name="numbers") :: numbers(10)
 real(c_double), bind(c, name="from_zero") :: from_zero(0:3)
contains
 subroutine more(n) bind(c)
  integer(c_int), value :: n
  numbers(1) = n
 end subroutine
end module
subroutine a(n)
 integer n
 n = 1
end subroutine
subroutine b(n)
 integer n
 n = 1
end subroutine
subroutine c(n)
 integer n
 n = 1
end subroutine
subroutine d(n)
 integer n
 n = 1
end subroutine
)";
constexpr const char* kCxx = R"(
namespace outer { struct inner { int a[3]; void (*then)(int); }; inner held; int f(inner *i) { return i->a[0]; } }
)";

TEST_F(MixedLanguages, ArraysHaveTheirOwnLanguagesLength) {
  if (!have_program("gfortran")) GTEST_SKIP() << "needs gfortran";
  const auto library = link({{"c.c", kC}, {"f.f90", kFortran}, {"x.cc", kCxx}});
  const ReadBack read(build_typedata(library, library));
  EXPECT_EQ(length(read, read.object("table")->type), 5U);
  EXPECT_EQ(length(read, read.object("numbers")->type), 10U);
  EXPECT_EQ(length(read, read.object("from_zero")->type), 4U);
  EXPECT_EQ(length(read, read.types(TypeKind::structure, "s").at(0)->members[0].type), 5U);
  EXPECT_EQ(length(read, read.types(TypeKind::structure, "inner").at(0)->members[0].type), 3U);
  // C's function without prototype keeps that; nobody else's lacks one.
  EXPECT_FALSE(read.function("untold")->prototyped);
  EXPECT_TRUE(read.function("_ZN5outer1fEPNS_5innerE")->prototyped);
  EXPECT_TRUE(read.function("more")->prototyped);
  const Object* held = read.object("_ZN5outer4heldE");
  ASSERT_NE(held, nullptr);
  EXPECT_EQ(read.interface().qualified(held->scope, held->name), "outer::held");
}

// The same, told by gdb of what is carried.
TEST_F(MixedLanguages, GdbReadsEachUnitAsItsLanguage) {
  if (!have_program("gfortran")) GTEST_SKIP() << "needs gfortran";
  const auto library = link({{"c.c", kC}, {"f.f90", kFortran}, {"x.cc", kCxx}});
  const auto object = scratch_.path() / "types.o";
  write_file(object, build_typedata(library, library).object);
  EXPECT_THAT(run({"llvm-dwarfdump", "--verify", object.string()}),
              testing::HasSubstr("No errors."));
  const auto ask = [&](const char* language, const char* question) {
    return run({"gdb", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-ex",
                std::string("set language ") + language, "-ex", question, object.string()});
  };
  EXPECT_THAT(ask("c", "print sizeof(table)"), testing::HasSubstr("= 20"));
  EXPECT_THAT(ask("c", "whatis table"), testing::HasSubstr("int [5]"));
  EXPECT_THAT(ask("c", "ptype struct s"), testing::HasSubstr("int a[5];"));
  EXPECT_THAT(ask("fortran", "whatis numbers"), testing::HasSubstr("(10)"));
  EXPECT_THAT(ask("fortran", "whatis from_zero"), testing::HasSubstr("(0:3)"));
  EXPECT_THAT(ask("c++", "ptype outer::inner"), testing::HasSubstr("int a[3];"));
}

}  // namespace
}  // namespace splitstrip
