// Libraries as they are loaded: copies, files that went away or changed, what is no file at all.
#include <array>
#include <fstream>
#include <thread>

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "elf/elf_edit.h"
#include "elf/identity.h"
#include "elf/test_library.h"
#include "typedata/library/typed_library.h"
#include "typedata/library/typedata.h"

namespace splitstrip {
namespace {

using namespace testing_support;

const char* const source = R"(
struct pair { int a; long b; };
int counter;
int add(int a, long b) { return a + (int)b + counter; }
int same(int a, long b) __attribute__((alias("add")));
long sum(const struct pair *pair) { return pair->a + pair->b; }
)";

class Loaded : public testing::Test {
 protected:
  ~Loaded() override {
    typedata_close(types_);
    for (void* handle : handles_) dlclose(handle);
  }
  void* load(const std::filesystem::path& path) {
    handles_.push_back(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL));
    EXPECT_NE(handles_.back(), nullptr) << dlerror();
    return dlsym(handles_.back(), "add");
  }
  typedata_status open(const void* address, unsigned flags = 0) {
    typedata_close(types_);
    return typedata_open_loaded(address, flags, &types_, &error_);
  }
  std::string message() const { return error_.message; }

  ScratchDirectory scratch_;
  typedata* types_ = nullptr;
  typedata_error error_{};
  std::vector<void*> handles_;
};

TEST_F(Loaded, each_copy_has_its_own_addresses) {
  const auto main = with_typedata(scratch_.path(), source);
  void* one = load(main);
  void* const space = dlmopen(LM_ID_NEWLM, main.c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(space, nullptr) << dlerror();
  handles_.push_back(space);
  void* other = dlsym(space, "add");
  ASSERT_NE(one, other);
  EXPECT_NE(typedata_module(one), typedata_module(other));
  EXPECT_EQ(typedata_module(one), typedata_module(dlsym(handles_[0], "counter")));
  ASSERT_EQ(open(other), TYPEDATA_OK) << message();
  EXPECT_NE(typedata_function_at(types_, other, nullptr), TYPEDATA_NONE);
  EXPECT_EQ(typedata_function_at(types_, one, nullptr), TYPEDATA_NONE);
}

TEST_F(Loaded, a_file_that_went_away_or_changed_is_said_to_be_replaced) {
  const auto main = with_typedata(scratch_.path(), source);
  const auto other = with_typedata(scratch_.path(), std::string(source) + "int more;", "other.so");
  void* add = load(main);
  std::filesystem::remove(main);
  EXPECT_EQ(open(add), TYPEDATA_UNREADABLE);
  EXPECT_THAT(message(), testing::HasSubstr("No such file"));
  std::filesystem::copy_file(other, main);
  EXPECT_EQ(open(add), TYPEDATA_REPLACED);
  EXPECT_THAT(message(), testing::HasSubstr("another one than was loaded"));
}

TEST_F(Loaded, a_file_that_is_renamed_is_found_by_its_mapping) {
  const auto main = with_typedata(scratch_.path(), source);
  void* add = load(main);
  std::filesystem::rename(main, scratch_.path() / "elsewhere.so");
  EXPECT_EQ(open(add), TYPEDATA_OK) << message();
}

TEST_F(Loaded, without_a_build_id_the_headers_tell) {
  const auto main = with_typedata(scratch_.path(), source, "lib.so", {"-Wl,--build-id=none"});
  const auto other = with_typedata(scratch_.path(), std::string(source) + "int more;", "other.so",
                                   {"-Wl,--build-id=none"});
  void* add = load(main);
  EXPECT_EQ(open(add), TYPEDATA_OK) << message();
  std::filesystem::remove(main);
  std::filesystem::copy_file(other, main);
  EXPECT_EQ(open(add), TYPEDATA_REPLACED);
}

TEST_F(Loaded, a_section_of_another_build_is_foreign) {
  const auto main = with_typedata(scratch_.path(), source);
  const auto other = with_typedata(scratch_.path(), std::string(source) + "int more;", "other.so");
  const auto mixed = scratch_.path() / "mixed.so";
  {
    const ElfFile own = ElfFile::open(main);
    const ElfFile from = ElfFile::open(other);
    ElfEdit edit(own);
    edit.put_section({.name = ".gnu_typedata", .bytes = from.raw(*from.section(".gnu_typedata"))});
    edit.write(mixed);
  }
  EXPECT_EQ(typedata_open(mixed.c_str(), 0, &types_, &error_), TYPEDATA_FOREIGN);
  EXPECT_THAT(message(), testing::HasSubstr("is of another build"));
}

TEST_F(Loaded, what_cannot_be_read_is_said_to_be_so) {
  const auto path = scratch_.path() / "file";
  const auto status = [&] { return typedata_open(path.c_str(), 0, &types_, &error_); };
  EXPECT_EQ(status(), TYPEDATA_UNREADABLE);
  std::ofstream(path) << "#!/bin/sh\n";
  EXPECT_EQ(status(), TYPEDATA_UNREADABLE);
  EXPECT_THAT(message(), testing::HasSubstr("no ELF file"));
  EXPECT_EQ(types_, nullptr);
  EXPECT_EQ(typedata_open("/dev/zero", 0, &types_, nullptr), TYPEDATA_UNREADABLE);
  EXPECT_EQ(typedata_open("/", 0, &types_, nullptr), TYPEDATA_UNREADABLE);
  std::filesystem::permissions(path, std::filesystem::perms::none);
  if (::geteuid() != 0) {
    EXPECT_EQ(status(), TYPEDATA_UNREADABLE);
    EXPECT_THAT(message(), testing::HasSubstr("Permission denied"));
  }
}

TEST_F(Loaded, truncated_sections_are_damaged) {
  const auto main = with_typedata(scratch_.path(), source);
  const auto cut = scratch_.path() / "cut.so";
  const ElfFile own = ElfFile::open(main);
  const auto packed = own.raw(*own.section(".gnu_typedata"));
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{5}, packed.size() / 2, packed.size() - 1}) {
    ElfEdit edit(own);
    edit.put_section({.name = ".gnu_typedata", .bytes = packed.first(size)});
    edit.write(cut);
    EXPECT_EQ(typedata_open(cut.c_str(), 0, &types_, &error_), TYPEDATA_DAMAGED) << size;
  }
}

