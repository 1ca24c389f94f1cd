// What was laid is what independent unwinders find: gdb's and elfutils'.
#include "synth/synthetic_cores.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elf/test_library.h"
#include "facts/atomic_file.h"
#include "synth/architectures.h"
#include "synth/call_sites.h"
#include "synth/process_image.h"
#include "synth/test_sources.h"

namespace splitstrip {
namespace {

namespace fs = std::filesystem;
using namespace testing_support;
using namespace synth;
using testing::ElementsAre;
using testing::HasSubstr;

using Addresses = std::vector<std::uint64_t>;
using Threads = std::map<int, Addresses>;  // by thread id, innermost frame first

class SyntheticCoresTest : public testing::Test {
 protected:
  fs::path built(const std::string& name, const std::vector<std::string>& flags = {}) {
    const fs::path file = scratch_.path() / name;
    build_library(file, many_frames, flags);
    return file;
  }
  fs::path cores_of(const fs::path& library, const SyntheticCores::Options& options = {}) {
    const auto made = SyntheticCores::of(library, options);
    coverage_ = made.coverage();
    const fs::path directory = scratch_.path() / "cores" / std::to_string(++count_);
    files_ = made.write(library, library, directory, directory);
    return directory;
  }

  ScratchDirectory scratch_;
  Coverage coverage_;
  std::vector<fs::path> files_;
  int count_ = 0;
};

// What the list of frames says of one core.
Threads expected(const fs::path& directory, const fs::path& core) {
  Threads threads;
  std::ifstream list(directory / SyntheticCores::list_name);
  std::string file, place, kind;
  int thread = 0, level = 0;
  while (list >> file >> thread >> level >> place >> kind)
    if (file == core.filename()) threads[thread].push_back(std::stoull(place, nullptr, 16));
  return threads;
}

// "THREAD ADDRESS" a line, of frames that are not inlined; up to a return address of 0.
Threads parse(const std::string& text) {
  Threads threads;
  std::istringstream in(text);
  int thread = 0;
  std::string address;
  while (in >> thread >> address) {
    const std::uint64_t pc = std::stoull(address, nullptr, 16);
    if (pc >= library_base) threads[thread].push_back(pc - library_base);
  }
  return threads;
}

Threads seen_by_gdb(const fs::path& directory, const fs::path& core, const char* gdb = "gdb") {
  const fs::path script = directory / "walk.py";
  write_file(script, R"(
import gdb
for thread in gdb.selected_inferior().threads():
    thread.switch()
    frame = gdb.newest_frame()
    while frame is not None:
        if frame.type() != gdb.INLINE_FRAME:
            print("%d 0x%x" % (thread.ptid[1], frame.pc()))
        try:
            frame = frame.older()
        except gdb.error:
            frame = None
)");
  std::string text = run({gdb, "-nx", "-nh", "-batch", "-q", "-iex", "set debuginfod enabled off",
                          "-iex", "set print thread-events off", (directory / "process").string(),
                          core.string(), "-x", script.string()});
  // gdb speaks of the core before the script does.
  std::string lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && std::isdigit(static_cast<unsigned char>(line[0])) &&
        line.find(" 0x") == line.find(' ') && line.find(' ', line.find(" 0x") + 1) == line.npos)
      lines += line + "\n";
  return parse(lines);
}

Threads seen_by_elfutils(const fs::path& directory, const fs::path& core) {
  // Its exit status is 1 where the last frame has no CFI.
  const std::string text = run({"sh", "-c", "eu-stack --core=\"$1\" --executable=\"$2\" 2>&1; true",
                                "sh", core.string(), (directory / "process").string()});
  std::string lines, thread;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string first, address;
    words >> first >> address;
    if (first == "TID") thread = address.substr(0, address.find(':'));
    if (first.starts_with('#')) lines += thread + " " + address + "\n";
  }
  return parse(lines);
}

