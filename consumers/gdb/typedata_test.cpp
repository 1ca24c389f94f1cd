// The query `typedata`: what main carries, held against the debug file; and mistakes planted in it.
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/gdb/gdb.h"
#include "consumers/gdb/scene.h"
#include "consumers/staged_library.h"
#include "elf/test_library.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using testing_support::Asked;
using testing_support::StagedLibrary;

const char* const source = R"(
struct inner { short s; unsigned low : 5; unsigned high : 7; };
typedef struct { const char *name; struct inner in; union { int i; float f; }; } outer_t;
enum colour { red, green = 7 };
outer_t object;
__thread int per_thread = 1;
const char *table[4];
int plain(outer_t *o, const char *name, enum colour c) { return o != 0 && name != 0 && c == red; }
int variadic(const char *format, ...) { return format != 0; }
void (*callback(void (*handler)(struct inner *), unsigned n))(struct inner *) { return n ? handler : 0; }
int aliased(int by, long to) { return by + per_thread + to; }
extern int other_name(int by, long to) __attribute__((alias("aliased")));
extern int only_declared(volatile outer_t *o, int size);
int calls(outer_t *o) { return only_declared(o, 1); }
__asm__(".globl only_declared\n.type only_declared,@function\nonly_declared: ret\n"
        ".size only_declared,.-only_declared\n");
)";

using Facts = std::map<std::string, std::string>;

class TypedataQuery : public testing::Test {
 protected:
  void SetUp() override {
    const auto found = make_gdb()->detect();
    if (!found.available) GTEST_SKIP() << found.reason;
  }

  // All libraries have one name and one build-id, as if each were the same one.
  std::filesystem::path build(const std::string& text, std::vector<std::string> flags = {"-O1"}) {
    const auto directory = scratch.path() / std::to_string(++count);
    std::filesystem::create_directory(directory);
    flags.insert(flags.end(), {"-w", "-Wl,--build-id=0x0123456789abcdef"});
    testing_support::build_library(directory / "libsmall.so", text, flags);
    return directory / "libsmall.so";
  }

  Facts ask(const std::filesystem::path& library, const Asked& asked = {}) {
    const auto answered = StagedLibrary(library).ask(*make_gdb(), "typedata", asked);
    EXPECT_EQ(answered.end.how, QueryEnd::How::answered) << answered.end.reason;
    Facts facts;
    for (const auto& fact : answered.facts) facts.emplace(fact.key, fact.value);
    EXPECT_EQ(facts.size(), answered.facts.size()) << "a key came twice";
    return facts;
  }

  // The keys of what differs between the right library's debug file and the typedata of one whose
  // source has `after` for `before`.
  std::set<std::string> noticed(const std::string& before, const std::string& after) {
    std::string wrong = source;
    const auto at = wrong.find(before);
    EXPECT_NE(at, std::string::npos) << before;
    wrong.replace(at, before.size(), after);
    const Facts reference = ask(build(source));
    const Facts candidate = ask(build(wrong), {.recipe = "typedata"});
    std::set<std::string> keys;
    for (const auto& [key, value] : reference) {
      const auto found = candidate.find(key);
      if (found == candidate.end() || found->second != value) keys.insert(key);
    }
    return keys;
  }

  ScratchDirectory scratch;
  int count = 0;
};

TEST_F(TypedataQuery, says_the_same_of_typedata_as_of_the_debug_file) {
  const auto library = build(source);
  const Facts reference = ask(library);
  EXPECT_EQ(reference, ask(library, {.recipe = "typedata"}));
  EXPECT_THAT(
      reference.at("plain"),
      HasSubstr("function, int; parameters: outer_t * o, const char * name, enum colour c; uses "
                "enum colour "));
  EXPECT_THAT(reference.at("variadic"), HasSubstr("int; parameters: const char * format, ...;"));
  EXPECT_THAT(reference.at("callback"), HasSubstr("uses struct inner "));
  EXPECT_THAT(reference.at("other_name"), HasSubstr("function, int; parameters: int by, long to;"));
  EXPECT_THAT(reference.at("only_declared"),
              HasSubstr("function, int; parameters: volatile outer_t *, int;"));
  EXPECT_THAT(reference.at("per_thread"), HasSubstr("object, int"));
  EXPECT_THAT(reference.at("table"), HasSubstr("const char *[4]"));
  EXPECT_THAT(
      reference.at("type struct inner"),
      HasSubstr("s short @0; low unsigned int bit 16 size 5; high unsigned int bit 21 size 7"));
  EXPECT_THAT(reference.at("type typedef outer_t"), HasSubstr("i int @0; f float @0"));
}

TEST_F(TypedataQuery, tells_nothing_without_debug_file_and_typedata) {
  EXPECT_THAT(ask(build(source), {.withheld = true}), IsEmpty());
}

