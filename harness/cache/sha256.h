// SHA-256 (FIPS 180-4) of text and files: the names under which a cache keeps things.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace splitstrip {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;

  void add(std::string_view bytes);
  // Adds the bytes of a regular file. Throws Error if they cannot be read.
  void add_file(const std::filesystem::path& file);

  // 64 lower-case hex digits. Call once, last.
  std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::string sha256(std::string_view bytes);
std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace splitstrip
