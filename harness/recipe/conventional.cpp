#include "recipe/conventional.h"

#include <utility>

#include "facts/error.h"
#include "recipe/input.h"
#include "recipe/make.h"
#include "recipe/publish.h"
#include "run/scratch.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

void require_success(Program program, const std::string& name, const fs::path& input) {
  const ProgramEnd end = program.wait();
  if (end.ok()) return;
  const std::string reason = end.reason();
  const bool full = reason.find("No space left") != std::string::npos ||
                    reason.find("cannot write") != std::string::npos;
  throw Error::of(
      "{}: {} failed: {}; {}", input.string(), name, reason,
      full ? "free some space there, or name another directory" : "run it by hand to see more");
}

}  // namespace

StripTool find_strip_tool() {
  if (program_exists("eu-strip")) return StripTool::elfutils;
  if (program_exists("objcopy") && program_exists("strip")) return StripTool::binutils;
  throw Error("eu-strip: not found; install package elfutils (Debian and Fedora)");
}

ConventionalStrip::ConventionalStrip(const fs::path& unstripped, const std::string& name,
                                     const fs::path& scratch, StripTool tool,
                                     const std::vector<std::string_view>& keep)
    // Absolute: no name can be taken for an option.
    : unstripped_(fs::absolute(unstripped)),
      made_{fs::absolute(scratch) / name, fs::absolute(scratch) / (name + ".debug")},
      tool_(tool) {
  if (tool_ == StripTool::elfutils) {
    std::vector<std::string> argv{"eu-strip", "--remove-comment"};
    for (const std::string_view section : keep)
      argv.push_back(fmt::format("--keep-section={}", section));
    for (const std::string& word : {std::string("-f"), made_.debug.string(), std::string("-o"),
                                    made_.main.string(), unstripped_.string()})
      argv.push_back(word);
    program_.emplace(Program::start(std::move(argv), "elfutils"));
    return;
  }
  if (!keep.empty())
    throw Error(
        "eu-strip: not found, and binutils cannot keep single sections; install package "
        "elfutils (Debian and Fedora)");
  program_.emplace(Program::start(
      {"objcopy", "--only-keep-debug", unstripped_.string(), made_.debug.string()}, "binutils"));
}

Pair ConventionalStrip::finish() {
  if (tool_ == StripTool::elfutils) {
    require_success(std::move(*program_), "eu-strip", unstripped_);
  } else {
    require_success(std::move(*program_), "objcopy", unstripped_);
    require_success(Program::start({"strip", "--strip-unneeded", "--remove-section=.comment", "-o",
                                    made_.main.string(), unstripped_.string()},
                                   "binutils"),
                    "strip", unstripped_);
    require_success(Program::start({"objcopy", "--add-gnu-debuglink=" + made_.debug.string(),
                                    made_.main.string()},
                                   "binutils"),
                    "objcopy", unstripped_);
  }
  // eu-strip ends with 0 also where it found nothing to strip, and makes no debug file then.
  for (const fs::path& file : {made_.main, made_.debug})
    if (!fs::exists(file))
      throw Error::of("{}: stripping it made no {}; is it stripped already?", unstripped_.string(),
                      file.filename().string());
  return made_;
}

void make_conventional(const fs::path& unstripped, const Pair& pair, const fs::path& scratch) {
  open_unstripped(unstripped);
  const ScratchDirectory own(scratch);
  ConventionalStrip strip(unstripped, pair.main.filename(), own.path());
  publish(strip.finish(), pair);
}

}  // namespace splitstrip
