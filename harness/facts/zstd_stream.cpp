#include "facts/zstd_stream.h"

#include <cerrno>
#include <cstring>

#include <zstd.h>

#include "facts/error.h"

namespace splitstrip {
namespace {

constexpr std::size_t block = std::size_t{128} << 10;

}  // namespace

void FreeZstd::operator()(ZSTD_CCtx_s* context) const {
  ZSTD_freeCCtx(context);
}
void FreeZstd::operator()(ZSTD_DCtx_s* context) const {
  ZSTD_freeDCtx(context);
}

LineWriter::LineWriter(std::filesystem::path file, int level)
    : path_(std::move(file)),
      file_(std::fopen(path_.c_str(), "wbe")),
      context_(ZSTD_createCCtx()),
      packed_(ZSTD_CStreamOutSize()) {
  if (!file_)
    throw Error::of("{}: cannot be written: {}; choose another --output", path_.string(),
                    std::strerror(errno));
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level);
}

void LineWriter::write(std::string_view line) {
  plain_ += line;
  plain_ += '\n';
  if (plain_.size() >= block) compress(false);
}

void LineWriter::compress(bool end) {
  ZSTD_inBuffer in{plain_.data(), plain_.size(), 0};
  while (true) {
    ZSTD_outBuffer out{packed_.data(), packed_.size(), 0};
    const auto left =
        ZSTD_compressStream2(context_.get(), &out, &in, end ? ZSTD_e_end : ZSTD_e_continue);
    if (ZSTD_isError(left))
      throw Error::of("{}: cannot be compressed: {}", path_.string(), ZSTD_getErrorName(left));
    if (std::fwrite(packed_.data(), 1, out.pos, file_.get()) != out.pos) {
      throw Error::of("{}: cannot be written: {}; make room or choose another --output",
                      path_.string(), std::strerror(errno));
    }
    if (end ? left == 0 : in.pos == in.size) break;
  }
  plain_.clear();
}

void LineWriter::close() {
  compress(true);
  if (std::fclose(file_.release()) != 0) {
    throw Error::of("{}: cannot be written: {}; make room or choose another --output",
                    path_.string(), std::strerror(errno));
  }
}

LineSource::LineSource(const std::filesystem::path& file)
    : path_(file),
      file_(std::fopen(path_.c_str(), "rbe")),
      context_(ZSTD_createDCtx()),
      packed_(ZSTD_DStreamInSize()) {
  if (!file_) throw Error::of("{}: cannot be read: {}", path_.string(), std::strerror(errno));
}

bool LineSource::refill() {
  plain_.erase(0, plain_at_);
  plain_at_ = 0;
  if (packed_at_ == packed_size_) {
    packed_at_ = 0;
    packed_size_ = std::fread(packed_.data(), 1, packed_.size(), file_.get());
    if (packed_size_ == 0) {
      if (pending_ != 0) throw Error::of("{}: is cut off; run the check again", path_.string());
      return false;
    }
  }
  const auto before = plain_.size();
  plain_.resize(before + block);
  ZSTD_inBuffer in{packed_.data(), packed_size_, packed_at_};
  ZSTD_outBuffer out{plain_.data() + before, block, 0};
  pending_ = ZSTD_decompressStream(context_.get(), &out, &in);
  if (ZSTD_isError(pending_))
    throw Error::of("{}: is damaged: {}", path_.string(), ZSTD_getErrorName(pending_));
  packed_at_ = in.pos;
  plain_.resize(before + out.pos);
  return true;
}

bool LineSource::next(std::string_view& line) {
  std::size_t searched = 0;
  while (true) {
    const auto newline = plain_.find('\n', plain_at_ + searched);
    if (newline != std::string::npos) {
      line = std::string_view(plain_).substr(plain_at_, newline - plain_at_);
      plain_at_ = newline + 1;
      return true;
    }
    searched = plain_.size() - plain_at_;
    if (!refill()) {
      if (searched != 0)
        throw Error::of("{}: ends within a line; run the check again", path_.string());
      return false;
    }
  }
}

}  // namespace splitstrip
