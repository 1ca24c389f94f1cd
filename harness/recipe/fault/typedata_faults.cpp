// Faults in what main carries of types: .gnu_typedata.
#include <set>

#include "elf/identity.h"
#include "elf/symbols.h"
#include "facts/error.h"
#include "recipe/fault/die_places.h"
#include "recipe/fault/fault.h"
#include "recipe/fault/type_edits.h"
#include "recipe/typedata.h"
#include "typedata/compress.h"
#include "typedata/read.h"

namespace splitstrip {
namespace {

Fault in_typedata(std::string_view name, std::string_view what, std::string_view subject,
                  void (*edit)(DwarfDraft&), std::string_view equivalent = {}) {
  return {name, what, subject, [edit](PairDraft& pair) { edit_typedata(pair, edit); }, equivalent};
}

// Of two names that the library exports for one function the second one.
void lose_alias(PairDraft& pair) {
  std::set<std::uint64_t> known;
  std::string alias;
  for (const Symbol& symbol : exported_symbols(pair.main.elf()))
    if (symbol.function() && !known.insert(symbol.value).second && alias.empty())
      alias = symbol.name;
  edit_typedata(pair, [&](DwarfDraft& dwarf) {
    dwarf.lose(dwarf.need("alias of an exported function", [&](const Die& die, const Die&) {
      return die.tag() == DW_TAG_subprogram && !alias.empty() && die.string(DW_AT_name) == alias;
    }));
  });
}

void damage(PairDraft& pair) {
  std::vector<std::byte>& stream = pair.main.content(typedata_section);
  for (std::size_t i = stream.size() / 2; i < stream.size(); ++i) stream[i] ^= std::byte{0x55};
}
void cut(PairDraft& pair) {
  std::vector<std::byte>& stream = pair.main.content(typedata_section);
  stream.resize(stream.size() / 2);
}
void drop(PairDraft& pair) {
  pair.main.remove(typedata_section);
}

void of_another_build(PairDraft& pair) {
  const ElfFile object = open_typedata(pair.main.elf());
  const auto id = build_id(object);
  if (!id)
    throw Error::of("{}: has no build-id to plant this fault in; name another library",
                    pair.main.elf().path().filename().string());
  std::string bytes(reinterpret_cast<const char*>(object.bytes().data()), object.bytes().size());
  bytes[id->offset] = static_cast<char>(bytes[id->offset] ^ 1);
  const std::string packed = compress_typedata(bytes);
  const auto made = std::as_bytes(std::span(packed.data(), packed.size()));
  pair.main.content(typedata_section) = {made.begin(), made.end()};
}

}  // namespace

std::vector<Fault> typedata_faults() {
  return {
      {"typed-missing", "main has no .gnu_typedata at all", "types", drop,
       "the pair is the conventional one then, which all answers are held against; the report's "
       "table says what main carries"},
      {"typed-damaged", "the second half of the stream is garbage", "types", damage},
      {"typed-cut", "the stream ends after its first half", "types", cut},
      {"typed-build-id", "the typedata is of another build", "types", of_another_build},
      in_typedata("typed-export-lost", "an exported function is missing", "types", lose_function),
      in_typedata("typed-export-name", "an exported function's name ends in another letter",
                  "types", rename_function),
      {"typed-alias-lost", "an alias of an exported function is missing", "data", lose_alias},
      in_typedata("typed-object-lost", "an exported object is missing", "types", lose_variable),
      in_typedata("typed-object-type", "an exported object has another base type", "data",
                  retype_variable),
      in_typedata("typed-return", "a function returns another base type", "types", retype_return),
      in_typedata("typed-return-lost", "a function returns nothing", "types", lose_return),
      in_typedata("typed-param-lost", "a function has one parameter less", "types", lose_parameter),
      in_typedata("typed-param-type", "a parameter has another base type", "types",
                  retype_parameter),
      in_typedata("typed-param-name", "a parameter's name ends in another letter", "types",
                  rename_parameter),
      in_typedata("typed-param-swap", "two parameters have each other's type", "types",
                  swap_parameters),
      in_typedata("typed-varargs", "a function with `...` has none", "types", lose_varargs),
      in_typedata("typed-noreturn", "a function that does not return does not say so", "calls",
                  lose_noreturn,
                  "gdb, through which typedata is held against the debug file, does not tell it"),
      in_typedata("typed-prototyped", "a function `(void)` is not prototyped", "data",
                  lose_prototyped),
      in_typedata("typed-callback", "a pointed-to function has one parameter less", "types",
                  lose_callback_parameter),
      in_typedata("typed-const-lost", "a pointer to const points to what is not const", "types",
                  drop_const),
      in_typedata("typed-member-lost", "a structure has one member less", "types", lose_member),
      in_typedata("typed-member-moved", "a member's offset is off by one", "types", move_member),
      in_typedata("typed-member-type", "a member has another base type", "types", retype_member),
      in_typedata("typed-bit-size", "a bit-field has one bit less", "types", narrow_bit_field),
      in_typedata("typed-bit-offset", "a bit-field begins one bit beside", "types", move_bit_field),
      in_typedata("typed-size", "a structure's size is 8 bytes off", "types", resize_record),
      in_typedata("typed-enum-value", "an enumerator's value is 16 off", "types",
                  change_enumerator),
      in_typedata("typed-bound", "an array's length is off by one", "types", resize_array),
      in_typedata("typed-typedef", "a typedef stands for another base type", "types",
                  retarget_typedef),
      in_typedata("typed-signedness", "a signed base type is unsigned", "types", swap_signedness),
      in_typedata("typed-union", "a union is a struct", "types", union_for_struct),
  };
}

}  // namespace splitstrip
