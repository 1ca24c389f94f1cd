#include "typedata/unpack.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>

#include <lzma.h>
#include <zstd.h>

#include "facts/error.h"

namespace splitstrip {
namespace {

constexpr std::array<unsigned char, 4> zstd_magic{0x28, 0xb5, 0x2f, 0xfd};        // RFC 8878
constexpr std::array<unsigned char, 6> xz_magic{0xfd, '7', 'z', 'X', 'Z', 0x00};  // xz(5)

// What a decoder may use for itself: windows of zstd -22 --long and dictionaries of xz -9e.
constexpr int largest_window_log = 27;
constexpr std::uint64_t decoder_memory = std::uint64_t{192} << 20;

template <std::size_t N>
bool starts_with(std::span<const std::byte> bytes, const std::array<unsigned char, N>& magic) {
  return bytes.size() >= N && std::memcmp(bytes.data(), magic.data(), N) == 0;
}

[[noreturn]] void damaged(std::string_view what, std::string_view why) {
  throw Error::of("{} cannot be unpacked ({}): the file is damaged, build or fetch it again", what,
                  why);
}

// Takes what a decoder delivers, and refuses more than the limits allow.
class Output {
 public:
  Output(std::uint64_t packed, std::string_view what, const UnpackLimits& limits)
      : what_(what),
        most_(std::min(limits.size, std::max(limits.ratio_free, limits.ratio * packed))) {}

  std::span<std::byte> room() { return chunk_; }

  void add(std::size_t size) {
    if (size > most_ - bytes_.size()) {
      throw Error::of(
          "{} unpacks to more than {} bytes, which no honest one does: build or fetch it again",
          what_, most_);
    }
    bytes_.insert(bytes_.end(), chunk_.begin(), chunk_.begin() + static_cast<std::ptrdiff_t>(size));
  }

  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::string_view what_;
  std::uint64_t most_;
  std::vector<std::byte> chunk_ = std::vector<std::byte>(std::size_t{1} << 17);
  std::vector<std::byte> bytes_;
};

struct FreeZstd {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

void unpack_zstd(std::span<const std::byte> packed, std::string_view what, Output& output) {
  const std::unique_ptr<ZSTD_DCtx, FreeZstd> context(ZSTD_createDCtx());
  if (!context) throw std::bad_alloc();
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, largest_window_log);
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  for (std::size_t pending = 1; pending != 0;) {
    const std::size_t before = in.pos;
    ZSTD_outBuffer out{output.room().data(), output.room().size(), 0};
    pending = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(pending)) damaged(what, ZSTD_getErrorName(pending));
    output.add(out.pos);
    if (pending != 0 && out.pos == 0 && in.pos == before) damaged(what, "it is cut off");
  }
  if (in.pos != in.size) damaged(what, "bytes follow its end");
}

struct EndLzma {
  void operator()(lzma_stream* stream) const { lzma_end(stream); }
};

void unpack_xz(std::span<const std::byte> packed, std::string_view what, Output& output) {
  lzma_stream stream = LZMA_STREAM_INIT;
  const std::unique_ptr<lzma_stream, EndLzma> ended(&stream);
  if (lzma_stream_decoder(&stream, decoder_memory, 0) != LZMA_OK) throw std::bad_alloc();
  stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  for (lzma_ret status = LZMA_OK; status != LZMA_STREAM_END;) {
    stream.next_out = reinterpret_cast<std::uint8_t*>(output.room().data());
    stream.avail_out = output.room().size();
    status = lzma_code(&stream, LZMA_FINISH);
    switch (status) {
      case LZMA_OK:
      case LZMA_STREAM_END:
        break;
      case LZMA_BUF_ERROR:
        damaged(what, "it is cut off");
      case LZMA_MEMLIMIT_ERROR:
        damaged(what, "it wants too much memory");
      case LZMA_MEM_ERROR:
        throw std::bad_alloc();
      default:
        damaged(what, "its data are corrupt");
    }
    output.add(output.room().size() - stream.avail_out);
  }
  if (stream.avail_in != 0) damaged(what, "bytes follow its end");
}

}  // namespace

std::vector<std::byte> unpack_typedata(std::span<const std::byte> packed, std::string_view what,
                                       const UnpackLimits& limits) {
  Output output(packed.size(), what, limits);
  if (starts_with(packed, zstd_magic)) {
    unpack_zstd(packed, what, output);
  } else if (starts_with(packed, xz_magic)) {
    unpack_xz(packed, what, output);
  } else {
    damaged(what, "it is neither a zstd nor an xz stream");
  }
  return output.take();
}

}  // namespace splitstrip
