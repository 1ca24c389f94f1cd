#include "recipe/slug.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "recipe/recipe.h"

namespace splitstrip {
namespace {

TEST(RecipeSlug, is_the_name_where_that_is_a_good_file_name) {
  for (const Recipe& recipe : all_recipes()) EXPECT_EQ(recipe_slug(recipe.name), recipe.name);
}

TEST(RecipeSlug, is_a_short_safe_file_name_of_its_own_for_any_text) {
  std::set<std::string> slugs;
  const std::string names[] = {"",
                               "-f",
                               ".",
                               "..",
                               "a/../../b",
                               "command:strip {in}",
                               "command:strip  {in}",
                               std::string("command:\0x", 10),
                               std::string("command:\0y", 10),
                               std::string(5000, 'x'),
                               std::string(5001, 'x'),
                               "Conventional",
                               "\xff\n"};
  for (const auto& name : names) {
    const std::string slug = recipe_slug(name);
    EXPECT_THAT(slug, testing::MatchesRegex("[a-z0-9][a-z0-9-]*"));
    EXPECT_LE(slug.size(), longest_slug);
    EXPECT_TRUE(slugs.insert(slug).second) << name;
  }
  EXPECT_THAT(recipe_slug("command:strip {in}"), testing::StartsWith("command-"));
}

}  // namespace
}  // namespace splitstrip
