#include "typedata/print_json.h"

#include <fstream>
#include <iterator>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "dwarf/debug_info.h"
#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "typedata/load.h"

namespace splitstrip {
namespace {

using namespace testing_support;
using nlohmann::json;

class PrintJson : public testing::Test {
 protected:
  std::string print(const std::string& source, const std::vector<std::string>& names = {}) {
    build_library(scratch_.path() / "lib.so", source,
                  {"-O0", "-w", "-fno-eliminate-unused-debug-types"});
    const DebugInfo info = DebugInfo::open(scratch_.path() / "lib.so");
    const Interface interface = load_interface(info);
    std::ostringstream output;
    print_json(interface, select(interface, names, "lib.so"), output);
    return output.str();
  }

  std::string validate(const std::string& document) {
    const auto file = scratch_.path() / "types.json";
    write_file(file, document);
    return message_of([&] {
      run({SPLITSTRIP_TEST_PYTHON, SPLITSTRIP_TEST_VALIDATE, SPLITSTRIP_TEST_SCHEMA,
           file.string()});
    });
  }

  ScratchDirectory scratch_;
};

TEST_F(PrintJson, OddTypesFollowTheSchema) {
  std::ifstream file(SPLITSTRIP_TESTDATA "/odd_types.c");
  const std::string document = print({std::istreambuf_iterator<char>(file), {}});
  EXPECT_EQ(validate(document), "");
  json wrong = json::parse(document);  // the control
  wrong["types"][0]["kind"] = "colour";
  EXPECT_NE(validate(wrong.dump()), "");
}

TEST_F(PrintJson, SaysAllOfAFunction) {
  const json document =
      json::parse(print("struct s { char c; unsigned bits : 3; }; int f(struct s *s, const char "
                        "*format, ...) { return 0; }",
                        {"f"}));
  const json& function = document["functions"].at(0);
  EXPECT_EQ(function["name"], "f");
  EXPECT_EQ(function["variadic"], true);
  EXPECT_EQ(function["prototyped"], true);
  EXPECT_EQ(function["parameters"][0]["name"], "s");
  const auto type = [&](const json& id) { return document["types"].at(id.get<std::size_t>()); };
  EXPECT_EQ(type(function["returns"])["name"], "int");
  const json pointer = type(function["parameters"][0]["type"]);
  EXPECT_EQ(pointer["kind"], "pointer");
  const json record = type(pointer["target"]);
  EXPECT_EQ(record["name"], "s");
  EXPECT_EQ(record["size"], 4);
  EXPECT_EQ(record["members"][1]["bit_offset"], 8);
  EXPECT_EQ(record["members"][1]["bit_size"], 3);
}

}  // namespace
}  // namespace splitstrip