TEST_F(TypedataQuery, works_without_a_namespace) {
  const auto library = build(source);
  EXPECT_EQ(ask(library), ask(library, {.recipe = "typedata", .isolation = Isolation::never}));
  EXPECT_EQ(ask(library), ask(library, {.isolation = Isolation::never}));
}

TEST_F(TypedataQuery, notices_each_planted_mistake) {
  EXPECT_THAT(noticed("const char *name, enum", "char *name, enum"), ElementsAre("plain"));
  EXPECT_THAT(noticed("enum colour c)", "int c)"), ElementsAre("plain", "type enum colour"));
  EXPECT_THAT(noticed("int by, long to) {", "long to, int by) {"),
              ElementsAre("aliased", "other_name"));
  EXPECT_THAT(noticed("int by, long to) {", "int bx, long to) { int by = bx;"),
              ElementsAre("aliased", "other_name"));
  EXPECT_THAT(noticed("*format, ...)", "*format)"), ElementsAre("variadic"));
  EXPECT_THAT(noticed("table[4]", "table[5]"), ElementsAre("table"));
  EXPECT_THAT(
      noticed("extern int other_name(int by, long to) __attribute__((alias(\"aliased\")));", ""),
      ElementsAre("other_name"));
  EXPECT_THAT(noticed("volatile outer_t *o, int size", "outer_t *o, int size"),
              ElementsAre("only_declared"));
  EXPECT_THAT(noticed("__thread int per", "__thread unsigned per"),
              testing::Contains("per_thread"));
}

TEST_F(TypedataQuery, notices_a_type_that_is_wrong_and_who_uses_it) {
  const auto keys = noticed("low : 5", "low : 6");
  EXPECT_THAT(keys, ElementsAre("callback", "type struct inner", "type typedef outer_t"));
  EXPECT_THAT(noticed("green = 7", "green = 8"), ElementsAre("plain", "type enum colour"));
  EXPECT_THAT(noticed("float f", "float g"), testing::Contains("type typedef outer_t"));
}

TEST_F(TypedataQuery, looks_where_split_dwarf_is) {
  const auto library = build(source, {"-O1", "-gsplit-dwarf"});
  EXPECT_THAT(ask(library).at("plain"),
              HasSubstr("int; parameters: outer_t * o, const char * name, enum colour c;"));
}

// gdb reads what dwz has moved in the language of who refers to it, and C has no namespaces;
// typedata has one unit for both languages.
TEST_F(TypedataQuery, says_the_same_of_classes_beside_c_and_out_of_dwz_units) {
  const auto both = scratch.path() / "classes.h";
  const auto one = scratch.path() / "one.cc";
  const auto two = scratch.path() / "two.cc";
  std::ofstream(both) << R"(
namespace n { enum class Colour { red }; struct Base { virtual ~Base(); int x; };
struct Shape : virtual Base { ~Shape(); int turn(Colour by); Colour colour; }; }
extern "C" int other(n::Shape *s, n::Colour c);
)";
  std::ofstream(one) << R"(
#include "classes.h"
n::Base::~Base() {}
n::Shape::~Shape() {}
int n::Shape::turn(Colour by) { colour = by; return x; }
extern "C" int none() { return 1; }
extern "C" int call(int (*f)()) { return f(); }
)";
  std::ofstream(two) << R"(
#include "classes.h"
int other(n::Shape *s, n::Colour c) { return s->turn(c); }
)";
  const auto library = build("int c(void) { return 1; } int d(long a) { return a; }",
                             {"-O1", "-x", "c++", one.string(), two.string(), "-lstdc++"});
  const Facts reference = ask(library);
  EXPECT_EQ(reference, ask(library, {.recipe = "typedata"}));
  EXPECT_THAT(reference.at("none"), HasSubstr("int; parameters: none;"));
  EXPECT_THAT(reference.at("_ZN1n5Shape4turnENS_6ColourE"), HasSubstr("enum n::Colour by"));
  testing_support::run({"dwz", library.string()});
  EXPECT_EQ(reference, ask(library));
}

// g++ gives a struct that has its name from a typedef alone a linkage name, which gdb takes for its
// name; in C it has none. Typedata has one type for both.
TEST_F(TypedataQuery, a_struct_named_by_a_typedef_alone_has_no_name_in_any_language) {
  const auto header = scratch.path() / "set.h";
  const auto cxx = scratch.path() / "set.cc";
  std::ofstream(header) << "typedef struct { unsigned long bits[2]; } set_t;\n";
  std::ofstream(cxx)
      << "#include \"set.h\"\nextern \"C\" int of_cxx(set_t *s) { return s != 0; }\n";
  const auto library =
      build("#include \"" + header.string() + "\"\nint of_c(set_t *s) { return s != 0; }\n",
            {"-O1", "-x", "c++", cxx.string()});
  const Facts reference = ask(library);
  EXPECT_THAT(reference.at("type typedef set_t"),
              StartsWith("typedef: struct {...} = {struct, 16 bytes, aligned 8: bits unsigned long "
                         "[2] @0}"));
  EXPECT_THAT(reference.at("type typedef set_t"), testing::Not(HasSubstr("also")));
  EXPECT_EQ(reference, ask(library, {.recipe = "typedata"}));
}

