// A compressed stream of lines on disk: what fact files are made of.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace splitstrip {

struct FreeZstd {
  void operator()(ZSTD_CCtx_s* context) const;
  void operator()(ZSTD_DCtx_s* context) const;
};

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, CloseFile>;

// Writes lines; the file is whole only once close() returned.
class LineWriter {
 public:
  LineWriter(std::filesystem::path file, int level);
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  void write(std::string_view line);  // without its newline; throws Error
  void close();                       // throws Error

 private:
  void compress(bool end);

  std::filesystem::path path_;
  OpenFile file_;
  std::unique_ptr<ZSTD_CCtx_s, FreeZstd> context_;
  std::string plain_;
  std::vector<char> packed_;
};

class LineSource {
 public:
  explicit LineSource(const std::filesystem::path& file);  // throws Error
  LineSource(const LineSource&) = delete;
  LineSource& operator=(const LineSource&) = delete;

  // False at the end; `line` is valid until the next call. Throws Error on a damaged file.
  bool next(std::string_view& line);

 private:
  bool refill();

  std::filesystem::path path_;
  OpenFile file_;
  std::unique_ptr<ZSTD_DCtx_s, FreeZstd> context_;
  std::vector<char> packed_;
  std::size_t packed_at_ = 0, packed_size_ = 0;
  std::size_t pending_ = 1;  // what zstd still expects of the frame; 0 at its end
  std::string plain_;
  std::size_t plain_at_ = 0;
};

}  // namespace splitstrip
