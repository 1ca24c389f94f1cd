// Libraries whose debug files the system does not have: the user says where they are.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/tool.h"
#include "elf/test_library.h"
#include "facts/error.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing_support::build_library;
using testing_support::run;
using testing_support::small_source;

class Finding : public testing::Test {
 protected:
  Finding() {
    library("libsmall.so.1", small_source);
    library("libother.so.1",
            "struct pair { int a; long b; }; long sum(struct pair *p) { return "
            "p->a + p->b; }");
  }
  fs::path path(const std::string& name) const { return scratch_.path() / name; }

  // Stripped in the tree, with its debug file in a directory of its own.
  void library(const std::string& name, const std::string& source) const {
    fs::create_directories(path("tree/usr/lib64"));
    fs::create_directories(path("debug-of-" + name));
    build_library(path(name), source);
    run({"eu-strip", "-f", path("debug-of-" + name) / (name + ".debug"), "-o", in_tree(name),
         path(name)});
  }
  fs::path in_tree(const std::string& name) const { return path("tree/usr/lib64") / name; }
  fs::path debug_of(const std::string& name) const {
    return path("debug-of-" + name) / (name + ".debug");
  }

  // `check` with a consumer that takes no time.
  ProgramEnd check(std::vector<std::string> words) const {
    fs::remove_all(path("out"));
    words.insert(words.begin(), "check");
    for (const char* word : {"--consumer", "libdw", "--query", "dies", "--output"})
      words.emplace_back(word);
    words.push_back(path("out"));
    return splitstrip_program(words);
  }
  // How many of that outcome there are, which have evidence.
  std::size_t outcomes(const std::string& outcome) const {
    std::size_t count = 0;
    for (const auto& cell : cells_with(read_result_json(path("out")), {{"outcome", outcome}}))
      if (cell.at("evidence") != 0) ++count;
    return count;
  }

  ScratchDirectory scratch_;
};

TEST_F(Finding, check_takes_debug_files_debug_directories_and_a_tree) {
  const std::string small = in_tree("libsmall.so.1");
  const std::string other = in_tree("libother.so.1");
  ProgramEnd end = check({small});
  EXPECT_EQ(end.status, 2);
  EXPECT_THAT(end.errors, HasSubstr("its debug file is not installed"));

  end = check({small, "--debug", debug_of("libsmall.so.1")});
  EXPECT_EQ(end.status, 0) << end.errors;
  EXPECT_EQ(outcomes("same"), 1U);

  end = check(
      {"--debug", debug_of("libother.so.1"), "--debug", debug_of("libsmall.so.1"), small, other});
  EXPECT_EQ(end.status, 0) << end.errors;
  EXPECT_EQ(outcomes("same"), 2U);

  end = check({"--debug-dir", path("debug-of-libsmall.so.1"), "--debug-dir",
               path("debug-of-libother.so.1"), small, other});
  EXPECT_EQ(end.status, 0) << end.errors;
  EXPECT_EQ(outcomes("same"), 2U);

  fs::create_directories(path("tree/usr/lib/debug/usr/lib64"));
  fs::rename(debug_of("libsmall.so.1"), path("tree/usr/lib/debug/usr/lib64/libsmall.so.1.debug"));
  fs::create_symlink("/usr/lib64/libsmall.so.1", in_tree("libsmall.so"));
  end = check({in_tree("libsmall.so"), "--sysroot", path("tree")});
  EXPECT_EQ(end.status, 0) << end.errors;
  EXPECT_EQ(outcomes("same"), 1U);
  EXPECT_EQ(read_result_json(path("out")).at("subjects").at(0).at("path"),
            in_tree("libsmall.so").string());
}