TEST_F(SyntheticCoresTest, two_unwinders_find_the_very_frames_that_were_laid) {
  for (const auto& flags : std::vector<std::vector<std::string>>{
           {}, {"-O0"}, {"-fno-omit-frame-pointer"}, {"-Os", "-fcf-protection=none"}}) {
    const auto library = built("libframes.so", flags);
    SyntheticCores::Options options;
    options.stacks.frames_per_stack = 7;
    options.threads_per_core = 3;
    const auto directory = cores_of(library, options);
    EXPECT_EQ(coverage_.covered, coverage_.calls);
    EXPECT_GT(coverage_.calls, 15U);
    EXPECT_GT(files_.size(), 1U);
    for (const auto& core : files_) {
      const Threads laid = expected(directory, core);
      EXPECT_EQ(seen_by_gdb(directory, core), laid) << core;
      EXPECT_EQ(seen_by_elfutils(directory, core), laid) << core;
    }
  }
}

TEST_F(SyntheticCoresTest, every_call_is_in_a_stack_once_however_they_are_divided) {
  const auto library = built("libframes.so");
  const auto calls = find_calls(ElfFile::open(library), x86_64());
  const auto places = [&](std::size_t threads) {
    SyntheticCores::Options options;
    options.threads_per_core = threads;
    const auto directory = cores_of(library, options);
    std::multiset<std::string> all;
    std::ifstream list(directory / SyntheticCores::list_name);
    std::string core, thread, level, place, kind;
    while (list >> core >> thread >> level >> place >> kind)
      all.insert(thread + " " + level + " " + place + " " + kind);
    return all;
  };
  EXPECT_EQ(places(1), places(100));

  std::multiset<std::uint64_t> wanted, laid;
  for (const Call& call : calls) wanted.insert(call.returns_to);
  const auto cores = SyntheticCores::of(library);
  for (const Stack& stack : cores.stacks())
    for (const Frame& frame : stack.frames)
      if (frame.kind != Frame::Kind::top) laid.insert(frame.address);
  EXPECT_EQ(laid, wanted);
}

TEST_F(SyntheticCoresTest, only_start_up_code_has_to_be_outermost) {
  cores_of(built("libframes.so"));
  for (std::size_t i = 0; i < obstacle_count; ++i) {
    const auto obstacle = static_cast<Obstacle>(i);
    if (obstacle == Obstacle::no_cfi) continue;
    EXPECT_EQ(coverage_.outermost[i], 0U) << to_string(obstacle);
  }
  EXPECT_LE(coverage_.outermost[static_cast<std::size_t>(Obstacle::no_cfi)], 3U);
}

// What gdb reads at `address` of a core, as "0x..." words of eight bytes.
std::string memory_in_gdb(const fs::path& directory, const fs::path& core, std::uint64_t address,
                          int words) {
  const std::string text =
      run({"gdb", "-nx", "-nh", "-batch", "-q", "-iex", "set debuginfod enabled off",
           (directory / "process").string(), core.string(), "-ex",
           "x/" + std::to_string(words) + "gx " + std::to_string(address)});
  std::string found;
  std::istringstream in(text.substr(text.rfind('\n', text.find(":\t")) + 1));
  for (std::string word; in >> word;)
    if (word.starts_with("0x") && word.back() != ':') found += word + " ";
  return found;
}

// A way to strip moves the section headers and has more or fewer of them; whoever follows a pointer
// to where the library's header is mapped must not see which way it was.
TEST_F(SyntheticCoresTest, are_the_same_bytes_whatever_sections_were_stripped) {
  const auto library = built("libframes.so");
  const auto made = SyntheticCores::of(library);
  const auto cores_with = [&](const char* name, const std::vector<std::string>& more) {
    const fs::path directory = scratch_.path() / name;
    fs::create_directory(directory);
    std::vector<std::string> strip{"objcopy", "--strip-all"};
    strip.insert(strip.end(), more.begin(), more.end());
    strip.insert(strip.end(), {library.string(), (directory / "main").string()});
    run(strip);
    made.write(directory / "main", "/lib/libframes.so", directory, "/cores");
    return directory;
  };
  const auto extra = scratch_.path() / "extra";
  write_file(extra, "more in the file, nothing in memory");
  const auto bare = cores_with("bare", {});
  const auto more = cores_with("more", {"--add-section", ".gnu_typedata=" + extra.string()});
  const ElfFile one = ElfFile::open(bare / "main"), two = ElfFile::open(more / "main");
  ASSERT_NE(one.header().e_shnum, two.header().e_shnum);
  ASSERT_NE(one.header().e_shstrndx, two.header().e_shstrndx);
  ASSERT_NE(one.header().e_shoff, two.header().e_shoff);
  for (const auto& name : made.core_names())
    EXPECT_EQ(file_bytes(bare / name), file_bytes(more / name)) << name;
  // "\177ELF", 64 bits, little-endian, version 1; e_shoff; the fields behind e_phnum.
  const auto core = bare / made.core_names().front();
  EXPECT_EQ(memory_in_gdb(bare, core, library_base, 1), "0x00010102464c457f ");
  EXPECT_EQ(memory_in_gdb(bare, core, library_base + 40, 1), "0x0000000000000000 ");
  const std::string last = memory_in_gdb(bare, core, library_base + 56, 1);
  EXPECT_EQ(std::stoull(last, nullptr, 16), one.header().e_phnum);
}