TEST_F(Loaded, what_is_no_library_is_told_apart) {
  int local = 0;
  EXPECT_EQ(open(&local), TYPEDATA_NOT_LOADED);
  EXPECT_EQ(open(nullptr), TYPEDATA_NOT_LOADED);
  EXPECT_EQ(typedata_module(&local), 0U);
  // The program itself, which carries none.
  EXPECT_EQ(open(reinterpret_cast<const void*>(&getauxval)), TYPEDATA_ABSENT) << message();
  EXPECT_EQ(open(reinterpret_cast<const void*>(getauxval(AT_ENTRY))), TYPEDATA_ABSENT) << message();
  EXPECT_THAT(message(), testing::HasSubstr("typedata_library_test"));
  if (getauxval(AT_SYSINFO_EHDR) != 0) {
    const typedata_status vdso = open(reinterpret_cast<const void*>(getauxval(AT_SYSINFO_EHDR)));
    EXPECT_TRUE(vdso == TYPEDATA_ABSENT || vdso == TYPEDATA_NOT_LOADED) << vdso;
  }
}

TEST_F(Loaded, aliases_are_found_by_name_and_address) {
  const auto main = with_typedata(scratch_.path(), source);
  void* add = load(main);
  ASSERT_EQ(open(add), TYPEDATA_OK);
  EXPECT_NE(typedata_find_function(types_, "same"), TYPEDATA_NONE);
  const char* symbol = nullptr;
  EXPECT_NE(typedata_function_at(types_, add, &symbol), TYPEDATA_NONE);
  EXPECT_THAT(symbol, testing::AnyOf(testing::StrEq("add"), testing::StrEq("same")));
}

TEST_F(Loaded, after_unloading_nothing_is_at_its_addresses) {
  const auto main = with_typedata(scratch_.path(), source);
  void* add = load(main);
  ASSERT_EQ(open(add), TYPEDATA_OK);
  dlclose(handles_.back());
  handles_.clear();
  EXPECT_EQ(typedata_function_at(types_, add, nullptr), TYPEDATA_NONE);
  EXPECT_NE(typedata_find_function(types_, "add"), TYPEDATA_NONE);
}

TEST_F(Loaded, debuginfo_stands_in_for_the_section) {
  const auto whole = scratch_.path() / "whole.so";
  build_library(whole, source);
  ASSERT_EQ(typedata_open(whole.c_str(), 0, &types_, &error_), TYPEDATA_ABSENT);
  ASSERT_EQ(typedata_open(whole.c_str(), TYPEDATA_OR_DEBUGINFO, &types_, &error_), TYPEDATA_OK)
      << message();
  EXPECT_NE(typedata_find_function(types_, "sum"), TYPEDATA_NONE);
  typedata_close(types_);
  // Stripped, with its debug file in a root of its own.
  const auto main = scratch_.path() / "main.so";
  run({"strip", "-o", main.string(), whole.string()});
  const ElfFile elf = ElfFile::open(whole);
  const std::string id = build_id(elf)->hex();
  const auto debug = scratch_.path() / "root" / build_id_file(id);
  std::filesystem::create_directories(debug.parent_path());
  run({"objcopy", "--only-keep-debug", whole.string(), debug.string()});
  ASSERT_EQ(typedata_open(main.c_str(), TYPEDATA_OR_DEBUGINFO, &types_, &error_), TYPEDATA_ABSENT);
  EXPECT_THAT(message(), testing::HasSubstr("nor is its debuginfo installed"));
  setenv("TYPEDATA_DEBUG_ROOT", (scratch_.path() / "root").c_str(), 1);
  EXPECT_EQ(typedata_open(main.c_str(), TYPEDATA_OR_DEBUGINFO, &types_, &error_), TYPEDATA_OK)
      << message();
  unsetenv("TYPEDATA_DEBUG_ROOT");
  EXPECT_NE(typedata_find_function(types_, "sum"), TYPEDATA_NONE);
}

TEST_F(Loaded, threads_ask_one_and_the_same) {
  const auto main = with_typedata(scratch_.path(), source);
  void* add = load(main);
  ASSERT_EQ(open(add), TYPEDATA_OK);
  const typedata_type expected = typedata_find_function(types_, "add");
  std::vector<std::thread> threads;
  std::array<int, 8> wrong{};
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 500; ++round) {
        char text[64];
        char words[64];
        typedata_info info;
        const bool right =
            typedata_function_at(types_, add, nullptr) == expected &&
            typedata_print(types_, expected, "add", text, sizeof text) == 26 &&
            typedata_describe(types_, typedata_find_type(types_, "pair"), &info) &&
            info.count == 2 &&
            typedata_compare(types_, expected, types_, typedata_find_function(types_, "sum"), 0,
                             words, sizeof words) == TYPEDATA_HARMFUL;
        typedata* another = nullptr;
        const bool opened =
            round % 50 != 0 || typedata_open_loaded(add, 0, &another, nullptr) == TYPEDATA_OK;
        typedata_close(another);
        wrong[i] += right && opened ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(wrong, testing::Each(0));
}

}  // namespace
}  // namespace splitstrip
