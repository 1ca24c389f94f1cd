// Damaged typedata ends in an Error or in an answer, never in a crash, without end or in all of the
// memory: run under the asan preset, this is the fixed-seed part of the fuzzing.
#include <cstdint>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dwarf/debug_info.h"
#include "elf/mutate.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "facts/error.h"
#include "typedata/build.h"
#include "typedata/load.h"
#include "typedata/print_c.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace splitstrip {
namespace {

using namespace testing_support;
using Bytes = std::vector<std::byte>;

bool accepted(const Bytes& bytes) {
  return LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                bytes.size()) == 0;
}

const char* const cxx_source = R"(
namespace a { struct base { virtual ~base() {} int x; }; struct more : virtual base { int y; base *z; };
template <typename T> struct list { T item; list *next; enum kind { one, two } k; }; }
a::more object;
int f(a::list<a::more> &l, int a::base::*m, const char (&s)[3], decltype(nullptr)) { return l.item.x; }
)";

// An object and where in it the bytes of its DWARF lie.
struct Seed {
  Bytes bytes;
  std::vector<std::pair<std::size_t, std::size_t>> sections;  // offset, size

  explicit Seed(Bytes object) : bytes(std::move(object)) {
    const ElfFile elf = ElfFile::from_memory(bytes, "seed");
    for (const char* name :
         {".debug_info", ".debug_abbrev", ".debug_info", ".debug_abbrev", ".debug_str"}) {
      const Section* section = elf.section(name);
      if (section != nullptr && section->header.sh_size != 0) {
        sections.emplace_back(section->header.sh_offset, section->header.sh_size);
      }
    }
  }
};

std::vector<Seed> seeds(const std::filesystem::path& scratch) {
  std::vector<Seed> all;
  std::ifstream file(SPLITSTRIP_TESTDATA "/odd_types.c");
  const std::string odd{std::istreambuf_iterator<char>(file), {}};
  for (const auto& [name, source] : {std::pair<std::string, std::string>{"small.so", small_source},
                                     std::pair<std::string, std::string>{"odd.so", odd}}) {
    build_library(scratch / name, source, {"-w", "-O0"});
    const TypedataResult typedata = build_typedata(scratch / name, scratch / name);
    const auto* begin = reinterpret_cast<const std::byte*>(typedata.object.data());
    all.emplace_back(Bytes(begin, begin + typedata.object.size()));
  }
  write_file(scratch / "cxx.cc", cxx_source);
  const auto cxx = scratch / "cxx.so";
  run({"g++", "-g", "-fPIC", "-shared", "-o", cxx.string(), (scratch / "cxx.cc").string()});
  all.emplace_back(file_bytes(cxx));  // as it is: lines, locations, an older form of everything
  run({"g++", "-g", "-gdwarf-2", "-gstrict-dwarf", "-fPIC", "-shared", "-o", cxx.string(),
       (scratch / "cxx.cc").string()});
  all.emplace_back(file_bytes(cxx));
  return all;
}

TEST(ReadMutations, ten_thousand_damaged_objects_are_survived) {
  const ScratchDirectory scratch;
  const std::vector<Seed> all = seeds(scratch.path());
  for (const Seed& seed : all) ASSERT_TRUE(accepted(seed.bytes));
  Mutator mutate(20261123);
  int passed = 0;
  constexpr int inputs = 10000;
  for (int i = 0; i < inputs; ++i) {
    const Seed& seed = all[static_cast<std::size_t>(i) % all.size()];
    Bytes bytes = seed.bytes;
    if (i % 8 == 0) {
      bytes = mutate(bytes);
    } else {
      const auto [offset, size] = seed.sections[mutate.below(seed.sections.size())];
      const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(offset);
      Bytes part = mutate({begin, begin + static_cast<std::ptrdiff_t>(size)});
      part.resize(size);
      std::copy(part.begin(), part.end(), begin);
    }
    passed += accepted(bytes) ? 1 : 0;
  }
  // Both ways are taken, or the mutations test nothing.
  EXPECT_GT(passed, inputs / 20);
  EXPECT_LT(passed, inputs * 19 / 20);
}

// An ELF object with the given .debug_info and .debug_abbrev, of one DWARF 5 unit; `tree` is what
// follows the unit's own DIE.
class Literal : public testing::Test {
 protected:
  static void number(std::string& to, std::uint64_t value, std::size_t size) {
    for (std::size_t at = 0; at < size; ++at) to.push_back(static_cast<char>(value >> (8 * at)));
  }