TEST_F(Finding, embed_takes_them_too) {
  const std::string small = in_tree("libsmall.so.1");
  const auto embedded = [&](std::vector<std::string> words) {
    fs::remove(path("typed.so"));
    words.insert(words.begin(), {"embed", small, "-o", path("typed.so")});
    const ProgramEnd end = splitstrip_program(words);
    EXPECT_EQ(end.status, 0) << end.errors;
    std::ifstream file(path("typed.so"), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const std::string by_name = embedded({"--debug", debug_of("libsmall.so.1")});
  EXPECT_THAT(splitstrip_program({"types", path("typed.so"), "move_shape"}).output,
              HasSubstr("long int move_shape(struct shape *shape, long int dy);"));
  EXPECT_EQ(embedded({"--debug-dir", path("debug-of-libsmall.so.1")}), by_name);
  fs::create_directories(path("tree/usr/lib/debug/usr/lib64"));
  fs::rename(debug_of("libsmall.so.1"), path("tree/usr/lib/debug/usr/lib64/libsmall.so.1.debug"));
  EXPECT_EQ(embedded({"--sysroot", path("tree")}), by_name);
  const ProgramEnd end = splitstrip_program({"embed", in_tree("libother.so.1")});
  EXPECT_EQ(end.status, 2);
  EXPECT_THAT(end.errors, HasSubstr("is stripped and its debug file is not installed"));
}

TEST_F(Finding, an_error_names_what_the_user_named) {
  // Joined in a directory of ours, where a recipe fails that needs what this library has not.
  const ProgramEnd end =
      check({in_tree("libsmall.so.1"), "--debug", debug_of("libsmall.so.1"), "--recipe", "ctf"});
  EXPECT_EQ(end.status, 2);
  for (const auto& cell : read_result_json(path("out")).at("cells")) {
    EXPECT_THAT(cell.at("reason").get<std::string>(), HasSubstr(in_tree("libsmall.so.1").string()));
    EXPECT_THAT(cell.at("reason").get<std::string>(), Not(HasSubstr("subjects/")));
  }
}

TEST_F(Finding, another_way_to_strip_stands_in_the_report) {
  fs::create_directories(path("bin"));
  std::ofstream(path("bin/eu-strip")) << "#!/bin/sh\necho 'eu-strip: illformed file' >&2\nexit 1\n";
  fs::permissions(path("bin/eu-strip"), fs::perms::owner_all);
  const std::string before = std::getenv("PATH");
  setenv("PATH", (path("bin").string() + ":" + before).c_str(), 1);
  const ProgramEnd end = check({path("libsmall.so.1")});
  setenv("PATH", before.c_str(), 1);
  EXPECT_EQ(end.status, 0) << end.errors;
  const std::string note = path("libsmall.so.1").string() +
                           ": eu-strip failed: eu-strip: illformed file; stripped with objcopy "
                           "instead";
  EXPECT_THAT(read_result_json(path("out")).at("subjects").at(0).at("notes"),
              testing::ElementsAre(note));
  EXPECT_THAT(end.output, HasSubstr("stripped with objcopy"));
  EXPECT_EQ(outcomes("same"), 1U);
}

// Object files, as kernel modules are: several sections of code, relocated DWARF, .modinfo.
class ObjectFiles : public Finding {
 protected:
  ObjectFiles() {
    std::ofstream(path("one.c"))
        << "struct thing { int a; char *b; };\n"
           "static int counter;\n"
           "int module_add(int a, long b) { counter += a; return counter + (int)b; }\n"
           "char *module_name(struct thing *t) { return t->b; }\n"
           "__attribute__((section(\".modinfo\"), used)) static const char license[] = "
           "\"license=GPL\";\n";
    std::ofstream(path("two.c")) << "enum kind { first, second = 7 };\n"
                                    "int (*module_hook)(int);\n"
                                    "enum kind module_kind(unsigned char c) { return module_hook "
                                    "? module_hook(c) : second; }\n";
    for (const char* name : {"one", "two"})
      run({"gcc", "-g", "-O1", "-ffunction-sections", "-c", "-o", path(std::string(name) + ".o"),
           path(std::string(name) + ".c")});
    run({"ld", "-r", "--build-id=sha1", "-o", path("module.ko"), path("one.o"), path("two.o")});
  }
  // Without the first line, which names the file.
  std::string shown(const fs::path& file, const char* name) const {
    const std::string output = splitstrip_program({"types", file, name}).output;
    return output.substr(std::min(output.find('\n'), output.size()));
  }
};

TEST_F(ObjectFiles, a_kernel_module_is_checked_by_those_who_read_it) {
  std::vector<std::string> words{"check", path("module.ko"), "--output", path("out")};
  for (const char* consumer : {"gdb", "libdw", "pahole", "binutils", "llvm", "eu-stack", "abidiff"})
    words.insert(words.end(), {"--consumer", consumer});
  const ProgramEnd end = splitstrip_program(words);
  EXPECT_EQ(end.status, 0) << end.errors << end.output;
  const auto result = read_result_json(path("out"));
  EXPECT_EQ(result.at("subjects").at(0).at("typedata").at("exported"), 4);
  EXPECT_EQ(result.at("subjects").at(0).at("typedata").at("typed"), 4);
  for (const auto& [consumer, query] : {std::pair("gdb", "types"),
                                        {"gdb", "functions"},
                                        {"gdb", "lines"},
                                        {"libdw", "dies"},
                                        {"libdw", "line-tables"},
                                        {"pahole", "types"},
                                        {"binutils", "units"},
                                        {"llvm", "statistics"}})
    for (const auto& cell : cells_with(result, {{"consumer", consumer}, {"query", query}})) {
      // What is not installed here is unavailable, and says so.
      if (cell.at("reason").get<std::string>().find("not found") != std::string::npos) continue;
      EXPECT_EQ(cell.at("outcome"), "same") << show(cell);
      EXPECT_GT(cell.at("evidence"), 0) << show(cell);
    }
  for (const char* consumer : {"eu-stack", "abidiff"})
    for (const auto& cell : cells_with(result, {{"consumer", consumer}}))
      EXPECT_EQ(cell.at("outcome"), "unavailable") << show(cell);
}

TEST_F(ObjectFiles, the_types_that_are_kept_are_those_that_gdb_tells) {
  ProgramEnd end = splitstrip_program({"split", path("module.ko"), "-o", path("pair")});
  ASSERT_EQ(end.status, 0) << end.errors;
  EXPECT_THAT(end.output, HasSubstr("3 of 3 exported functions typed, 1 of 1 objects"));
  const std::string told =
      run({"gdb", "-nx", "-batch", "-ex", "ptype module_name", "-ex", "ptype module_kind", "-ex",
           "ptype module_hook", path("module.ko")});
  EXPECT_THAT(told, AllOf(HasSubstr("type = char *(struct thing *)"),
                          HasSubstr("type = enum kind {first, second = 7} (unsigned char)"),
                          HasSubstr("type = int (*)(int)")));
  EXPECT_THAT(shown(path("pair/module.ko"), "module_name"),
              HasSubstr("char *module_name(struct thing *t);"));
  EXPECT_THAT(shown(path("pair/module.ko"), "module_kind"),
              AllOf(HasSubstr("enum kind module_kind(unsigned char c);"), HasSubstr("second = 7")));
  EXPECT_THAT(shown(path("pair/module.ko"), "module_hook"), HasSubstr("int (*module_hook)(int);"));

  // Stripped already: the same is embedded, and the pair can be checked again.
  run({"eu-strip", "-f", path("module.debug"), "-o", path("stripped.ko"), path("module.ko")});
  end = splitstrip_program(
      {"embed", path("stripped.ko"), "--debug", path("module.debug"), "-o", path("typed.ko")});
  EXPECT_EQ(end.status, 0) << end.errors;
  EXPECT_EQ(shown(path("typed.ko"), "module_kind"), shown(path("pair/module.ko"), "module_kind"));
  end = check({path("stripped.ko"), "--debug", path("module.debug")});
  EXPECT_EQ(end.status, 0) << end.errors << end.output;
  EXPECT_EQ(outcomes("same"), 1U);
}

TEST_F(ObjectFiles, one_without_a_build_id_is_checked_as_a_copy_with_one) {
  const ProgramEnd end = check({path("one.o")});
  EXPECT_EQ(end.status, 0) << end.errors << end.output;
  EXPECT_THAT(end.errors, HasSubstr("one.o: is an object file without a build-id"));
  EXPECT_EQ(outcomes("same"), 1U);
  EXPECT_THAT(
      splitstrip_program({"cores", path("one.o"), "-o", path("cores")}).errors,
      AllOf(HasSubstr(path("one.o").string() + ": is an object file"), Not(HasSubstr("subjects"))));
}

// Packages as distributions built them: their debug files, and dwz's common files, lie in trees
// that no system has.
class RealPackages : public Finding {
 protected:
  // A tree of all packages whose names begin so; nothing where they are not here.
  std::optional<fs::path> unpacked(const std::string& prefix) const {
    if (!program_exists("bsdtar")) return std::nullopt;
    bool any = false;
    const fs::path tree = path("unpacked-" + prefix);
    fs::create_directories(tree);
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(SPLITSTRIP_RPMS, none)) {
      const std::string name = entry.path().filename();
      if (!name.starts_with(prefix) || entry.path().extension() != ".rpm") continue;
      run({"bsdtar", "-xf", entry.path(), "-C", tree});
      any = true;
    }
    return any ? std::optional(tree) : std::nullopt;
  }
};

struct Package {
  const char* prefix;
  std::vector<const char*> libraries;
};

class EachPackage : public RealPackages, public testing::WithParamInterface<Package> {};

TEST_P(EachPackage, is_checked_and_embedded_in_its_tree) {
  const Package& package = GetParam();
  const auto tree = unpacked(package.prefix);
  if (!tree)
    GTEST_SKIP() << "SKIPPED: no " << package.prefix << "*.rpm in " << SPLITSTRIP_RPMS
                 << ", or no bsdtar";
  for (const char* name : package.libraries) {
    SCOPED_TRACE(name);
    ProgramEnd end = check({*tree / name, "--sysroot", *tree});
    EXPECT_EQ(end.status, 0) << end.errors << end.output;
    EXPECT_EQ(outcomes("same"), 1U) << end.output;
    end = splitstrip_program({"embed", *tree / name, "--sysroot", *tree, "-o", path("typed.so")});
    EXPECT_EQ(end.status, 0) << end.errors;
    EXPECT_THAT(end.output, HasSubstr("typed"));
  }
}

INSTANTIATE_TEST_SUITE_P(, EachPackage,
                         testing::Values(Package{"elfutils", {"usr/lib64/libasm.so.1"}},
                                         Package{"cogl", {"usr/lib64/libcogl-path.so.20"}},
                                         Package{"dbus-glib", {"usr/lib/libdbus-glib-1.so.2"}},
                                         Package{"gmp", {"usr/lib64/libmp.so.3"}}),
                         [](const auto& one) {
                           std::string name = one.param.prefix;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_F(RealPackages, a_common_file_that_no_package_brought_is_named) {
  const auto tree = unpacked("poppler-qt5");
  if (!tree) GTEST_SKIP() << "SKIPPED: no poppler-qt5*.rpm in " << SPLITSTRIP_RPMS;
  const std::string library = *tree / "usr/lib64/libpoppler-qt5.so.1";
  const ProgramEnd end = check({library, "--sysroot", *tree});
  EXPECT_EQ(end.status, 2);
  EXPECT_THAT(end.errors, AllOf(HasSubstr(".dwz/poppler-0.73.0-8.fc30.x86_64 (dwz), which is "
                                          "missing; unpack to "),
                                Not(HasSubstr("subjects/"))));
}

}  // namespace
}  // namespace splitstrip
