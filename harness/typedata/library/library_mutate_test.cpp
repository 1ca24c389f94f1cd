// Damaged typedata is refused or told of, never a crash, without end or in all of the memory; run
// under the asan preset, this is the fixed-seed part of the fuzzing.
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/test_library.h"
#include "typedata/build.h"
#include "typedata/library/typedata.h"
#include "typedata/mutate.h"

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

Bytes typedata_of(const std::filesystem::path& library) {
  const std::string object = build_typedata(library, library).object;
  const auto* begin = reinterpret_cast<const std::byte*>(object.data());
  return {begin, begin + object.size()};
}

std::vector<Bytes> seeds(const std::filesystem::path& scratch) {
  std::vector<Bytes> all;
  std::ifstream file(SPLITSTRIP_TESTDATA "/odd_types.c");
  const std::string odd{std::istreambuf_iterator<char>(file), {}};
  for (const auto& [name, source] : {std::pair<std::string, std::string>{"small.so", small_source},
                                     std::pair<std::string, std::string>{"odd.so", odd}}) {
    build_library(scratch / name, source, {"-w", "-O0"});
    all.push_back(typedata_of(scratch / name));
  }
  std::ofstream(scratch / "cxx.cc") << cxx_source;
  const auto cxx = scratch / "cxx.so";
  for (const char* version : {"-gdwarf-5", "-gdwarf-2"}) {
    run({"g++", "-g", version, "-fPIC", "-shared", "-o", cxx.string(),
         (scratch / "cxx.cc").string()});
    all.push_back(typedata_of(cxx));
    all.push_back(file_bytes(cxx));  // as it is: other forms of everything
  }
  return all;
}

TEST(LibraryMutations, damaged_objects_are_survived) {
  const ScratchDirectory scratch;
  const std::vector<Bytes> all = seeds(scratch.path());
  for (const Bytes& seed : all) ASSERT_TRUE(accepted(seed));
  SectionMutator damaged(all, {".debug_info", ".debug_abbrev", ".debug_str"}, 20261123);
  const char* asked = std::getenv("SPLITSTRIP_MUTATIONS");
  const int inputs = asked == nullptr ? 1000 : std::atoi(asked);
  int passed = 0;
  for (int i = 0; i < inputs; ++i) passed += accepted(damaged()) ? 1 : 0;
  // Both ways are taken, or the mutations test nothing.
  EXPECT_GT(passed, inputs / 20);
  EXPECT_LT(passed, inputs * 19 / 20);
}

}  // namespace
}  // namespace splitstrip
