#include "cache/sha256.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include <openssl/evp.h>

#include "facts/error.h"

namespace splitstrip {

struct Sha256::Context {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> state{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  if (!context_->state || EVP_DigestInit_ex(context_->state.get(), EVP_sha256(), nullptr) != 1)
    throw Error::of("libcrypto offers no SHA-256; use --no-cache");
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;

void Sha256::add(std::string_view bytes) {
  EVP_DigestUpdate(context_->state.get(), bytes.data(), bytes.size());
}

void Sha256::add_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::vector<char> block(std::size_t{1} << 17);
  while (in) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    add({block.data(), static_cast<std::size_t>(in.gcount())});
  }
  if (!in.eof())
    throw Error::of("{}: cannot be read: {}; check its permissions", file.string(),
                    std::strerror(errno));
}

std::string Sha256::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_DigestFinal_ex(context_->state.get(), digest.data(), &length);
  std::string text;
  for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

std::string sha256(std::string_view bytes) {
  Sha256 digest;
  digest.add(bytes);
  return digest.hex();
}

std::string sha256_of_file(const std::filesystem::path& file) {
  Sha256 digest;
  digest.add_file(file);
  return digest.hex();
}

}  // namespace splitstrip
