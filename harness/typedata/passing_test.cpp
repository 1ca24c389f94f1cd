// How C++ classes are passed, where units do not tell the same of one. What each kind of class
// comes to is held against the compilers by oracle/passing.py.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "typedata/built.h"

namespace splitstrip {
namespace {

using namespace testing_support;
using testing::SizeIs;

class PassingOfClasses : public testing::Test {
 protected:
  struct Unit {
    std::string compiler, name, text;
    std::vector<std::string> flags;
  };

  TypedataResult build(const std::vector<Unit>& units) {
    const auto library = scratch_.path() / "lib.so";
    std::vector<std::string> link{"g++", "-shared", "-o", library.string()};
    for (const Unit& unit : units) {
      const auto source = (scratch_.path() / unit.name).string();
      write_file(source, unit.text);
      std::vector<std::string> compile{unit.compiler, "-g",          "-fPIC", "-c",
                                       "-o",          source + ".o", source};
      compile.insert(compile.end(), unit.flags.begin(), unit.flags.end());
      run(compile);
      link.push_back(source + ".o");
    }
    run(link);
    return build_typedata(library, library);
  }

  ScratchDirectory scratch_;
};

const std::string box =
    "struct box { int x; box(const box& o) : x(o.x) {} box(int i) : x(i) {} };\n";
const std::string crate =
    "struct crate { int x; crate(const crate&) = default; crate(int i) : x(i) {} };\n";

TEST_F(PassingOfClasses, AUnitThatKnowsIsBelieved) {
  // The one marks nothing; the other does, and has a copy constructor that the compiler made up.
  const std::string shelf = "struct shelf { box b; };\n";
  const ReadBack read(
      build({{"g++",
              "a.cc",
              box + crate + shelf + "int a(box b, crate c, shelf s) { return b.x + c.x + s.b.x; }",
              {"-gdwarf-4", "-gstrict-dwarf"}},
             {"g++",
              "b.cc",
              box + crate + shelf +
                  "int b(box b, crate c, shelf s) { shelf t = s; return b.x + c.x + t.b.x; }",
              {}}}));
  for (const char* name : {"box", "crate", "shelf"}) {
    EXPECT_THAT(read.types(TypeKind::structure, name), SizeIs(1)) << name;
  }
  EXPECT_EQ(read.types(TypeKind::structure, "box").at(0)->passed, PassedAs::address);
  EXPECT_EQ(read.types(TypeKind::structure, "crate").at(0)->passed, PassedAs::value);
  EXPECT_EQ(read.types(TypeKind::structure, "shelf").at(0)->passed, PassedAs::address);
}

TEST_F(PassingOfClasses, NoUnitKnows) {
  const ReadBack read(build({{"g++",
                              "a.cc",
                              box + crate + "int a(box b, crate c) { return b.x + c.x; }",
                              {"-gdwarf-4", "-gstrict-dwarf"}}}));
  EXPECT_EQ(read.types(TypeKind::structure, "box").at(0)->passed, PassedAs::untold);
  EXPECT_EQ(read.types(TypeKind::structure, "crate").at(0)->passed, PassedAs::untold);
}

// What C passes whole; to C++ it has a destructor. Also where the types of both stand in a unit of
// C.
TEST_F(PassingOfClasses, UnitsThatContradictEachOther) {
  const std::string header =
      "struct lock { int held;\n#ifdef __cplusplus\n~lock() {}\n#endif\n};\n";
  const Unit in_c{"gcc",
                  "a.c",
                  header +
                      "int a(struct lock l) { return l.held; } int b(void) { return 1; } int "
                      "c(void) { return 1; }",
                  {}};
  const Unit in_cxx{"g++", "b.cc", header + "extern \"C\" int d(lock l) { return l.held; }", {}};
  const ReadBack both(build({in_c, in_cxx}));
  ASSERT_THAT(both.types(TypeKind::structure, "lock"), SizeIs(1));
  EXPECT_EQ(both.types(TypeKind::structure, "lock").at(0)->passed, PassedAs::untold);
  EXPECT_EQ(ReadBack(build({in_c})).types(TypeKind::structure, "lock").at(0)->passed,
            PassedAs::value);
  EXPECT_EQ(ReadBack(build({in_cxx})).types(TypeKind::structure, "lock").at(0)->passed,
            PassedAs::address);
}

TEST_F(PassingOfClasses, WhatIsOnlyDeclaredIsUnknown) {
  const ReadBack read(
      build({{"g++", "a.cc", "struct closed; int a(closed* c) { return c != nullptr; }", {}}}));
  EXPECT_EQ(read.types(TypeKind::structure, "closed").at(0)->passed, PassedAs::untold);
}

}  // namespace
}  // namespace splitstrip
