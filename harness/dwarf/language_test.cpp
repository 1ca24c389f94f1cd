#include "dwarf/language.h"

#include <elfutils/libdw.h>
#include <gtest/gtest.h>

namespace splitstrip {
namespace {

// libdw has the table of DWARF 5, and knows no language that is younger than itself.
TEST(Language, DefaultLowerBoundsAreThoseOfLibdw) {
  int compared = 0;
  for (int language = 1; language < 0x50; ++language) {
    Dwarf_Sword bound = -1;
    if (dwarf_default_lower_bound(language, &bound) != 0) continue;
    ++compared;
    EXPECT_EQ(static_cast<Dwarf_Sword>(default_lower_bound(language)), bound) << language;
  }
  EXPECT_GE(compared, 30);
}

TEST(Language, EditionsAreOneFamily) {
  EXPECT_EQ(language_family(DW_LANG_C11), language_family(DW_LANG_C89));
  EXPECT_EQ(language_family(DW_LANG_C_plus_plus_14), language_family(kLangCxx20));
  EXPECT_EQ(language_family(DW_LANG_Fortran08), language_family(kLangFortran18));
  EXPECT_EQ(language_family(kLangAda2012), language_family(DW_LANG_Ada95));
  EXPECT_NE(language_family(DW_LANG_C), language_family(DW_LANG_ObjC));
  EXPECT_EQ(default_lower_bound(kLangFortran18), 1U);
  EXPECT_EQ(default_lower_bound(kLangAda2012), 1U);
}

}  // namespace
}  // namespace splitstrip
