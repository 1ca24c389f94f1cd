// Main keeps the types as CTF, a format of its own that knows C alone and that the compiler made.
// gdb 13 tells types and prototypes from it, but only where it finds no DWARF.
#include "facts/error.h"
#include "recipe/carry.h"
#include "recipe/input.h"
#include "recipe/make.h"

namespace splitstrip {

void make_ctf(const std::filesystem::path& unstripped, const Pair& pair,
              const std::filesystem::path& scratch) {
  if (open_unstripped(unstripped).section(".ctf") == nullptr)
    throw Error::of("{}: has no .ctf; build it with -g -gctf, which gcc 12 has for C",
                    unstripped.string());
  make_carrying({".ctf"}, unstripped, pair, scratch);
}

}  // namespace splitstrip