TEST_F(SyntheticCoresTest, all_addresses_on_request) {
  const auto library = built("libframes.so");
  SyntheticCores::Options options;
  cores_of(library, options);
  EXPECT_LT(coverage_.tops, coverage_.changes);
  options.stacks.all_addresses = true;
  cores_of(library, options);
  EXPECT_EQ(coverage_.tops, coverage_.changes);
}

TEST_F(SyntheticCoresTest, finds_the_calls_that_objdump_finds) {
  const auto library = built("libframes.so");
  const std::string text =
      run({"objdump", "-d", "-j", ".text", "--no-show-raw-insn", library.string()});
  Addresses independent;
  bool call = false;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const auto colon = line.find(":\t");
    if (colon == std::string::npos) continue;
    if (call) independent.push_back(std::stoull(line.substr(0, colon), nullptr, 16));
    call = line.compare(colon + 2, 5, "call ") == 0;
  }
  Addresses found;
  for (const Call& one : find_calls(ElfFile::open(library), x86_64()))
    found.push_back(one.returns_to);
  // Where the last instruction of all is a call, objdump shows nothing behind it.
  if (found.size() > independent.size()) found.pop_back();
  EXPECT_EQ(found, independent);
}

TEST_F(SyntheticCoresTest, aarch64_likewise) {
  std::error_code none;
  if (!fs::exists("/usr/bin/aarch64-linux-gnu-gcc", none) ||
      !fs::exists("/usr/bin/gdb-multiarch", none))
    GTEST_SKIP() << "needs aarch64-linux-gnu-gcc and gdb-multiarch";
  const fs::path library = scratch_.path() / "libarm.so";
  write_file(scratch_.path() / "libarm.c", many_frames);
  run({"aarch64-linux-gnu-gcc", "-g", "-O2", "-fPIC", "-shared", "-Wl,--build-id=sha1", "-o",
       library.string(), (scratch_.path() / "libarm.c").string()});
  const auto directory = cores_of(library);
  EXPECT_EQ(coverage_.covered, coverage_.calls);
  EXPECT_GT(coverage_.calls, 15U);
  for (const auto& core : files_) {
    const Threads laid = expected(directory, core);
    EXPECT_EQ(seen_by_gdb(directory, core, "gdb-multiarch"), laid);
    EXPECT_EQ(seen_by_elfutils(directory, core), laid);
  }
}

TEST_F(SyntheticCoresTest, says_in_one_line_why_there_are_none) {
  const auto why = [](const fs::path& file) {
    return message_of([&] { SyntheticCores::of(file); });
  };
  const auto library = built("libframes.so");
  const fs::path bare = scratch_.path() / "libbare.so";
  run({"objcopy", "--remove-section=.eh_frame", "--remove-section=.eh_frame_hdr", library.string(),
       bare.string()});
  EXPECT_THAT(why(bare), HasSubstr("libbare.so: has no .eh_frame"));

  auto bytes = file_bytes(library);
  bytes[18] = std::byte{EM_S390};
  write_bytes(scratch_.path() / "libother.so", bytes);
  EXPECT_THAT(why(scratch_.path() / "libother.so"), HasSubstr("can be made for x86_64, aarch64"));

  EXPECT_THAT(why(library.string() + ".c"), HasSubstr("libframes.so.c"));
}

}  // namespace
}  // namespace splitstrip
