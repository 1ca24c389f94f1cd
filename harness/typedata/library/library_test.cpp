// libtypedata as its callers use it, on libraries that are compiled on the spot.
#include <array>
#include <string>

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/test_library.h"
#include "typedata/library/typed_library.h"
#include "typedata/library/typedata.h"

namespace splitstrip {
namespace {

using namespace testing_support;

const char* const source = R"(
struct point { int x, y; struct point *next; };
union value { int i; double d; };
typedef unsigned long size;
enum kind { first, second = -3 };
struct packet { unsigned version : 4, length : 12; char name[16]; struct point at; union value value; };
int counter;
struct point origin;
int add(int a, long b) { return a + (int)b + counter; }
char *find(const char *text, size length, enum kind kind) { return (char*)text + length + kind; }
void handle(struct packet *packet, int (*callback)(void *context, const struct point *), void *context) {}
struct point make(double x, ...) { return origin; }
)";

TEST(Library, opens_finds_describes_and_prints) {
  const ScratchDirectory scratch;
  const auto main = with_typedata(scratch.path(), source);
  typedata* types = nullptr;
  typedata_error error;
  ASSERT_EQ(typedata_open(main.c_str(), 0, &types, &error), TYPEDATA_OK) << error.message;
  EXPECT_EQ(std::string(typedata_path(types)), main.string());
  const auto print = [&](typedata_type type, const char* name) {
    char text[256];
    typedata_print(types, type, name, text, sizeof text);
    return std::string(text);
  };
  const auto function = [&](const char* name) {
    return print(typedata_find_function(types, name), name);
  };
  EXPECT_EQ(function("add"), "int add(int a, long int b)");
  EXPECT_EQ(function("find"), "char *find(const char *text, size length, enum kind kind)");
  EXPECT_EQ(
      function("handle"),
      "void handle(struct packet *packet, int (*callback)(void *, const struct point *), void "
      "*context)");
  EXPECT_EQ(function("make"), "struct point make(double x, ...)");
  EXPECT_EQ(typedata_find_function(types, "counter"), TYPEDATA_NONE);
  EXPECT_EQ(print(typedata_find_object(types, "origin"), "origin"), "struct point origin");
  const typedata_type packet = typedata_find_type(types, "packet");
  typedata_info info;
  ASSERT_TRUE(typedata_describe(types, packet, &info));
  EXPECT_EQ(info.kind, TYPEDATA_KIND_STRUCT);
  EXPECT_EQ(info.count, 5U);
  std::array<typedata_item, 5> items;
  ASSERT_EQ(typedata_items(types, packet, items.data(), items.size()), 5U);
  EXPECT_EQ(std::string(items[1].name), "length");
  EXPECT_EQ(items[1].bit_offset, 4U);
  EXPECT_EQ(items[1].bit_size, 12U);
  EXPECT_EQ(items[2].bit_offset, 16U);
  typedata_close(types);
}

TEST(Library, opens_what_is_loaded_and_finds_by_address) {
  const ScratchDirectory scratch;
  const auto main = with_typedata(scratch.path(), source);
  void* handle = dlopen(main.c_str(), RTLD_NOW);
  ASSERT_NE(handle, nullptr) << dlerror();
  void* add = dlsym(handle, "add");
  typedata* types = nullptr;
  typedata_error error;
  ASSERT_EQ(typedata_open_loaded(add, 0, &types, &error), TYPEDATA_OK) << error.message;
  const char* symbol = nullptr;
  EXPECT_EQ(typedata_function_at(types, add, &symbol), typedata_find_function(types, "add"));
  EXPECT_STREQ(symbol, "add");
  EXPECT_EQ(typedata_function_at(types, static_cast<char*>(add) + 1, nullptr), TYPEDATA_NONE);
  void* origin = dlsym(handle, "origin");
  EXPECT_EQ(typedata_object_at(types, origin, nullptr), typedata_find_object(types, "origin"));
  EXPECT_NE(typedata_object_at(types, origin, nullptr), TYPEDATA_NONE);
  EXPECT_EQ(typedata_function_at(types, origin, nullptr), TYPEDATA_NONE);
  typedata_close(types);
  dlclose(handle);
}

}  // namespace
}  // namespace splitstrip