TEST_F(TypedataQuery, a_section_that_cannot_be_read_tells_that_alone) {
  const auto library = build(source);
  const auto garbage = scratch.path() / "garbage";
  std::ofstream(garbage) << "no stream at all";
  testing_support::run(
      {"objcopy", "--add-section", ".gnu_typedata=" + garbage.string(), library.string()});
  const auto directory = scratch.path() / "scene";
  std::filesystem::create_directory(directory);
  make_scene(library, "/usr/lib/debug", directory);
  std::ifstream list(directory / "exports");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(list), {}),
            "unreadable\t.gnu_typedata\t0\t0\n");
}

// `f()` of C says nothing of parameters, `f(void)` that there are none.
TEST_F(TypedataQuery, tells_no_parameters_from_none_said) {
  const Facts facts =
      ask(build("int none(void) { return 1; } int any() { return 1; }\n"
                "int handed(int (*f)(), int (*g)(const char *, ...)) { return 1; }"));
  EXPECT_THAT(facts.at("none"), StartsWith("function, int; parameters: none;"));
  EXPECT_THAT(facts.at("any"), StartsWith("function, int; parameters: unknown;"));
  EXPECT_THAT(facts.at("handed"), StartsWith("function, int; parameters: int (*)() f, "
                                             "int (*)(const char *, ...) g;"));
}

// The address of a C++ reference cannot be told without reading it: it must not be asked for.
TEST_F(TypedataQuery, tells_exported_references) {
  const auto cxx = scratch.path() / "references.cc";
  std::ofstream(cxx) << "int value; int &exported = value; extern int &&rvalue; int &&rvalue = 5;\n"
                        "struct S { static const long &inside; };\n"
                        "const long &S::inside = 7; extern const char last = 'a';\n";
  const auto library = build("int c(void) { return 1; }", {"-x", "c++", cxx.string()});
  const Facts reference = ask(library);
  EXPECT_THAT(reference.at("exported"), StartsWith("object, int &;"));
  EXPECT_THAT(reference.at("rvalue"), StartsWith("object, int &&;"));
  EXPECT_THAT(reference.at("_ZN1S6insideE"), StartsWith("object, const long &;"));
  EXPECT_THAT(reference.at("last"), StartsWith("object, const char;"));
  EXPECT_THAT(reference.at("value"), StartsWith("object, int;"));
  EXPECT_EQ(reference, ask(library, {.recipe = "typedata"}));
}

// The unit that uses a class may only declare it, or its bases: typedata has the definition.
TEST_F(TypedataQuery, a_definition_elsewhere_is_no_difference) {
  const auto header = scratch.path() / "base.h";
  const auto base = scratch.path() / "base.cc";
  const auto side = scratch.path() / "side.cc";
  std::ofstream(header) << R"(
class Base { public: virtual ~Base(); virtual int turn(int by); double weight; };
struct Side : Base { Side(); char mark; };
class Late;
int late(Late *from, const Side &side);
)";
  std::ofstream(base) << R"(#include "base.h"
Base::~Base() {}
int Base::turn(int by) { return by; }
class Late { public: int x; };
int late(Late *from, const Side &side) { return from->x + side.mark; }
)";
  std::ofstream(side) << R"(#include "base.h"
Side::Side() : mark(1) {}
int marked(struct Late *from, Side *side) { return late(from, *side) + side->mark; }
)";
  const auto built = [&](const char* more) {
    return build("int c(void) { return 1; }",
                 {"-O1", more, "-x", "c++", base.string(), side.string(), "-lstdc++"});
  };
  const auto library = built("-fno-emit-class-debug-always");
  const Facts reference = ask(library);
  // What the compiler says of it where it is told to say all: 24 bytes, and a double in the base.
  EXPECT_THAT(reference.at("type struct Side"),
              StartsWith("struct, 24 bytes, aligned 8: base Base struct Base @0; mark char @16;"));
  EXPECT_THAT(reference.at("_Z6markedP4LateP4Side"),
              StartsWith("function, int; parameters: struct Late * from, struct Side * side;"));
  EXPECT_THAT(reference.at("_Z4lateP4LateRK4Side"),
              StartsWith("function, int; parameters: struct Late * from, "
                         "const struct Side & side;"));
  EXPECT_EQ(reference, ask(built("-femit-class-debug-always")));
  const Facts carried = ask(library, {.recipe = "typedata"});
  EXPECT_EQ(carried.at("type struct Side"), reference.at("type struct Side"));
  EXPECT_EQ(carried.at("type struct Late"), reference.at("type struct Late"));
  EXPECT_EQ(carried.at("_Z6markedP4LateP4Side"), reference.at("_Z6markedP4LateP4Side"));
}

}  // namespace
}  // namespace splitstrip
