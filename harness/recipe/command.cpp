#include "recipe/command.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "elf/object_file.h"
#include "facts/error.h"
#include "recipe/conventional.h"
#include "recipe/input.h"
#include "recipe/publish.h"
#include "recipe/words.h"
#include "run/program.h"
#include "run/scratch.h"

namespace splitstrip {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::minutes time_limit{10};

bool mention(const std::vector<std::string>& words, std::string_view placeholder) {
  return std::ranges::any_of(
      words, [&](const auto& word) { return word.find(placeholder) != std::string::npos; });
}

std::string replace_all(std::string text, std::string_view from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
  return text;
}

struct Places {
  fs::path in;
  Pair made;
  fs::path scratch;
};

std::vector<std::string> filled_in(std::vector<std::string> words, const Places& places) {
  const std::array<std::pair<std::string_view, fs::path>, 4> placeholders{
      {{"{in}", places.in},
       {"{main}", places.made.main},
       {"{debug}", places.made.debug},
       {"{scratch}", places.scratch}}};
  for (auto& word : words)
    for (const auto& [placeholder, path] : placeholders)
      word = replace_all(std::move(word), placeholder, path.string());
  return words;
}

void copy_or_throw(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::copy_file(from, to, error);
  if (error)
    throw Error::of("{}: cannot be copied for the command: {}; free some space there",
                    from.string(), error.message());
}

// Nothing is asked of build-id and debug link: whether those are right is for the consumers to say.
void require_elf(const fs::path& made, const char* placeholder, const std::string& program) {
  std::error_code none;
  if (!fs::is_regular_file(fs::symlink_status(made, none)))
    throw Error::of("{}: ended well but made no file {}; run it by hand", program, placeholder);
  try {
    require_strippable(ElfFile::open(made));
  } catch (const Error& error) {
    // The path is one that nobody will find again.
    std::string cause = error.what();
    if (const std::string path = made.string() + ": "; cause.starts_with(path))
      cause.erase(0, path.size());
    throw Error::of("{}: what it made as {} is no library or program: {}", program, placeholder,
                    cause);
  }
}

}  // namespace

std::optional<Recipe> find_command_recipe(std::string_view name) {
  const std::string line(name.substr(command_prefix.size()));
  std::vector<std::string> words = split_words(line);
  if (words.empty() || words.front().empty())
    throw Error::of(
        "{}: names no program; write {}PROGRAM and words with {{in}}, {{main}} and "
        "{{debug}} in them",
        name, command_prefix);
  const std::string& program = words.front();
  if (program.find('/') != std::string::npos && !program.starts_with('/'))
    throw Error::of("{}: the command runs in a directory of its own; give the whole path of {}",
                    name, program);
  const bool in = mention(words, "{in}");
  const bool main = mention(words, "{main}");
  const bool debug = mention(words, "{debug}");
  if (in ? !main || !debug : !main && !debug)
    throw Error::of(
        "{}: does not say where {} goes; name {{in}}, {{main}} and {{debug}} to make both files, "
        "or only {{main}} or {{debug}} to change the conventional one",
        name, main || !in ? "the debug file" : "main");
  Recipe recipe;
  recipe.name = name;
  recipe.keeps = fmt::format("what {} makes of it", program);
  recipe.expected = "for you to say";
  recipe.make = [words = std::move(words)](const fs::path& unstripped, const Pair& pair,
                                           const fs::path& scratch) {
    make_by_command(words, time_limit, unstripped, pair, scratch);
  };
  return recipe;
}

void make_by_command(const std::vector<std::string>& words, std::chrono::milliseconds limit,
                     const fs::path& unstripped, const Pair& pair, const fs::path& scratch) {
  const std::string& program = words.front();
  if (!program.starts_with('/') && !program_exists(program))
    throw Error::of("{}: not found in PATH; install it, or give its whole path", program);
  open_unstripped(unstripped);
  const ScratchDirectory own(scratch);
  Places places;
  places.scratch = own.path() / "scratch";
  fs::create_directories(places.scratch);
  const std::string name = pair.main.filename();
  if (mention(words, "{in}")) {
    fs::create_directories(own.path() / "in");
    places.in = own.path() / "in" / name;
    copy_or_throw(unstripped, places.in);
    places.made = {own.path() / name, own.path() / (name + ".debug")};
  } else {
    places.made = ConventionalStrip(unstripped, name, own.path()).finish();
  }

  Program running = Program::start(filled_in(words, places), {}, places.scratch);
  const ProgramEnd end = running.wait(limit);
  if (!end.ok())
    throw Error::of("{}: failed on {}: {}; run it by hand to see more", program,
                    unstripped.filename().string(), end.reason());
  require_elf(places.made.main, "{main}", program);
  require_elf(places.made.debug, "{debug}", program);
  publish(places.made, pair);
}

}  // namespace splitstrip
