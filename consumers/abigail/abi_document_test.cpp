#include "consumers/abigail/abi_document.h"

#include <cctype>
#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consumers/abigail/abi_types.h"
#include "consumers/test_sink.h"
#include "facts/error.h"

namespace splitstrip {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

Ending exited(int code) {
  Ending ending;
  ending.how = Ending::How::exited;
  ending.code = code;
  return ending;
}

struct Read {
  std::vector<TestFact> facts;
  QueryEnd end;
  std::string of(std::string_view key) const {
    for (const auto& fact : facts)
      if (fact.key == key) return fact.value;
    return "(no such fact)";
  }
};

Read read(std::string_view text, const Ending& ending = exited(0)) {
  AbiDocumentReader reader("abi-document");
  TestSink sink;
  const auto half = text.size() / 2;
  reader.read(text.substr(0, half), sink);
  reader.read(text.substr(half), sink);
  auto ends = reader.finish(ending, sink);
  return {std::move(sink.list), ends.at(0)};
}

// A document with `declarations` in its one unit.
Read read_unit(const std::string& declarations) {
  return read(fmt::format(
      R"(<abi-corpus version='2.1' path='/p/liba.so' architecture='elf-amd-x86_64' soname='liba.so.1'>
  <elf-needed><dependency name='libc.so.6'/></elf-needed>
  <elf-function-symbols>
    <elf-symbol name='f' version='V1' is-default-version='yes' type='func-type' binding='weak-binding' visibility='default-visibility' is-defined='yes'/>
  </elf-function-symbols>
  <abi-instr address-size='64' path='a.c' comp-dir-path='./build' language='LANG_C11'>
    <type-decl name='int' size-in-bits='32' id='t1'/>
    <type-decl name='char' size-in-bits='8' id='t2'/>
    <type-decl name='void' id='t3'/>
    <qualified-type-def type-id='t2' const='yes' id='t4'/>
    <pointer-type-def type-id='t4' size-in-bits='64' id='t5'/>
    <function-type size-in-bits='64' id='t6'>
      <parameter type-id='t5'/><parameter is-variadic='yes'/><return type-id='t1'/>
    </function-type>
    <pointer-type-def type-id='t6' size-in-bits='64' id='t7'/>
    <array-type-def dimensions='2' type-id='t7' size-in-bits='infinite' id='t8'>
      <subrange length='3'/><subrange length='infinite'/>
    </array-type-def>
    <pointer-type-def type-id='t8' size-in-bits='64' id='t9'/>
    <qualified-type-def type-id='t5' restrict='yes' id='t10'/>
    <qualified-type-def type-id='t7' const='yes' id='t11'/>
    {}
  </abi-instr>
</abi-corpus>)",
      declarations));
}

TEST(AbiDocument, corpus_symbols_and_units) {
  const auto document = read_unit("");
  EXPECT_EQ(document.end.how, QueryEnd::How::answered);
  EXPECT_EQ(document.of("document"), "abixml 2.1, elf-amd-x86_64, soname liba.so.1");
  EXPECT_EQ(document.of("needs libc.so.6"), "yes");
  EXPECT_EQ(document.of("symbol f@@V1"),
            "func-type, weak-binding, default-visibility, is-defined=yes");
  EXPECT_EQ(document.of("unit a.c"), "LANG_C11, 64 bits, compiled in ./build");
  EXPECT_EQ(document.of("type int"), "32 bits");
  for (const auto& fact : document.facts)
    EXPECT_THAT(fact.key + fact.value, testing::Not(HasSubstr("/p/"))) << "where it lay";
}

