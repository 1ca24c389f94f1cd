#include "dwarf/debug_info.h"

#include <set>

#include <gtest/gtest.h>

#include "facts/error.h"

namespace splitstrip {
namespace {

struct planted {  // what the tests below look for in their own DWARF
  int first;
  unsigned second : 3;
};
planted instance{1, 2};

std::optional<Die> find(const DebugInfo& info, int tag, std::string_view name) {
  for (const Unit& unit : info.units()) {
    for (const Die& outer : unit.die().children()) {
      if (outer.tag() != DW_TAG_namespace) continue;
      for (const Die& middle : outer.children()) {
        if (middle.tag() == tag && middle.string(DW_AT_name) == name) return middle;
        for (const Die& inner : middle.children()) {
          if (inner.tag() == tag && inner.string(DW_AT_name) == name) return inner;
        }
      }
    }
  }
  return std::nullopt;
}

TEST(DebugInfo, ReadsTheTestsOwnTypes) {
  EXPECT_EQ(instance.first, 1);
  const DebugInfo info = DebugInfo::open("/proc/self/exe");
  const auto type = find(info, DW_TAG_structure_type, "planted");
  ASSERT_TRUE(type) << "built without -g?";
  EXPECT_EQ(type->unsigned_value(DW_AT_byte_size), sizeof(planted));
  std::set<std::string_view> names;
  for (const Die& member : type->children()) {
    names.insert(member.string(DW_AT_name).value_or(""));
    EXPECT_EQ(member.reference(DW_AT_type)->tag(), DW_TAG_base_type);
  }
  EXPECT_EQ(names, (std::set<std::string_view>{"first", "second"}));
}

TEST(DebugInfo, AbsentIsNotAnError) {
  const DebugInfo info = DebugInfo::open("/proc/self/exe");
  const Die unit = info.units().begin()->die();
  EXPECT_EQ(unit.string(DW_AT_linkage_name), std::nullopt);
  EXPECT_EQ(unit.unsigned_value(DW_AT_byte_size), std::nullopt);
  EXPECT_FALSE(unit.reference(DW_AT_type));
  EXPECT_FALSE(unit.flag(DW_AT_external));
}

TEST(DebugInfo, SaysWhatIsWrongWithTheFile) {
  EXPECT_THROW(DebugInfo::open("/no/such/file"), Error);
  EXPECT_THROW(DebugInfo::open("/proc/self/cmdline"), Error);
}

}  // namespace
}  // namespace splitstrip
