#include "recipe/conventional.h"

#include <utility>

#include "facts/error.h"
#include "facts/normalise.h"
#include "facts/notice.h"
#include "recipe/input.h"
#include "recipe/make.h"
#include "recipe/pair_fault.h"
#include "recipe/publish.h"
#include "run/scratch.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

struct Objcopy {
  const char* objcopy;
  const char* strip;
  const char* package;
};

Objcopy programs_of(StripTool tool) {
  if (tool == StripTool::llvm) return {"llvm-objcopy", "llvm-strip", "llvm"};
  return {"objcopy", "strip", "binutils"};
}

bool is_here(StripTool tool) {
  if (tool == StripTool::elfutils) return program_exists("eu-strip");
  const Objcopy programs = programs_of(tool);
  return program_exists(programs.objcopy) && program_exists(programs.strip);
}

const char* name_of(StripTool tool) {
  return tool == StripTool::elfutils ? "eu-strip" : programs_of(tool).objcopy;
}

bool disk_is_full(const std::string& reason) {
  return reason.find("No space left") != std::string::npos ||
         reason.find("cannot write") != std::string::npos;
}

}  // namespace

StripTool find_strip_tool() {
  for (const StripTool tool : {StripTool::elfutils, StripTool::binutils})
    if (is_here(tool)) return tool;
  throw Error("eu-strip: not found; install package elfutils (Debian and Fedora)");
}

ConventionalStrip::ConventionalStrip(const fs::path& unstripped, const std::string& name,
                                     const fs::path& scratch, StripTool tool,
                                     const std::vector<std::string_view>& keep)
    // Absolute: no name can be taken for an option.
    : unstripped_(fs::absolute(unstripped)),
      given_(unstripped),
      made_{fs::absolute(scratch) / name, fs::absolute(scratch) / (name + ".debug")},
      tool_(tool),
      keep_(keep) {
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
  program_.emplace(keep_debug(tool_));
}

Program ConventionalStrip::keep_debug(StripTool tool) const {
  const Objcopy programs = programs_of(tool);
  return Program::start(
      {programs.objcopy, "--only-keep-debug", unstripped_.string(), made_.debug.string()},
      programs.package);
}

std::string ConventionalStrip::failure(Program program) const {
  const ProgramEnd end = program.wait();
  if (end.ok()) return {};
  std::string reason = replace_path(end.reason(), unstripped_.string(), given_.string());
  if (disk_is_full(reason))
    throw Error::of("{}: stripping it failed: {}; free some space there, or name another directory",
                    given_.string(), reason);
  return fmt::format("failed: {}", in_words_of_the_user(std::move(reason)));
}

// Where the pair is made is of no interest.
std::string ConventionalStrip::in_words_of_the_user(std::string text) const {
  for (const fs::path& file : {made_.main, made_.debug})
    text = replace_path(text, file.string(), file.filename().string());
  return text;
}

// What is wrong with the pair that `tool` made, of which the first program was started already.
std::string ConventionalStrip::fault(StripTool tool, Program first) const {
  std::string why = failure(std::move(first));
  if (why.empty() && tool != StripTool::elfutils) {
    const Objcopy programs = programs_of(tool);
    why = failure(Program::start({programs.strip, "--strip-unneeded", "--remove-section=.comment",
                                  "-o", made_.main.string(), unstripped_.string()},
                                 programs.package));
    if (why.empty())
      why = failure(Program::start(
          {programs.objcopy, "--add-gnu-debuglink=" + made_.debug.string(), made_.main.string()},
          programs.package));
  }
  if (!why.empty()) return why;
  return in_words_of_the_user(pair_fault(ElfFile::open(unstripped_), made_, keep_).value_or(""));
}

Pair ConventionalStrip::finish() {
  const std::string why = fault(tool_, std::move(*program_));
  if (why.empty()) return made_;
  std::string others;
  for (const StripTool other : {StripTool::binutils, StripTool::llvm}) {
    if (other == tool_ || !keep_.empty() || !is_here(other)) continue;
    std::error_code none;
    fs::remove(made_.main, none);
    fs::remove(made_.debug, none);
    const std::string too = fault(other, keep_debug(other));
    if (too.empty()) {
      notice(fmt::format("{}: {} {}; stripped with {} instead", given_.string(), name_of(tool_),
                         why, name_of(other)));
      return made_;
    }
    others += fmt::format("; {} {}", name_of(other), too);
  }
  throw Error::of("{}: {} {}{}; is it stripped already, or damaged? Run {} by hand to see more",
                  given_.string(), name_of(tool_), why, others, name_of(tool_));
}

void make_conventional(const fs::path& unstripped, const Pair& pair, const fs::path& scratch) {
  open_unstripped(unstripped);
  const ScratchDirectory own(scratch);
  ConventionalStrip strip(unstripped, pair.main.filename(), own.path());
  publish(strip.finish(), pair);
}

}  // namespace splitstrip
