#include "elf/decompress.h"

#include <algorithm>
#include <limits>
#include <memory>

#include <libdeflate.h>
#include <zlib.h>
#include <zstd.h>

#include "facts/error.h"

namespace splitstrip {
namespace {

constexpr std::size_t first_size = std::size_t{1} << 20;
// DWARF shrinks to a half or a quarter: room for that is taken at once, so that nothing is copied.
constexpr std::size_t usual_ratio = 8;

[[noreturn]] void damaged(const std::string& what) {
  throw Error::of("{}: is compressed and damaged; build or fetch the file again", what);
}

// Grows twofold up to the promised size: a lie in the header costs no more memory than eight times
// the stream, or twice of what it really holds.
void grow(std::vector<std::byte>& bytes, std::uint64_t promised, std::size_t packed) {
  const std::uint64_t first = std::max<std::uint64_t>(first_size, packed * usual_ratio);
  const std::uint64_t twice = bytes.empty() ? first : std::uint64_t{bytes.size()} * 2;
  bytes.resize(static_cast<std::size_t>(std::min(twice, promised)));
}

std::vector<std::byte> inflate_zlib(std::span<const std::byte> packed, std::uint64_t promised,
                                    const std::string& what) {
  // libdeflate takes half the time, but wants all of the room at once: only where the promise is
  // one that such a stream may well keep.
  if (promised <= packed.size() * usual_ratio) {
    const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> fast(
        libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
    std::vector<std::byte> whole(static_cast<std::size_t>(promised));
    if (fast && libdeflate_zlib_decompress(fast.get(), packed.data(), packed.size(), whole.data(),
                                           whole.size(), nullptr) == LIBDEFLATE_SUCCESS) {
      return whole;
    }
  }
  // zlib counts with unsigned int: both sides are handed over in pieces.
  constexpr std::size_t piece = std::numeric_limits<unsigned>::max() / 2;
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) damaged(what);
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);

  std::vector<std::byte> out;
  std::size_t in_used = 0;
  std::size_t out_used = 0;
  while (true) {
    if (out_used == out.size() && out.size() < promised) grow(out, promised, packed.size());
    const std::size_t in_now = std::min(piece, packed.size() - in_used);
    const std::size_t out_now = std::min(piece, out.size() - out_used);
    // zlib's interface is not const-correct; it only reads its input.
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data() + in_used));
    stream.avail_in = static_cast<unsigned>(in_now);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + out_used);
    stream.avail_out = static_cast<unsigned>(out_now);
    const int result = inflate(&stream, Z_NO_FLUSH);
    in_used += in_now - stream.avail_in;
    out_used += out_now - stream.avail_out;
    if (result == Z_STREAM_END) break;
    // Z_BUF_ERROR: nothing could be done, as there is no input or no room left.
    if (result != Z_OK) damaged(what);
  }
  if (out_used != promised) damaged(what);
  out.resize(out_used);
  return out;
}

std::vector<std::byte> inflate_zstd(std::span<const std::byte> packed, std::uint64_t promised,
                                    const std::string& what) {
  const std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream*)> stream(ZSTD_createDStream(),
                                                                             ZSTD_freeDStream);
  if (!stream || ZSTD_isError(ZSTD_initDStream(stream.get())) != 0) damaged(what);
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  std::vector<std::byte> out;
  std::size_t out_used = 0;
  while (true) {
    if (out_used == out.size() && out.size() < promised) grow(out, promised, packed.size());
    ZSTD_outBuffer room{out.data(), out.size(), out_used};
    const std::size_t in_before = in.pos;
    const std::size_t result = ZSTD_decompressStream(stream.get(), &room, &in);
    if (ZSTD_isError(result) != 0) damaged(what);
    const bool moved = room.pos != out_used || in.pos != in_before;
    out_used = room.pos;
    if (result == 0) break;
    if (!moved) damaged(what);
  }
  if (out_used != promised) damaged(what);
  out.resize(out_used);
  return out;
}

}  // namespace

std::vector<std::byte> decompress(SectionCompression how, std::span<const std::byte> packed,
                                  std::uint64_t unpacked_size, const std::string& what) {
  return how == SectionCompression::zlib ? inflate_zlib(packed, unpacked_size, what)
                                         : inflate_zstd(packed, unpacked_size, what);
}

}  // namespace splitstrip
