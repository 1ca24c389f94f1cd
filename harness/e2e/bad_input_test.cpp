// Each kind of bad input ends in one clear line that names the file and what to do, with exit
// code 2.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "e2e/tool.h"
#include "elf/test_library.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;

class BadInput : public testing::Test {
 protected:
  fs::path path(const std::string& name) const { return scratch_.path() / name; }

  fs::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }

  static std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  // A small library with DWARF.
  fs::path library(const std::string& name = "libsmall.so") const {
    write("small.c",
          "struct point { int x, y; }; int sum(struct point *p) { return p->x + p->y; }\n");
    Program::start({"gcc", "-g", "-O1", "-shared", "-fPIC", "-Wl,--build-id", "-o", path(name),
                    path("small.c")})
        .wait();
    return path(name);
  }

  // check and split both refuse `file`, in one line that holds all of `words`.
  void refused(const fs::path& file, const std::vector<std::string>& words) const {
    for (const auto& arguments : {std::vector<std::string>{"check", file, "--output", path("out")},
                                  std::vector<std::string>{"split", file, "-o", path("pair")}}) {
      const auto end = splitstrip_program(arguments);
      EXPECT_EQ(end.status, 2) << arguments[0] << ": " << end.errors;
      EXPECT_EQ(std::count(end.errors.begin(), end.errors.end(), '\n'), 1) << end.errors;
      EXPECT_THAT(end.errors, testing::HasSubstr(file.filename().string()));
      for (const auto& word : words)
        EXPECT_THAT(end.errors, testing::HasSubstr(word)) << arguments[0];
      EXPECT_FALSE(fs::exists(path("out") / "result.json"));
      EXPECT_TRUE(!fs::exists(path("pair")) || fs::is_empty(path("pair")))
          << "half a pair was left behind";
    }
  }

  ScratchDirectory scratch_;
};

TEST_F(BadInput, not_an_elf) {
  refused(write("notes.txt", "these are notes\n"), {"not an ELF"});
}

TEST_F(BadInput, an_empty_file) {
  refused(write("empty.so", ""), {"empty.so"});
}

TEST_F(BadInput, no_such_file) {
  refused(path("nowhere.so"), {"nowhere.so"});
}

TEST_F(BadInput, a_file_that_may_not_be_read) {
  const auto file = library();
  fs::permissions(file, fs::perms::none);
  if (access(file.c_str(), R_OK) == 0) {
    // Root may read everything; nobody may not.
    fs::permissions(scratch_.path(),
                    fs::perms::owner_all | fs::perms::others_exec | fs::perms::others_read);
    const auto end = Program::start({"setpriv", "--reuid=65534", "--clear-groups",
                                     SPLITSTRIP_BINARY, "split", file, "-o", "/nowhere"})
                         .wait();
    EXPECT_EQ(end.status, 2) << end.errors;
    EXPECT_THAT(end.errors, testing::HasSubstr("libsmall.so"));
    EXPECT_EQ(std::count(end.errors.begin(), end.errors.end(), '\n'), 1) << end.errors;
  } else {
    refused(file, {"ermission"});
  }
}

TEST_F(BadInput, a_directory) {
  fs::create_directory(path("folder.so"));
  refused(path("folder.so"), {"directory"});
}

TEST_F(BadInput, a_truncated_library) {
  const auto bytes = read(library());
  for (const std::size_t part : {3U, 5U, 40U})
    refused(write("cut.so", bytes.substr(0, bytes.size() / part)), {"cut.so"});
  refused(write("cut.so", bytes.substr(0, bytes.size() - 100)), {"cut.so"});
}

TEST_F(BadInput, a_static_archive) {
  library();
  Program::start({"gcc", "-g", "-c", "-o", path("small.o"), path("small.c")}).wait();
  Program::start({"ar", "rc", path("libsmall.a"), path("small.o")}).wait();
  refused(path("libsmall.a"), {"archive"});
}

TEST_F(BadInput, no_dwarf_and_no_debug_file) {
  const auto stripped = library();
  Program::start({"strip", stripped}).wait();
  refused(stripped, {"debug"});
}

TEST_F(BadInput, the_debug_file_is_of_another_build) {
  const auto main = library();
  Program::start({"eu-strip", "-f", path("libsmall.so.debug"), main}).wait();
  write("other.c", "int other(int a) { return a; }\n");
  Program::start({"gcc", "-g", "-shared", "-fPIC", "-Wl,--build-id", "-o", path("libother.so"),
                  path("other.c")})
      .wait();
  Program::start({"eu-strip", "-f", path("libsmall.so.debug"), path("libother.so")}).wait();
  const auto end = splitstrip_program({"embed", main, "--debug", path("libsmall.so.debug")});
  EXPECT_EQ(end.status, 2);
  EXPECT_THAT(end.errors, testing::HasSubstr("build-id"));
  refused(main, {"libsmall.so"});
}

TEST_F(BadInput, inputs_stay_as_they_were) {
  const auto file = library();
  const auto before = read(file);
  const auto end = splitstrip_program({"split", file, "-o", path("pair")});
  EXPECT_EQ(end.status, 0) << end.errors;
  EXPECT_EQ(read(file), before);
}

TEST_F(BadInput, words_that_do_not_exist_are_refused_with_those_that_do) {
  const auto file = library();
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--recipe", "magic"}, "typedata"},
      {{"--consumer", "notepad"}, "gdb"},
      {{"--query", "meaning"}, "types"}};
  for (const auto& [extra, known] : cases) {
    std::vector<std::string> arguments = {"check", file, "--output", path("out")};
    arguments.insert(arguments.end(), extra.begin(), extra.end());
    const auto end = splitstrip_program(arguments);
    EXPECT_EQ(end.status, 2);
    EXPECT_THAT(end.errors, testing::HasSubstr(extra[1]));
    EXPECT_THAT(end.errors, testing::HasSubstr(known));
  }
}

TEST_F(BadInput, a_full_disk_leaves_nothing) {
  const auto file = library();
  // /dev/full takes no byte; a directory below it cannot even be made.
  const auto end = splitstrip_program({"types", file, "--extract", "/dev/full"});
  EXPECT_EQ(end.status, 2);
  EXPECT_EQ(std::count(end.errors.begin(), end.errors.end(), '\n'), 1) << end.errors;
}

TEST_F(BadInput, an_output_that_is_something_else_is_not_overwritten) {
  const auto file = library();
  fs::create_directory(path("photos"));
  write("photos/cat.png", "meow");
  const auto end =
      splitstrip_program({"check", file, "--consumer", "gdb", "--output", path("photos")});
  EXPECT_EQ(end.status, 2);
  EXPECT_THAT(end.errors, testing::HasSubstr("photos"));
  EXPECT_TRUE(fs::exists(path("photos") / "cat.png"));
}

TEST_F(BadInput, every_subcommand_has_help_with_an_example) {
  for (const char* command : {"check", "split", "embed", "types", "doctor"}) {
    const auto end = splitstrip_program({command, "--help"});
    EXPECT_EQ(end.status, 0);
    EXPECT_THAT(end.output, testing::HasSubstr("Example")) << command;
  }
}

}  // namespace
}  // namespace splitstrip