TEST(AbiDocument, types_are_spelled_as_c_declares_them) {
  const auto type = [](const std::string& id) {
    return read_unit("<var-decl name='v' type-id='" + id + "' mangled-name='v'/>").of("variable v");
  };
  EXPECT_EQ(type("t1"), "int v");
  EXPECT_EQ(type("t5"), "const char* v");
  EXPECT_EQ(type("t7"), "int (*v)(const char*, ...)");
  EXPECT_EQ(type("t8"), "int (*v[3][])(const char*, ...)");
  EXPECT_EQ(type("t9"), "int (*(*v)[3][])(const char*, ...)");
  EXPECT_EQ(type("t11"), "int (* const v)(const char*, ...)");
  EXPECT_EQ(type("t10"), "const char* restrict v");
  EXPECT_EQ(type("t99"), "(unknown t99) v");
}

TEST(AbiDocument, functions_with_parameters_and_place) {
  const auto document = read_unit(R"(
    <function-decl name='f' mangled-name='f' filepath='./a.c' line='8' column='3' visibility='default' binding='global' size-in-bits='64' elf-symbol-id='f@@V1'>
      <parameter type-id='t5' name='text'/><parameter type-id='t7'/><return type-id='t3'/>
    </function-decl>)");
  EXPECT_EQ(document.of("function f"),
            "void f(const char* text, int (*)(const char*, ...)), elf-symbol-id=f@@V1 at ./a.c:8");
}

TEST(AbiDocument, layouts_of_structs_unions_and_enums) {
  const auto document = read_unit(R"(
    <class-decl name='point' size-in-bits='96' is-struct='yes' visibility='default' filepath='a.h' line='3' id='t20'>
      <data-member access='public' layout-offset-in-bits='0'><var-decl name='x' type-id='t1'/></data-member>
      <data-member access='private' layout-offset-in-bits='32'><var-decl name='u' type-id='t21'/></data-member>
    </class-decl>
    <union-decl name='__anonymous_union__7' size-in-bits='32' is-anonymous='yes' id='t21'>
      <data-member access='public'><var-decl name='i' type-id='t1'/></data-member>
    </union-decl>
    <class-decl name='opaque' is-struct='yes' is-declaration-only='yes' id='t22'/>
    <enum-decl name='colour' filepath='a.h' line='1' id='t23'><underlying-type type-id='t1'/>
      <enumerator name='RED' value='0'/><enumerator name='BLUE' value='-6'/></enum-decl>
    <typedef-decl name='point_t' type-id='t20' filepath='a.h' line='9' id='t24'/>)");
  EXPECT_EQ(document.of("struct point"),
            "96 bits: int x @0, private union {32 bits: int i} u @32 at a.h:3");
  EXPECT_EQ(document.of("union (anonymous)"), "32 bits: int i");
  EXPECT_EQ(document.of("struct opaque"), "declared only");
  EXPECT_EQ(document.of("enum colour"), "int: RED = 0, BLUE = -6 at a.h:1");
  EXPECT_EQ(document.of("typedef point_t"), "struct point at a.h:9");
}

TEST(AbiDocument, cxx_classes_scopes_and_members) {
  const auto document = read_unit(R"(
    <namespace-decl name='ns'>
      <class-decl name='D' size-in-bits='64' visibility='default' id='t30'>
        <base-class access='private' layout-offset-in-bits='8' is-virtual='yes' type-id='t31'/>
        <member-type access='protected'><enum-decl name='E' id='t32'><underlying-type type-id='t1'/></enum-decl></member-type>
        <data-member access='public' static='yes'><var-decl name='count' type-id='t1' mangled-name='_ZN2ns1D5countE' elf-symbol-id='_ZN2ns1D5countE'/></data-member>
        <member-function access='private' const='yes' vtable-offset='2'>
          <function-decl name='f' mangled-name='_ZNK2ns1D1fEv'>
            <parameter type-id='t33' is-artificial='yes'/><return type-id='t1'/></function-decl>
        </member-function>
      </class-decl>
      <class-decl name='B' size-in-bits='8' id='t31'/>
    </namespace-decl>
    <pointer-type-def type-id='t30' id='t33'/>)");
  EXPECT_EQ(document.of("class ns::D"),
            "64 bits: base private virtual class ns::B @8, int count static");
  EXPECT_EQ(document.of("enum ns::D::E"), "int:, protected");
  EXPECT_EQ(document.of("function _ZNK2ns1D1fEv"),
            "int f(class ns::D* this), const=yes, vtable-offset=2, private");
  EXPECT_THAT(document.of("variable _ZN2ns1D5countE"), HasSubstr("int count"));
}