  // Abbreviations: 1 unit; 2 pointer and 3 typedef "t" and 7 const to a type; 4 struct "s" of 8
  // bytes with children; 5 member "m" at 0 of a type; 6 namespace with children; 8 function type
  // with children; 9 parameter; 10 function "f" with type and children.
  Interface load(const std::string& tree, std::string* printed = nullptr) {
    std::string abbrev;
    const auto entry = [&](int code, int tag, bool children,
                           std::initializer_list<int> attributes) {
      abbrev.append({static_cast<char>(code), static_cast<char>(tag), static_cast<char>(children)});
      for (const int each : attributes) abbrev.push_back(static_cast<char>(each));
      abbrev.append(2, '\0');
    };
    constexpr int name = DW_AT_name, type = DW_AT_type, string = DW_FORM_string,
                  ref4 = DW_FORM_ref4;
    entry(1, DW_TAG_compile_unit, true, {});
    entry(2, DW_TAG_pointer_type, false, {type, ref4});
    entry(3, DW_TAG_typedef, false, {name, string, type, ref4});
    entry(4, DW_TAG_structure_type, true, {name, string, DW_AT_byte_size, DW_FORM_data1});
    entry(5, DW_TAG_member, false,
          {name, string, type, ref4, DW_AT_data_member_location, DW_FORM_data1});
    entry(6, DW_TAG_namespace, true, {});
    entry(7, DW_TAG_const_type, false, {type, ref4});
    entry(8, DW_TAG_subroutine_type, true, {type, ref4});
    entry(9, DW_TAG_formal_parameter, false, {type, ref4});
    entry(10, DW_TAG_subprogram, true, {name, string, type, ref4});
    abbrev.push_back('\0');
    std::string info;
    number(info, 8 + 1 + tree.size() + 1, 4);
    number(info, 5, 2);
    number(info, DW_UT_compile, 1);
    number(info, 8, 1);
    number(info, 0, 4);
    info += '\1' + tree + '\0';
    write_file(scratch_.path() / "info", info);
    write_file(scratch_.path() / "abbrev", abbrev);
    const auto file = scratch_.path() / "literal.o";
    write_file(scratch_.path() / "empty.c", "");
    run({"gcc", "-c", "-o", file.string(), (scratch_.path() / "empty.c").string()});
    run({"objcopy", "--add-section", ".debug_info=" + (scratch_.path() / "info").string(),
         "--add-section", ".debug_abbrev=" + (scratch_.path() / "abbrev").string(), file.string()});
    info_.emplace(DebugInfo::open(file));
    Interface interface = load_interface(*info_);
    if (printed != nullptr) {
      std::ostringstream output;
      print_c(interface, select(interface, {}, "literal.o"), "literal.o", output,
              {.most = 1 << 20});
      *printed = output.str();
    }
    return interface;
  }

  static std::string ref(std::uint64_t offset) {
    std::string bytes;
    number(bytes, offset, 4);
    return bytes;
  }
  static constexpr std::size_t first = 13;  // the offset of the first DIE in `tree`

  ScratchDirectory scratch_;
  std::optional<DebugInfo> info_;
};

using std::string_literals::operator""s;

TEST_F(Literal, WhatIsWellFormedIsRead) {
  // 13: typedef t = pointer at 20; 20: pointer to t's target, the struct at 25.
  std::string text;
  const Interface interface =
      load("\3t\0"s + ref(20) + "\2"s + ref(25) + "\4s\0\10\5m\0"s + ref(20) + "\0\0"s, &text);
  EXPECT_EQ(interface.types.size(), 3U);
  EXPECT_THAT(text, testing::HasSubstr("typedef struct s *t;\n"));
  EXPECT_THAT(text, testing::HasSubstr("struct s {\n  struct s *m;\n};\n"));
}

TEST_F(Literal, TypesThatContainThemselves) {
  const auto itself = testing::HasSubstr("contains itself");
  EXPECT_THAT(message_of([&] { load("\3t\0"s + ref(13)); }), itself);
  EXPECT_THAT(message_of([&] { load("\3t\0"s + ref(20) + "\7"s + ref(13)); }), itself);
  EXPECT_THAT(message_of([&] { load("\4s\0\10\5m\0"s + ref(13) + "\0\0"s); }), itself);
}

TEST_F(Literal, ATypedefOfItselfBehindAPointerIsPrinted) {
  std::string text;
  load("\3t\0"s + ref(20) + "\2"s + ref(13), &text);
  EXPECT_THAT(text, testing::HasSubstr("typedef void *t;  /* of itself"));
  // Without a typedef there is no name to break the circle at.
  EXPECT_THAT(message_of([&] { load("\2"s + ref(13) + "\12f\0"s + ref(13) + "\0"s, &text); }),
              testing::HasSubstr("C"));
}

TEST_F(Literal, ReferencesToWhatIsNoType) {
  EXPECT_THAT(message_of([&] { load("\2"s + ref(12)); }),
              testing::HasSubstr("used as a type but is none"));
  EXPECT_NE(message_of([&] { load("\2"s + ref(0x7fffffff)); }), "");
  EXPECT_NE(message_of([&] { load("\2"s + ref(15)); }), "");
  EXPECT_NE(message_of([&] { load("\177"s); }), "");
}

TEST_F(Literal, DepthBombs) {
  EXPECT_THAT(message_of([&] { load(std::string(100'000, '\6')); }),
              testing::HasSubstr("nested too deeply"));
  std::string chain;
  for (std::size_t at = 0; at < 5000; ++at) chain += "\7"s + ref(first + 5 * (at + 1));
  chain += "\4s\0\10\0"s;
  EXPECT_THAT(message_of([&] { load(chain); }), testing::HasSubstr("nested too deeply"));
}

TEST_F(Literal, TextThatDoublesWithEachTypeIsCutOff) {
  // Function types, each with two parameters of the next one.
  std::string tree;
  constexpr std::size_t size = 1 + 4 + 5 + 5 + 1;
  for (std::size_t at = 0; at < 60; ++at) {
    const std::string next = ref(first + size * (at + 1));
    tree += "\10"s + next + "\11"s + next + "\11"s + next + "\0"s;
  }
  tree += "\4s\0\10\0"s;
  const std::size_t pointer = first + tree.size();
  tree += "\2"s + ref(first) + "\12f\0"s + ref(pointer) + "\0"s;
  std::string text;
  EXPECT_THAT(message_of([&] { load(tree, &text); }), testing::HasSubstr("too"));
}

}  // namespace
}  // namespace splitstrip
