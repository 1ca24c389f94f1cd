// Faults in what ships.
#include <algorithm>

#include "elf/identity.h"
#include "facts/error.h"
#include "recipe/fault/fault.h"
#include "recipe/fault/number.h"
#include "recipe/fault/symbol_table.h"
#include "recipe/fault/unwind_table.h"

namespace splitstrip {
namespace {

[[noreturn]] void no_place(const ElfDraft& draft, std::string_view what) {
  throw Error::of("{}: has no {} to plant this fault in; name another library",
                  draft.elf().path().filename().string(), what);
}

void wrong_build_id(ElfDraft& draft) {
  const auto id = build_id(draft.elf());
  if (!id || id->bytes.empty()) no_place(draft, "build-id");
  draft.range(id->offset, id->bytes.size()).back() ^= std::byte{1};
}

void wrong_crc(PairDraft& pair) {
  pair.main.content(".gnu_debuglink").back() ^= std::byte{1};
}
void wrong_link_name(PairDraft& pair) {
  pair.main.content(".gnu_debuglink").front() ^= std::byte{1};
}

SymbolDraft exported_function(PairDraft& pair) {
  return {pair.main, ".dynsym", "exported function", [](const GElf_Sym& symbol, std::string_view) {
            return symbol.st_shndx != SHN_UNDEF && GELF_ST_TYPE(symbol.st_info) == STT_FUNC &&
                   GELF_ST_BIND(symbol.st_info) == STB_GLOBAL && symbol.st_size > 1;
          }};
}
void lost_export(PairDraft& pair) {
  exported_function(pair).set_section(SHN_UNDEF);
}
void moved_export(PairDraft& pair) {
  SymbolDraft symbol = exported_function(pair);
  symbol.set_value(symbol.symbol().st_value + 1);
}
void resized_export(PairDraft& pair) {
  SymbolDraft symbol = exported_function(pair);
  symbol.set_size(symbol.symbol().st_size - 1);
}
void resized_object(PairDraft& pair) {
  SymbolDraft symbol(pair.main, ".dynsym", "exported object",
                     [](const GElf_Sym& one, std::string_view) {
                       return one.st_shndx != SHN_UNDEF &&
                              GELF_ST_TYPE(one.st_info) == STT_OBJECT && one.st_size > 1;
                     });
  symbol.set_size(symbol.symbol().st_size - 1);
}
void renamed_export(PairDraft& pair) {
  SymbolDraft symbol = exported_function(pair);
  symbol.set_name(symbol.symbol().st_name + 1);
}

// The Bloom filter says of every name that it is not here (gnu-gabi, "GNU hash").
void empty_hash(PairDraft& pair) {
  const std::span<std::byte> hash = pair.main.loaded(".gnu.hash");
  if (hash.size() < 24) no_place(pair.main, "hash table of exported names");
  const bool big = pair.main.elf().big_endian();
  const std::uint64_t words = get_number(hash.subspan(8, 4), big);
  const std::uint64_t bytes = words * (pair.main.elf().is_64() ? 8 : 4);
  if (bytes > hash.size() - 16) no_place(pair.main, "hash table of exported names");
  std::ranges::fill(hash.subspan(16, bytes), std::byte{0});
}

// The version of the first function that is exported with one of its own.
void wrong_version(PairDraft& pair) {
  const bool big = pair.main.elf().big_endian();
  const std::span<std::byte> versions = pair.main.loaded(".gnu.version");
  std::size_t index = 0;
  const auto version_of = [&](std::size_t at) {
    return 2 * at + 2 <= versions.size() ? get_number(versions.subspan(2 * at, 2), big) : 0;
  };
  const SymbolDraft symbol(
      pair.main, ".dynsym", "function with a version", [&](const GElf_Sym& one, std::string_view) {
        ++index;
        return one.st_shndx != SHN_UNDEF && GELF_ST_TYPE(one.st_info) == STT_FUNC &&
               (version_of(index) & 0x7fff) >= 2;
      });
  const std::uint64_t old = version_of(symbol.index());
  put_number(versions.subspan(2 * symbol.index(), 2), (old & 0x8000) | ((old & 0x7fff) ^ 1), big);
}

// A unit without a DIE of its own but its unit DIE, as a stray object file brings it.
void extra_info(PairDraft& pair) {
  if (pair.main.elf().big_endian()) no_place(pair.main, "low-endian byte order");
  const auto bytes = [](std::initializer_list<unsigned> numbers) {
    std::vector<std::byte> made;
    for (const unsigned number : numbers) made.push_back(static_cast<std::byte>(number));
    return made;
  };
  pair.main.add(".debug_info", bytes({9, 0, 0, 0, 5, 0, 1, 8, 0, 0, 0, 0, 1}));
  pair.main.add(".debug_abbrev", bytes({1, 0x11, 0, 0, 0, 0}));
}
void extra_line(PairDraft& pair) {
  pair.main.add(".debug_line", pair.debug.read(".debug_line"));
}
void extra_strings(PairDraft& pair) {
  pair.main.add(".debug_str", pair.debug.read(".debug_str"));
}
void extra_frame(PairDraft& pair) {
  pair.main.add(".debug_frame", std::vector<std::byte>(8));
}

void moved_text(PairDraft& pair) {
  pair.main.move_address(".text", 0x10);
}
void moved_eh_frame(PairDraft& pair) {
  pair.main.move_address(".eh_frame", 0x10);
}

// Of the function whose frame changes most often: chances are that something stands in it. Not of
// the PLT, in which nobody stands: there the CFA is an expression.
FrameDescription busiest(PairDraft& pair) {
  const std::span<const std::byte> table = pair.main.loaded(".eh_frame");
  const auto all = frame_descriptions(table, pair.main.elf().big_endian());
  const auto changes = [&](const FrameDescription& one) {
    return cfa_offset_operands(table, one).size();
  };
  const auto found = std::ranges::max_element(all, {}, changes);
  if (found == all.end() || changes(*found) == 0)
    no_place(pair.main, "frame description of a function");
  return *found;
}
void lost_frame(PairDraft& pair) {
  const FrameDescription frame = busiest(pair);
  put_number(pair.main.loaded(".eh_frame").subspan(frame.range_at, 4), 0,
             pair.main.elf().big_endian());
}
// Everywhere in it: the first row may hold for no more than a push.
void wrong_frame(PairDraft& pair) {
  const FrameDescription frame = busiest(pair);
  const std::span<std::byte> table = pair.main.loaded(".eh_frame");
  for (const std::size_t at : cfa_offset_operands(table, frame)) table[at] ^= std::byte{0x08};
}

}  // namespace

std::vector<Fault> main_faults() {
  return {
      {"main-build-id", "the build-id of main differs from the debug file's in its last bit",
       "calls", [](PairDraft& pair) { wrong_build_id(pair.main); }},
      {"debuglink-crc",
       "the CRC in .gnu_debuglink is not that of the debug file",
       "calls",
       wrong_crc,
       {},
       FoundBy::debuglink},
      {"debuglink-name", "the file name in .gnu_debuglink is another one", "calls", wrong_link_name,
       "a debug file is installed under the name that main gives, whichever that is; the stage "
       "does so, too",
       FoundBy::debuglink},
      {"export-lost", "an exported function is undefined in .dynsym", "calls", lost_export},
      {"export-moved", "an exported function's address in .dynsym is one too high", "calls",
       moved_export},
      {"export-size", "an exported function's size in .dynsym is one too small", "calls",
       resized_export,
       "who wants a function's size takes it from the DWARF or from the debug file's .symtab, "
       "which come before .dynsym; of main alone the dynamic linker does not use it either"},
      {"object-size", "an exported object's size in .dynsym is one too small", "data",
       resized_object},
      {"export-name", "an exported function lacks the first letter of its name in .dynsym", "calls",
       renamed_export},
      {"hash-empty", "the hash table of exported names finds none", "calls", empty_hash},
      {"version-wrong", "an exported function has another symbol version", "data", wrong_version},
      {"extra-info", "main has a .debug_info with an empty unit", "calls", extra_info},
      {"extra-line", "main has the debug file's .debug_line, too", "calls", extra_line},
      {"extra-str", "main has the debug file's .debug_str, too", "calls", extra_strings},
      {"extra-frame", "main has an empty .debug_frame", "calls", extra_frame},
      {"text-moved", "the section header of main's .text says another address", "calls",
       moved_text},
      {"eh-frame-moved", "the section header of main's .eh_frame says another address", "calls",
       moved_eh_frame},
      {"frame-lost", "a function has no frame description in .eh_frame", "calls", lost_frame},
      {"frame-wrong", "a function's CFA is 8 bytes off in .eh_frame", "calls", wrong_frame},
  };
}

}  // namespace splitstrip