TEST(AbiDocument, elements_of_a_later_abixml_are_not_overlooked) {
  const auto document = read_unit("<new-thing name='n' meaning='deep'/>");
  EXPECT_EQ(document.of("new-thing n"), ", meaning=deep");
}

TEST(AbiDocument, a_document_that_refers_to_itself_comes_to_an_end) {
  const auto loop = read_unit(R"(
    <pointer-type-def type-id='t40' id='t40'/>
    <class-decl name='a' is-anonymous='yes' size-in-bits='8' id='t41'>
      <data-member access='public'><var-decl name='x' type-id='t41'/></data-member>
      <data-member access='public'><var-decl name='y' type-id='t41'/></data-member>
    </class-decl>
    <var-decl name='v' type-id='t40'/><var-decl name='w' type-id='t41'/>)");
  EXPECT_EQ(loop.end.how, QueryEnd::How::answered);
  EXPECT_THAT(loop.of("variable v"), HasSubstr("..."));
  EXPECT_LT(loop.of("variable w").size(), 4 * AbiTypes::longest_text);
}

TEST(AbiDocument, a_small_document_with_endless_facts_is_refused) {
  std::string many =
      "<type-decl name='" + std::string(AbiTypes::longest_text, 'x') + "' id='t41'/>";
  for (int i = 0; i < 300; ++i) many += "<var-decl name='v' type-id='t41'/>";
  EXPECT_THROW(read_unit(many), Error);
}

TEST(AbiDocument, damaged_documents_do_no_harm) {
  const std::string whole = R"(<abi-corpus version='2.1'><abi-instr path='a.c'>
    <namespace-decl name='n'><class-decl name='c' size-in-bits='8' id='t1'>
    <base-class type-id='t1' layout-offset-in-bits='0'/><member-type access='private'>
    <typedef-decl name='d' type-id='t2' id='t3'/></member-type><data-member><var-decl name='m'
    type-id='t3'/></data-member></class-decl></namespace-decl><pointer-type-def type-id='t1'
    id='t2'/><function-decl name='f'><parameter type-id='t2'/><return type-id='t3'/>
    </function-decl></abi-instr></abi-corpus>)";
  std::mt19937 random(1);
  std::size_t facts = 0;
  for (int round = 0; round < 3000; ++round) {
    auto damaged = whole;
    // What refers to what; and now and then a byte anywhere.
    for (std::size_t at = 0; (at = damaged.find("t", at)) != std::string::npos; ++at)
      if (std::isdigit(static_cast<unsigned char>(damaged[at + 1])) != 0)
        damaged[at + 1] = static_cast<char>('1' + random() % 3);
    if (round % 4 == 0) damaged[random() % damaged.size()] = whole[random() % whole.size()];
    facts += read(damaged.substr(0, round % 16 == 1 ? random() % damaged.size() : damaged.size()))
                 .facts.size();
  }
  EXPECT_GT(facts, 3000U) << "hardly any document was read";
}

TEST(AbiDocument, what_is_no_document_has_failed) {
  EXPECT_THAT(read("", exited(1)).end.reason, testing::StrEq("abidw: exit status 1"));
  EXPECT_EQ(read("", exited(0)).end.how, QueryEnd::How::failed);
  EXPECT_EQ(read("<abi-corpus><elf-nee").end.how, QueryEnd::How::failed);
  EXPECT_THAT(read("<html/>").end.reason, HasSubstr("no <abi-corpus>"));
  Ending killed;
  killed.how = Ending::How::timed_out;
  EXPECT_EQ(read("<abi-corpus/>", killed).end.how, QueryEnd::How::failed);
}

}  // namespace
}  // namespace splitstrip
