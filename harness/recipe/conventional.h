// The conventional strip, running beside the caller's own work.
//
//   ConventionalStrip strip(unstripped, pair.main.filename(), scratch);
//   build_something_meanwhile();
//   const Pair made = strip.finish();
//
// With elfutils, as Fedora's find-debuginfo does it: `eu-strip --remove-comment -f DEBUG -o MAIN`.
// With binutils, as Debian's dh_strip does it: `objcopy --only-keep-debug`, then `strip
// --strip-unneeded`, then `objcopy --add-gnu-debuglink`. Either way .gnu_debuglink of main names
// "NAME.debug" and holds its CRC, and nothing that is loaded changes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/recipe.h"
#include "run/program.h"

namespace splitstrip {

enum class StripTool { elfutils, binutils };

// elfutils where eu-strip is in PATH, else binutils. Throws Error naming packages if both are
// missing.
StripTool find_strip_tool();

class ConventionalStrip {
 public:
  // `name` is main's file name, which the debug link is made of. Both files are made in `scratch`,
  // which exists and in which nothing has that name. Sections of `keep` stay in main and are left
  // without content in debug; only elfutils can do that. Throws Error.
  ConventionalStrip(const std::filesystem::path& unstripped, const std::string& name,
                    const std::filesystem::path& scratch, StripTool tool = find_strip_tool(),
                    const std::vector<std::string_view>& keep = {});

  // Waits for the end. Call once. Throws Error with what the tool said.
  Pair finish();

 private:
  std::filesystem::path unstripped_;
  Pair made_;
  StripTool tool_;
  std::optional<Program> program_;
};

}  // namespace splitstrip
