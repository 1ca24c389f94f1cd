#include "typedata/compress.h"

#include <memory>

#include <zstd.h>

#include "facts/error.h"

namespace splitstrip {

std::string compress_typedata(std::string_view object) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                     &ZSTD_freeCCtx);
  std::string out(ZSTD_compressBound(object.size()), '\0');
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, 19);
  const std::size_t size =
      ZSTD_compress2(context.get(), out.data(), out.size(), object.data(), object.size());
  if (ZSTD_isError(size) != 0) {
    throw Error::of("typedata cannot be compressed: {}", ZSTD_getErrorName(size));
  }
  out.resize(size);
  return out;
}

}  // namespace splitstrip
