// The conventional strip, running beside the caller's own work.
//
//   ConventionalStrip strip(unstripped, pair.main.filename(), scratch);
//   build_something_meanwhile();
//   const Pair made = strip.finish();
//
// With elfutils, as Fedora's find-debuginfo does it: `eu-strip --remove-comment -f DEBUG -o MAIN`.
// With binutils, as Debian's dh_strip does it: `objcopy --only-keep-debug`, then `strip
// --strip-unneeded`, then `objcopy --add-gnu-debuglink`. Either way .gnu_debuglink of main names
// "NAME.debug" and holds its CRC, and nothing that is loaded changes. That this is so is looked at
// (pair_fault.h): what one program cannot strip, or makes garbage of, the next one strips.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/recipe.h"
#include "run/program.h"

namespace splitstrip {

enum class StripTool { elfutils, binutils, llvm };

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

  // Waits for the end. Call once. Where the tool fails and another one does it, says so (a notice).
  // Throws Error with what the tools said.
  Pair finish();

 private:
  Program keep_debug(StripTool tool) const;
  std::string failure(Program program) const;
  std::string in_words_of_the_user(std::string text) const;
  std::string fault(StripTool tool, Program first) const;

  std::filesystem::path unstripped_;
  std::filesystem::path given_;  // for messages
  Pair made_;
  StripTool tool_;
  std::vector<std::string_view> keep_;
  std::optional<Program> program_;
};

}  // namespace splitstrip
