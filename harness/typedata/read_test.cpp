#include "typedata/read.h"

#include <cstddef>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lzma.h>
#include <zstd.h>

#include "elf/test_library.h"
#include "facts/error.h"
#include "typedata/types.h"

namespace splitstrip {
namespace {

using namespace testing_support;
using Bytes = std::vector<std::byte>;

Bytes zstd(const Bytes& plain) {
  Bytes packed(ZSTD_compressBound(plain.size()));
  packed.resize(ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), 19));
  return packed;
}

Bytes xz(const Bytes& plain) {
  Bytes packed(lzma_stream_buffer_bound(plain.size()));
  std::size_t size = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(
                6, LZMA_CHECK_CRC32, nullptr, reinterpret_cast<const std::uint8_t*>(plain.data()),
                plain.size(), reinterpret_cast<std::uint8_t*>(packed.data()), &size, packed.size()),
            LZMA_OK);
  packed.resize(size);
  return packed;
}

Bytes text(std::string_view characters) {
  Bytes bytes(characters.size());
  std::memcpy(bytes.data(), characters.data(), characters.size());
  return bytes;
}

std::string why(const Bytes& packed, const UnpackLimits& limits = {}) {
  return message_of([&] { unpack_typedata(packed, "file: its .gnu_typedata", limits); });
}

TEST(Unpack, BothFormatsByTheirMagic) {
  const Bytes plain = text("some types");
  EXPECT_EQ(unpack_typedata(zstd(plain), ""), plain);
  EXPECT_EQ(unpack_typedata(xz(plain), ""), plain);
}

TEST(Unpack, DamageIsNamed) {
  const Bytes plain = text("some types, and more of them, and then some");
  EXPECT_THAT(why(plain), testing::HasSubstr("neither a zstd nor an xz stream"));
  EXPECT_THAT(why({}), testing::StartsWith("file: its .gnu_typedata cannot be unpacked"));
  for (const Bytes& packed : {zstd(plain), xz(plain)}) {
    for (std::size_t size = 8; size < packed.size(); ++size) {
      EXPECT_NE(why({packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size)}), "")
          << size;
    }
    Bytes longer = packed;
    longer.resize(packed.size() + 4, std::byte{1});
    EXPECT_THAT(why(longer), testing::HasSubstr("cannot be unpacked"));
  }
}

TEST(Unpack, BombsStopAtTheLimits) {
  const Bytes plain(16 << 20);
  for (const Bytes& packed : {zstd(plain), xz(plain)}) {
    EXPECT_LT(packed.size(), 16U << 10);
    EXPECT_THAT(why(packed), testing::HasSubstr("which no honest one does"));
    EXPECT_THAT(why(packed, {.size = 1 << 20, .ratio = 1 << 30}),
                testing::HasSubstr("more than 1048576 bytes"));
    EXPECT_EQ(why(packed, {.size = 16 << 20, .ratio = 1 << 30}), "");
  }
}

class Main : public testing::Test {
 protected:
  std::filesystem::path make(const std::string& name, const std::vector<std::string>& flags = {}) {
    const auto path = scratch_.path() / name;
    build_library(path, small_source, flags);
    return path;
  }

  // A copy of `file` with `content` as its .gnu_typedata.
  std::filesystem::path with_section(const std::filesystem::path& file, const Bytes& content) {
    const auto section = scratch_.path() / "section";
    write_bytes(section, content);
    const auto path = scratch_.path() / "main.so";
    run({"objcopy", "--add-section", ".gnu_typedata=" + section.string(), file.string(),
         path.string()});
    return path;
  }

  std::string why_not(const std::filesystem::path& file) {
    return message_of([&] { open_typedata(ElfFile::open(file)); });
  }

  ScratchDirectory scratch_;
};

TEST_F(Main, HandsOutTheObject) {
  const auto library = make("lib.so");
  const auto main = with_section(library, zstd(file_bytes(library)));
  EXPECT_EQ(open_typedata(ElfFile::open(main)).bytes().size(), file_bytes(library).size());
  const auto out = scratch_.path() / "out";
  std::ostringstream output;
  show_types(main, {.extract = out}, output);
  EXPECT_EQ(file_bytes(out), file_bytes(library));
  EXPECT_EQ(output.str(), "");
}

TEST_F(Main, SaysWhatToDoWithoutTheSection) {
  const auto library = make("lib.so");
  EXPECT_THAT(why_not(library),
              testing::HasSubstr("carries no .gnu_typedata: add it with 'splitstrip embed"));
}

TEST_F(Main, DebugFilesHaveNoContent) {
  const auto library = make("lib.so");
  const auto main = with_section(library, zstd(file_bytes(library)));
  Bytes bytes = file_bytes(main);
  const ElfFile elf = ElfFile::open(main);
  const std::size_t header =
      elf.header().e_shoff + elf.section(".gnu_typedata")->index * sizeof(Elf64_Shdr);
  bytes[header + offsetof(Elf64_Shdr, sh_type)] = std::byte{SHT_NOBITS};
  write_bytes(scratch_.path() / "lib.debug", bytes);
  EXPECT_THAT(why_not(scratch_.path() / "lib.debug"),
              testing::HasSubstr("name the library itself"));
}

TEST_F(Main, RefusesAnotherLibrarysTypes) {
  const auto library = make("lib.so");
  const auto other = make("other.so", {"-O1"});
  EXPECT_THAT(why_not(with_section(library, zstd(file_bytes(other)))),
              testing::HasSubstr("is of another build"));
  EXPECT_THAT(why_not(with_section(library, zstd(text("not an ELF")))),
              testing::HasSubstr("is not an ELF file"));
  Bytes foreign = file_bytes(library);
  foreign[18] = std::byte{183};  // e_machine: AArch64
  EXPECT_THAT(why_not(with_section(library, zstd(foreign))),
              testing::HasSubstr("for another machine"));
}

TEST_F(Main, RefusesAnObjectThatIsCompressedOnceMore) {
  const auto library = make("lib.so", {"-gz"});
  EXPECT_THAT(why_not(with_section(library, zstd(file_bytes(library)))),
              testing::HasSubstr("compressed once more"));
}

TEST_F(Main, ThreadLocalObjectsAreMarked) {
  const auto library = make("lib.so");
  std::ostringstream output;
  show_types(with_section(library, zstd(file_bytes(library))), {.names = {"exported_tls", "scale"}},
             output);
  EXPECT_EQ(output.str(),
            "/* main.so: 1 functions, 1 objects. */\n\n\nextern __thread long int exported_tls;\n\n"
            "int scale(int by);\n");
}

}  // namespace
}  // namespace splitstrip
