// Reads what abidw writes: one ABI document (abixml 2.x) about one library.
//
// Facts:
//
//   document                    abixml 2.1, elf-amd-x86_64, soname liba.so.1
//   needs libc.so.6             yes
//   symbol area                 func-type, global-binding, default-visibility, is-defined=yes
//   unit ./a.c                  LANG_C11, 64 bits, compiled in ./debian/build
//   function area               int area(const struct point* p) at a.c:8
//   variable names              const char* const names[3] at a.c:7
//   struct point                160 bits: int x @0, int y @32, char tag[8] @64 at a.c:3
//   enum colour                 unsigned int: RED = 0, BLUE = 6 at a.c:2
//   typedef callback            int (*)(struct point*, void*) at a.c:5
//
// Without DWARF abidw writes the symbols alone, and still exits 0. A run that ends well but wrote
// nothing has no facts at all; that is what abidw 2.2 does, without a word, when the common file of
// dwz is missing (exit status 1).
#pragma once

#include <cstddef>
#include <string>

#include "consumers/consumer.h"

namespace splitstrip {

class AbiDocumentReader : public AnswerReader {
 public:
  // The whole document is held, twice this at most with its tree; libc's has 3 MB.
  static constexpr std::size_t largest_document = std::size_t{128} << 20;

  // A document can refer to one type a million times; facts of more bytes than this are not
  // believed. libgsl's have 1.5 MB.
  static constexpr std::size_t most_facts = std::size_t{256} << 20;

  explicit AbiDocumentReader(std::string query) : query_(std::move(query)) {}

  void read(std::string_view bytes, FactSink& facts) override;
  // Throws Error if there are more than `most_facts`.
  std::vector<QueryEnd> finish(const Ending& ending, FactSink& facts) override;

 private:
  std::string query_;
  std::string text_;
  bool too_large_ = false;
};

}  // namespace splitstrip
