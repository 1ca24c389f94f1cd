// What goes into typedata: each exported name, and all that it reaches, once.
#include "typedata/build.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/identity.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "typedata/built.h"

namespace splitstrip {
namespace {

using namespace testing_support;
using testing::IsEmpty;
using testing::SizeIs;
using Sources = std::vector<std::pair<std::string, std::string>>;

class BuildTypedata : public testing::Test {
 protected:
  TypedataResult build(const Sources& sources, const std::vector<std::string>& flags = {},
                       const std::vector<std::string>& link_flags = {},
                       const std::string& compiler = "gcc") {
    file_ = compile_units(scratch_.path(), compiler, sources, flags, link_flags);
    return build_typedata(file_, file_);
  }

  static std::vector<std::string> names(const std::vector<Parameter>& parameters) {
    std::vector<std::string> names;
    for (const Parameter& parameter : parameters) names.emplace_back(parameter.name);
    return names;
  }

  static std::string reason(const Coverage& coverage, std::string_view name) {
    for (const Untyped& untyped : coverage.untyped) {
      if (untyped.name == name) return untyped.reason;
    }
    return {};
  }

  ScratchDirectory scratch_;
  std::filesystem::path file_;
};

TEST_F(BuildTypedata, PrototypesAreWhole) {
  const TypedataResult result = build({{"a.c", R"(
struct point { int x; long y; };
long move(struct point *point, const char *restrict why, int (*then)(int)) { return then(point->x); }
void log_line(const char *format, ...) {}
__attribute__((noreturn)) void stop(void) { for (;;); }
int old_style() { return 1; }
static int hidden(void) { return 2; }
int use(void) { return hidden(); }
)"}});
  const ReadBack read(result);
  const Function* move = read.function("move");
  ASSERT_NE(move, nullptr);
  EXPECT_EQ(names(move->parameters), (std::vector<std::string>{"point", "why", "then"}));
  EXPECT_EQ(read.spell(move->parameters[0].type), "struct point*");
  EXPECT_EQ(read.spell(move->parameters[1].type), "char const* restrict");
  EXPECT_EQ(read.spell(move->returns), "long int");
  EXPECT_TRUE(move->prototyped);
  EXPECT_FALSE(move->variadic);
  EXPECT_TRUE(read.function("log_line")->variadic);
  EXPECT_TRUE(read.function("stop")->noreturn);
  EXPECT_FALSE(read.function("old_style")->prototyped);
  EXPECT_EQ(read.function("hidden"), nullptr);
  EXPECT_THAT(read.interface().functions, SizeIs(5));
  EXPECT_THAT(result.coverage.untyped, IsEmpty());
}

TEST_F(BuildTypedata, PrototypesOfCxxAreToldInAUnitOfC) {
  const ReadBack read(build({{"a.c",
                              "int one(void) { return 1; } int two() { return 2; } "
                              "int three(int a) { return a; }"},
                             {"b.cc",
                              "extern \"C\" int none() { return 1; } "
                              "extern \"C\" int call(int (*f)()) { return f(); }"}}));
  EXPECT_TRUE(read.function("one")->prototyped);
  EXPECT_FALSE(read.function("two")->prototyped);
  EXPECT_TRUE(read.function("none")->prototyped);
  const auto& types = read.interface().types;
  const auto called = std::ranges::find(types, TypeKind::function, &Type::kind);
  ASSERT_NE(called, types.end());
  EXPECT_TRUE(called->prototyped);
}

TEST_F(BuildTypedata, AliasesAreFoundByAddress) {
  const ReadBack read(build({{"a.c", R"(
int data[3] = {1, 2, 3};
extern int other_data[3] __attribute__((alias("data")));
int internal_name(int by, char *where) { return by; }
int shown(int, char *) __attribute__((alias("internal_name")));
int weakly_shown(int, char *) __attribute__((weak, alias("internal_name")));
)"}}));
  for (const char* name : {"internal_name", "shown", "weakly_shown"}) {
    const Function* function = read.function(name);
    ASSERT_NE(function, nullptr) << name;
    EXPECT_EQ(names(function->parameters), (std::vector<std::string>{"by", "where"})) << name;
  }
  ASSERT_NE(read.object("other_data"), nullptr);
  EXPECT_EQ(read.spell(read.object("other_data")->type), "int[]");
}

TEST_F(BuildTypedata, AVersionHasItsOwnPrototypeOnlyIfItDiffers) {
  write_file(scratch_.path() / "map", "V1 { global: *; };\nV2 { } V1;\n");
  const TypedataResult result =
      build({{"a.c", R"(
int old_count(int a) { return a; }
long new_count(long a, int b) { return a + b; }
int both(int a) { return a; }
int both_too(int) __attribute__((alias("both")));
__asm__(".symver old_count,count@V1\n.symver new_count,count@@V2");
__asm__(".symver both,same@@V2\n.symver both_too,same@V1");
)"}},
            {}, {"-Wl,--version-script=" + (scratch_.path() / "map").string()});
  const ReadBack read(result);
  ASSERT_NE(read.function("count"), nullptr);
  EXPECT_THAT(read.function("count")->parameters, SizeIs(2));
  ASSERT_NE(read.function("count@V1"), nullptr);
  EXPECT_THAT(read.function("count@V1")->parameters, SizeIs(1));
  EXPECT_EQ(read.function("count@V1")->name, "count");
  EXPECT_NE(read.function("same"), nullptr);
  EXPECT_EQ(read.function("same@V1"), nullptr);
  EXPECT_EQ(result.coverage.functions, result.coverage.functions_typed);
}

TEST_F(BuildTypedata, ThreadLocalObjectsAreFoundByTheirOffset) {
  const ReadBack read(build({{"a.c", R"(
__thread short first = 1;
__thread struct { int a, b; } second;
extern __thread short alias_of_first __attribute__((alias("first")));
)"}}));
  ASSERT_NE(read.object("first"), nullptr);
  EXPECT_EQ(read.spell(read.object("first")->type), "short int");
  EXPECT_EQ(read.spell(read.object("alias_of_first")->type), "short int");
  EXPECT_NE(read.object("second"), nullptr);
}

TEST_F(BuildTypedata, AnOpaqueTypeTakesTheDefinitionOfAnotherUnit) {
  const ReadBack read(build({
      {"a.c",
       "struct secret; struct box { struct secret *in; }; int open_box(struct box *box) { return "
       "0; }"},
      {"b.c",
       "struct secret { int code; }; struct box { struct secret *in; };"
       "int make_box(struct box *box) { return box->in->code; }"},
  }));
  EXPECT_THAT(read.types(TypeKind::structure, "box"), SizeIs(1));
  const auto secrets = read.types(TypeKind::structure, "secret");
  ASSERT_THAT(secrets, SizeIs(1));
  EXPECT_FALSE(secrets[0]->declaration);
  EXPECT_THAT(secrets[0]->members, SizeIs(1));
}

TEST_F(BuildTypedata, TwoTypesOfOneNameBothStay) {
  const ReadBack read(build({
      {"a.c",
       "struct state { int a; }; struct user { struct state *state; };"
       "int one(struct user *user) { return user->state->a; }"},
      {"b.c",
       "struct state { double b; char c; }; struct user { struct state *state; };"
       "int two(struct user *user) { return user->state->c; }"},
      {"c.c",
       "struct state { int a; }; struct user { struct state *state; };"
       "int three(struct user *user) { return user->state->a; }"},
  }));
  EXPECT_THAT(read.types(TypeKind::structure, "state"), SizeIs(2));
  // What refers to them differs as well, however alike it looks.
  EXPECT_THAT(read.types(TypeKind::structure, "user"), SizeIs(2));
  EXPECT_EQ(read.function("one")->parameters[0].type, read.function("three")->parameters[0].type);
  EXPECT_NE(read.function("one")->parameters[0].type, read.function("two")->parameters[0].type);
}

TEST_F(BuildTypedata, RingsOfTypesAreMergedAcrossUnits) {
  const std::string types =
      "struct b; typedef struct a { struct b *b; struct a *next[2]; } a_t;"
      "struct b { a_t *a; union { struct b *other; int (*call)(struct b *, a_t); } u; };";
  const ReadBack read(build({{"a.c", types + "int f(a_t *a) { return 0; }"},
                             {"b.c", types + "int g(struct b *b) { return 0; }"},
                             {"c.c", types + "int h(a_t a, struct b b) { return 0; }"}}));
  EXPECT_THAT(read.types(TypeKind::structure, "a"), SizeIs(1));
  EXPECT_THAT(read.types(TypeKind::structure, "b"), SizeIs(1));
  EXPECT_THAT(read.types(TypeKind::alias, "a_t"), SizeIs(1));
}

TEST_F(BuildTypedata, NothingElseIsKept) {
  const ReadBack read(build({{"a.c", R"(
struct unreachable { int a; };
struct local { int b; };
static struct unreachable hidden;
int shown(int a) { struct local l = {a}; return l.b + hidden.a; }
)"}}));
  EXPECT_THAT(read.types(TypeKind::structure, "unreachable"), IsEmpty());
  EXPECT_THAT(read.types(TypeKind::structure, "local"), IsEmpty());
  EXPECT_THAT(read.interface().objects, IsEmpty());
}

TEST_F(BuildTypedata, WhatCannotBeTypedIsNamedWithItsReason) {
  write_file(scratch_.path() / "plain.c", "int without_dwarf(void) { return 1; } int plain_data;");
  run({"gcc", "-fPIC", "-c", "-o", (scratch_.path() / "plain.o").string(),
       (scratch_.path() / "plain.c").string()});
  const TypedataResult result = build(
      {{"a.c", R"(
static int really(int a) { return a; }
static void *resolve(void) { return really; }
int chosen(int a) __attribute__((ifunc("resolve")));
int typed(int a) { return a; }
)"},
       {"b.S",
        ".text\n.globl by_hand\n.type by_hand,@function\nby_hand: ret\n.size by_hand,.-by_hand\n"
        ".globl declared_by_c\n.type declared_by_c,@function\ndeclared_by_c: ret\n"
        ".size declared_by_c,.-declared_by_c\n.section .note.GNU-stack,\"\",@progbits\n"},
       {"c.c", "long declared_by_c(char *); long call(char *p) { return declared_by_c(p); }"}},
      {}, {(scratch_.path() / "plain.o").string()});
  EXPECT_EQ(reason(result.coverage, "by_hand"), "assembly");
  EXPECT_EQ(reason(result.coverage, "without_dwarf"), "unit without DWARF");
  EXPECT_EQ(reason(result.coverage, "plain_data"), "no unit describes it");
  EXPECT_THAT(reason(result.coverage, "chosen"), testing::HasSubstr("ifunc"));
  EXPECT_EQ(result.coverage.functions, 6U);
  EXPECT_EQ(result.coverage.functions_typed, 3U);
  const ReadBack read(result);
  ASSERT_NE(read.function("declared_by_c"), nullptr);
  EXPECT_EQ(read.spell(read.function("declared_by_c")->returns), "long int");
}

TEST_F(BuildTypedata, AssemblyIsTypedByWhatAnAliasIsDeclaredAs) {
  const ReadBack read(build(
      {{"b.S",
        ".text\n.globl call_it,__call_it\n.type call_it,@function\n.type __call_it,@function\n"
        ".hidden __call_it\ncall_it:\n__call_it: ret\n"
        ".section .note.GNU-stack,\"\",@progbits\n"},
       {"c.c", "long __call_it(char *); long caller(char *p) { return __call_it(p) + 1; }"}}));
  ASSERT_NE(read.function("call_it"), nullptr);
  EXPECT_EQ(read.spell(read.function("call_it")->returns), "long int");
}

TEST_F(BuildTypedata, TheObjectIsOfTheLibrarysOwnKind) {
  const TypedataResult result = build({{"a.c", small_source}});
  const ElfFile library = ElfFile::open(file_);
  const auto bytes = std::as_bytes(std::span(result.object.data(), result.object.size()));
  const ElfFile object = ElfFile::from_memory({bytes.begin(), bytes.end()}, "object");
  EXPECT_EQ(object.header().e_machine, library.header().e_machine);
  EXPECT_EQ(object.is_64(), library.is_64());
  EXPECT_EQ(object.big_endian(), library.big_endian());
  ASSERT_TRUE(build_id(object));
  EXPECT_EQ(build_id(object)->hex(), build_id(library)->hex());
  EXPECT_NE(object.section(".debug_info"), nullptr);
  EXPECT_NE(object.section(".debug_abbrev"), nullptr);
  EXPECT_NE(object.section(".debug_str"), nullptr);
}

TEST_F(BuildTypedata, SameBytesOnAnyNumberOfThreads) {
  Sources sources;
  for (char c = 'a'; c < 'm'; ++c) {
    const std::string n(1, c);
    sources.push_back(
        {n + ".c", "struct own_" + n + " { int " + n + "; }; struct shared { struct own_" + n +
                       " *p; struct shared *q; }; enum e { E1, E2 };" + "enum e f_" + n +
                       "(struct shared *s, struct own_" + n + " o) { return E1; }"});
  }
  build(sources);
  std::string first;
  for (const unsigned threads : {1U, 2U, 8U}) {
    const TypedataResult result = build_typedata(file_, file_, {.threads = threads});
    if (first.empty()) first = result.section;
    EXPECT_EQ(result.section, first) << threads << " threads";
  }
}

TEST_F(BuildTypedata, WithoutDwarfItSaysSo) {
  const auto file =
      compile_units(scratch_.path(), "gcc", {{"a.c", "int f(void) { return 0; }"}}, {"-g0"});
  EXPECT_THAT(message_of([&] { build_typedata(file, file); }), testing::HasSubstr("has no DWARF"));
}

TEST_F(BuildTypedata, ClassesKeepTheirScopesBasesAndVirtualFunctions) {
  const ReadBack read(build({{"a.cc", R"(
namespace outer { namespace inner {
class Base { public: virtual ~Base(); virtual int area(int scale) const; int a; };
class Other { public: int o; };
class Shape : public Base, virtual public Other {
 public: int area(int scale) const override; static int count; void plain(const char *why); int b : 3; private: long c;
};
Base::~Base() {} int Base::area(int scale) const { return scale; }
int Shape::area(int scale) const { return b; } int Shape::count = 3; void Shape::plain(const char *why) {}
int use(Shape &shape, int Shape::*member, Shape &&moved, decltype(nullptr)) { return shape.b; }
} }
template <typename T> struct Box { T inside; }; int unbox(Box<int> box) { return box.inside; }
inline int counter() { static int calls; return ++calls; } int call() { return counter(); }
extern "C" int plain_c(int a) { return a; }
)"}},
                            {"-O0"}, {}, "g++"));
  const Interface& all = read.interface();
  const auto shapes = read.types(TypeKind::structure, "Shape");
  ASSERT_THAT(shapes, SizeIs(1));
  EXPECT_EQ(all.qualified(shapes[0]->scope, shapes[0]->name), "outer::inner::Shape");
  EXPECT_TRUE(shapes[0]->is_class);
  EXPECT_EQ(std::count_if(shapes[0]->members.begin(), shapes[0]->members.end(),
                          [](const Member& member) { return member.base_class; }),
            2);
  const Function* use = read.function("_ZN5outer5inner3useERNS0_5ShapeEMS1_iOS1_Dn");
  ASSERT_NE(use, nullptr);
  EXPECT_EQ(all.qualified(use->scope, use->name), "outer::inner::use");
  EXPECT_EQ(all.type(use->parameters[1].type).kind, TypeKind::member_pointer);
  EXPECT_EQ(all.type(use->parameters[3].type).kind, TypeKind::unspecified);
  const Function* area = read.function("_ZNK5outer5inner5Shape4areaEi");
  ASSERT_NE(area, nullptr);
  EXPECT_EQ(all.qualified(area->scope, area->name), "outer::inner::Shape::area");
  EXPECT_THAT(names(area->parameters), testing::ElementsAre("this", "scale"));
  EXPECT_NE(read.object("_ZN5outer5inner5Shape5countE"), nullptr);
  EXPECT_THAT(read.types(TypeKind::structure, "Box<int>"), SizeIs(1));
  EXPECT_NE(read.object("_ZZ7countervE5calls"), nullptr);
  ASSERT_NE(read.function("plain_c"), nullptr);
  EXPECT_EQ(read.function("plain_c")->scope, no_scope);
  // Both constructors and destructors are symbols of their own.
  EXPECT_NE(read.function("_ZN5outer5inner4BaseD1Ev"), nullptr);
  EXPECT_NE(read.function("_ZN5outer5inner4BaseD2Ev"), nullptr);
}

}  // namespace
}  // namespace splitstrip
