// Ada's records of which only the run tells how large they are: C can point to them and no more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "run/program.h"
#include "typedata/build.h"
#include "typedata/built.h"

namespace splitstrip {
namespace {

using namespace testing_support;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSpec = R"(
package Rows is
   type Numbers is array (Positive range <>) of Integer;
   type Row (Size : Natural) is record
      Items : Numbers (1 .. Size);
      Total : Integer;
   end record;
   type Fixed is record
      First, Second : Integer;
   end record;
   function Sum (R : access Row) return Integer;
   pragma Export (C, Sum, "rows_sum");
   function Pick (F : access Fixed) return Integer;
   pragma Export (C, Pick, "rows_pick");
end Rows;
)";
constexpr const char* kBody = R"(
package body Rows is
   function Sum (R : access Row) return Integer is
      S : Integer := R.Total;
   begin
      for I of R.Items loop
         S := S + I;
      end loop;
      return S;
   end Sum;
   function Pick (F : access Fixed) return Integer is
   begin
      return F.Second;
   end Pick;
end Rows;
)";

TEST(Ada, WhatHasNoSizeYetIsIncompleteInC) {
  if (!have_program("gnatmake")) GTEST_SKIP() << "needs gnat";
  const ScratchDirectory scratch;
  const auto library = (scratch.path() / "lib.so").string();
  write_file(scratch.path() / "rows.ads", kSpec);
  write_file(scratch.path() / "rows.adb", kBody);
  const auto object = (scratch.path() / "rows.o").string();
  run({"gcc", "-c", "-fPIC", "-g", "-O1", "-o", object, (scratch.path() / "rows.adb").string()});
  run({"gcc", "-shared", "-o", library, object});
  const ReadBack read(build_typedata(library, library));
  const auto rows = read.types(TypeKind::structure, "rows__row");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0]->size, std::nullopt);
  EXPECT_FALSE(rows[0]->members.empty()) << "JSON has them";

  const std::string c = read.c();
  EXPECT_THAT(c, HasSubstr("struct rows__row;  /* of a size that is known at run time */"));
  EXPECT_THAT(c, Not(HasSubstr("struct rows__row {")));
  EXPECT_THAT(c, HasSubstr("struct rows__fixed {"));
  EXPECT_THAT(c, HasSubstr("int rows_sum(struct rows__row * const r);"));
  // No `sizeof` that is too small.
  const auto file = scratch.path() / "use.c";
  write_file(file,
             c + "struct rows__row *row; struct rows__fixed whole; char size[sizeof *row];\n");
  const auto compiled = Program::start({"gcc", "-fsyntax-only", file.string()}).wait();
  EXPECT_THAT(compiled.errors, HasSubstr("incomplete type 'struct rows__row'"));
  EXPECT_THAT(compiled.errors, Not(HasSubstr("'struct rows__fixed'")));
}

}  // namespace
}  // namespace splitstrip
