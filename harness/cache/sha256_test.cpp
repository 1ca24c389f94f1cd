#include "cache/sha256.h"

#include <gtest/gtest.h>

#include "facts/atomic_file.h"
#include "facts/error.h"
#include "run/scratch.h"

namespace splitstrip {
namespace {

// The examples of FIPS 180-4.
constexpr const char* of_nothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, agrees_with_the_standard) {
  EXPECT_EQ(sha256(""), of_nothing);
  EXPECT_EQ(sha256("abc"), of_abc);
}

TEST(Sha256, reads_files_and_pieces_alike) {
  const ScratchDirectory scratch{testing::TempDir()};
  const std::string large(300000, 'x');
  write_file(scratch.path() / "large", large);
  Sha256 pieces;
  pieces.add(std::string_view(large).substr(0, 1));
  pieces.add(std::string_view(large).substr(1));
  EXPECT_EQ(sha256_of_file(scratch.path() / "large"), pieces.hex());
  EXPECT_THROW(sha256_of_file(scratch.path() / "missing"), Error);
  EXPECT_THROW(sha256_of_file(scratch.path()), Error);
}

}  // namespace
}  // namespace splitstrip
