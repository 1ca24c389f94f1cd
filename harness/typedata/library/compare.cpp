#include "typedata/library/compare.h"

#include <algorithm>
#include <utility>

#include <dwarf.h>
#include <fmt/format.h>

#include "typedata/library/comparer.h"
#include "typedata/library/depth.h"
#include "typedata/library/print.h"

namespace splitstrip::library {

void keep_worst(Difference& worst, Difference other) {
  if (other.verdict > worst.verdict) worst = std::move(other);
}

bool Comparer::Operand::is_signed() const {
  return info.encoding == DW_ATE_signed || info.encoding == DW_ATE_signed_char;
}

bool Comparer::Operand::is_quad() const {
  const std::string_view name = info.name;
  return size == 16 && (name.find("128") != std::string_view::npos);
}

bool Comparer::Operand::opaque() const {
  return what == Class::record && (info.flags & TYPEDATA_DECLARATION) != 0;
}

Comparer::Operand Comparer::operand(const TypeView& view, typedata_type type, Place place) {
  Operand result;
  result.type = strip(view, type, true);
  if (result.type == TYPEDATA_NONE || !view.node(result.type, result.info)) return result;
  result.size = size_of(view, result.type);
  switch (result.info.kind) {
    case TYPEDATA_KIND_VOID:
      result.what = Class::nothing;
      break;
    case TYPEDATA_KIND_ENUM:
      result.what = Class::integer;
      break;
    case TYPEDATA_KIND_BASE:
      switch (result.info.encoding) {
        case DW_ATE_boolean:
        case DW_ATE_signed:
        case DW_ATE_signed_char:
        case DW_ATE_unsigned:
        case DW_ATE_unsigned_char:
        case DW_ATE_UTF:
        case DW_ATE_UCS:
        case DW_ATE_ASCII:
          result.what = Class::integer;
          break;
        case DW_ATE_float:
        case DW_ATE_imaginary_float:
          result.what = Class::floating;
          break;
        case DW_ATE_complex_float:
          result.what = Class::complex;
          break;
        case DW_ATE_decimal_float:
          result.what = Class::decimal;
          break;
        case DW_ATE_address:
          result.what = Class::pointer;
          result.pointee = TYPEDATA_VOID;
          break;
        default:
          break;
      }
      break;
    case TYPEDATA_KIND_UNSPECIFIED:  // decltype(nullptr)
      result.what = Class::pointer;
      result.pointee = TYPEDATA_VOID;
      break;
    case TYPEDATA_KIND_POINTER:
    case TYPEDATA_KIND_REFERENCE:
      result.what = Class::pointer;
      result.pointee = result.info.target;
      break;
    case TYPEDATA_KIND_MEMBER_POINTER:
      result.what = Class::member_pointer;
      break;
    case TYPEDATA_KIND_STRUCT:
    case TYPEDATA_KIND_UNION:
      result.what = Class::record;
      break;
    case TYPEDATA_KIND_ARRAY:
      result.what = (result.info.flags & TYPEDATA_VECTOR) != 0 ? Class::vector : Class::array;
      break;
    case TYPEDATA_KIND_FUNCTION:
      result.what = Class::function;
      break;
    default:
      break;
  }
  if (place == Place::parameter && (result.is(Class::array) || result.is(Class::function))) {
    result.pointee = result.type;
    result.what = Class::pointer;
    result.size = view.pointer_size();
  }
  return result;
}

const char* Comparer::describe(const Operand& operand) {
  switch (operand.what) {
    case Class::nothing:
      return "nothing";
    case Class::integer:
      return operand.info.kind == TYPEDATA_KIND_ENUM ? "an enumeration" : "an integer";
    case Class::floating:
      return "a floating-point number";
    case Class::complex:
      return "a complex number";
    case Class::decimal:
      return "a decimal number";
    case Class::pointer:
      return "a pointer";
    case Class::member_pointer:
      return "a pointer to a member";
    case Class::record:
      return operand.info.kind == TYPEDATA_KIND_UNION ? "a union" : "a structure";
    case Class::array:
      return "an array";
    case Class::vector:
      return "a vector";
    case Class::function:
      return "a function";
    default:
      return "another type";
  }
}

namespace {

std::string bytes(std::uint64_t size) {
  if (size == TYPEDATA_UNKNOWN) return "of unknown size";
  return size == 1 ? "1 byte" : fmt::format("{} bytes", size);
}

}  // namespace

std::string Comparer::both_sizes(const Operand& its, const Operand& mine) const {
  return fmt::format("{} there, {} here", bytes(its.size), bytes(mine.size));
}

std::string Comparer::sides(typedata_type its, typedata_type type) const {
  return fmt::format("is '{}' there, '{}' here", print(library_, its, ""),
                     print(declared_, type, ""));
}

const Difference* Comparer::known(const Pair& pair) {
  const auto [at, fresh] = known_.try_emplace(pair);
  if (!fresh) return &at->second;
  order_.push_back(pair);
  return nullptr;
}

void Comparer::forget_since(std::size_t mark) {
  for (; order_.size() > mark; order_.pop_back()) known_.erase(order_.back());
}

// ---- Values ----

Difference Comparer::value(typedata_type its_type, typedata_type type, Place place, Flow flow) {
  const Deeper deeper(*this);
  if (!deeper.allowed()) return {};
  const Operand its = operand(library_, its_type, place);
  const Operand mine = operand(declared_, type, place);
  if (its.is(Class::unknown) || mine.is(Class::unknown)) {
    const bool known = its.size != TYPEDATA_UNKNOWN && mine.size != TYPEDATA_UNKNOWN;
    if (known && its.size != mine.size) return {TYPEDATA_HARMFUL, both_sizes(its, mine)};
    return {};
  }
  if (place == Place::result && its.is(Class::nothing) != mine.is(Class::nothing)) {
    return results(its, mine, flow);
  }
  return its.what == mine.what ? same_class(its, mine, place, flow)
                               : other_class(its, mine, place, flow);
}

Difference Comparer::integers(const Operand& its, const Operand& mine, Place place,
                              Flow flow) const {
  if (its.size == TYPEDATA_UNKNOWN || mine.size == TYPEDATA_UNKNOWN) return {};
  if (its.size != mine.size) {
    // What is passed for a short or a char is an int in every ABI.
    constexpr std::uint64_t int_size = 4;
    if (place == Place::parameter && its.size < mine.size && mine.size <= int_size) {
      return {TYPEDATA_COMPATIBLE, both_sizes(its, mine)};
    }
    // The other way round the caller widens it, as C does: strchr() is given a c_char.
    if (place == Place::parameter && mine.size < its.size && its.size <= int_size &&
        flow == Flow::in) {
      return {TYPEDATA_COMPATIBLE, both_sizes(its, mine)};
    }
    return {TYPEDATA_HARMFUL, both_sizes(its, mine)};
  }
  if (machine_) return {};
  const bool its_enum = its.info.kind == TYPEDATA_KIND_ENUM;
  const bool my_enum = mine.info.kind == TYPEDATA_KIND_ENUM;
  if (its_enum != my_enum) {
    return {TYPEDATA_COMPATIBLE, fmt::format("{} there, {} here", describe(its), describe(mine))};
  }
  const bool its_bool = its.info.encoding == DW_ATE_boolean;
  const bool my_bool = mine.info.encoding == DW_ATE_boolean;
  if (its_bool != my_bool) {
    return {TYPEDATA_COMPATIBLE,
            fmt::format("{} there, {} here", its_bool ? "a truth value" : "an integer",
                        my_bool ? "a truth value" : "an integer")};
  }
  if (its.is_signed() != mine.is_signed()) {
    return {TYPEDATA_COMPATIBLE,
            fmt::format("{} there, {} here", its.is_signed() ? "signed" : "unsigned",
                        mine.is_signed() ? "signed" : "unsigned")};
  }
  return {};
}

Difference Comparer::same_class(const Operand& its, const Operand& mine, Place place, Flow flow) {
  const bool known = its.size != TYPEDATA_UNKNOWN && mine.size != TYPEDATA_UNKNOWN;
  switch (its.what) {
    case Class::nothing:
      return {};
    case Class::integer:
      return integers(its, mine, place, flow);
    case Class::pointer:
      if (machine_ || (shallow_ && place == Place::memory)) return {};
      return pointers(its.pointee, mine.pointee, flow);
    case Class::record:
      if (place == Place::memory) return layouts(its, mine, flow);
      return machine_ ? machine_records(its, mine) : records_by_value(its, mine);
    case Class::array:
      return arrays(its, mine, flow, false);
    case Class::function:
      return functions(its.type, mine.type, flow, false);
    case Class::floating:
      if (known && its.size == mine.size && its.is_quad() != mine.is_quad()) {
        return {TYPEDATA_HARMFUL, "another format of the same size"};
      }
      [[fallthrough]];
    default:
      if (known && its.size != mine.size) return {TYPEDATA_HARMFUL, both_sizes(its, mine)};
      return {};
  }
}

// What is no trivial record in C++ is passed by its address; of some it is not known whether they
// are.
bool Comparer::by_address(const Operand& its) {
  return its.is(Class::record) &&
         (its.info.flags & (TYPEDATA_NONTRIVIAL | TYPEDATA_PASSING_UNTOLD)) != 0;
}

Difference Comparer::refused_by_value(const Operand& its) {
  return {TYPEDATA_HARMFUL, (its.info.flags & TYPEDATA_NONTRIVIAL) != 0
                                ? "passed by its address there, by value here"
                                : "of a C++ class there that may be passed by its address, by "
                                  "value here"};
}

bool Comparer::hides_place(typedata_type returned) const {
  return by_address(operand(library_, returned, Place::result));
}

// Itanium C++ ABI, 3.1.3. On other machines the place is no parameter that C could pass.
Difference Comparer::place_of_result(typedata_type returned, typedata_type mine) {
#if defined(__x86_64__) || defined(__powerpc64__) || defined(__riscv) || defined(__s390x__) || \
    defined(__arm__)
  const Operand its = operand(library_, returned, Place::result);
  const Operand place = operand(declared_, mine, Place::parameter);
  if (place.is(Class::unknown)) return {};
  if (place.is(Class::pointer)) {
    Difference inner = machine_ ? Difference{} : pointers(its.type, place.pointee, Flow::in);
    if (inner.verdict == TYPEDATA_HARMFUL) return inner;
    return {TYPEDATA_COMPATIBLE, "the place for the result"};
  }
  return {TYPEDATA_HARMFUL,
          fmt::format("the place for the result there, {} here", describe(place))};
#else
  static_cast<void>(returned), static_cast<void>(mine);
  return {TYPEDATA_HARMFUL, "the place for the result, which no parameter tells on this machine"};
#endif
}

// Where one side returns nothing.
Difference Comparer::results(const Operand& its, const Operand& mine, Flow flow) {
  const Operand& returned = its.is(Class::nothing) ? mine : its;
  const std::string words = fmt::format("{} there, {} here", describe(its), describe(mine));
  if (by_address(its)) return {TYPEDATA_COMPATIBLE, "returned where its first parameter says"};
  // A record may be returned where an invisible parameter says, which shifts all others.
  if (returned.is(Class::record) || returned.is(Class::complex) || returned.is(Class::vector)) {
    return {TYPEDATA_HARMFUL, words};
  }
  const bool reader_gets_nothing =
      flow == Flow::in ? mine.is(Class::nothing) : its.is(Class::nothing);
  // What is made up of what happened to be in a register must not be followed.
  if (reader_gets_nothing && returned.is(Class::pointer) && !machine_) {
    return {TYPEDATA_HARMFUL, words};
  }
  return {TYPEDATA_COMPATIBLE, words};
}

bool Comparer::is_pair(const TypeView& view, const Operand& of, std::uint64_t size) {
  if (!of.is(Class::record) && !of.is(Class::array)) return false;
  const Leaves leaves = leaves_of(view, of.type);
  std::uint64_t bits = 0;
  for (const Leaf& leaf : leaves.all) {
    typedata_info info;
    if (leaf.is_union || leaf.blob || !view.node(leaf.type, info) ||
        info.kind != TYPEDATA_KIND_BASE || info.encoding != DW_ATE_float ||
        leaf.element_bits != size * 4 || leaf.offset != bits) {
      return false;
    }
    bits = leaf.end();
  }
  return leaves.whole && bits == size * 8;
}

// As many programs spell handles. A number of the library's that is declared as a pointer to
// something would be followed.
bool Comparer::word_for_word(const Operand& its, const Operand& mine) {
  const Operand& pointer = its.is(Class::pointer) ? its : mine;
  const Operand& number = its.is(Class::pointer) ? mine : its;
  if (!pointer.is(Class::pointer) || !number.is(Class::integer)) return false;
  if (pointer.size != number.size) return false;
  return its.is(Class::pointer) || mine.pointee == TYPEDATA_VOID;
}

unsigned Comparer::registers_of(typedata_type type) const {
  const Operand its = operand(library_, type, Place::parameter);
  const bool two = its.is(Class::record) || its.size > library_.pointer_size();
  return its.is(Class::floating) ? 0 : two ? 2 : 1;
}

Difference Comparer::as_handle(Difference found, typedata_type its_type, typedata_type type,
                               Place place, bool in_register) const {
  if (machine_) return found;
  const Operand its = operand(library_, its_type, place);
  const Operand mine = operand(declared_, type, place);
  // What is cut off may be nothing, and who calls extends what is too narrow for a register.
  const bool cut = found.verdict == TYPEDATA_HARMFUL && in_register && its.is(Class::integer) &&
                   mine.is(Class::integer) && its.size <= library_.pointer_size() &&
                   its.size > mine.size;
  if (cut) found.verdict = TYPEDATA_HANDLE;
  if (its.size != mine.size || its.size == TYPEDATA_UNKNOWN) return found;
  const bool pointers = its.is(Class::pointer) && mine.is(Class::pointer);
  // Who is called is called at once.
  const auto calls = [](const TypeView& view, const Operand& of) {
    return operand(view, of.pointee, Place::memory).is(Class::function);
  };
  // A number may be no address; a pointer made of a number may lead nowhere.
  const bool handle =
      place == Place::parameter
          ? its.is(Class::pointer) && mine.is(Class::integer) &&
                !operand(library_, its.pointee, Place::memory).is(Class::nothing)
          : found.verdict == TYPEDATA_HARMFUL && its.is(Class::integer) && mine.is(Class::pointer);
  const bool other = found.verdict == TYPEDATA_HARMFUL && pointers &&
                     !(calls(library_, its) && calls(declared_, mine));
  if (handle || other) found.verdict = TYPEDATA_HANDLE;
  return found;
}

Difference Comparer::other_class(const Operand& its, const Operand& mine, Place place, Flow flow) {
  const bool one_pointer = its.is(Class::pointer) || mine.is(Class::pointer);
  const bool one_integer = its.is(Class::integer) || mine.is(Class::integer);
  const std::string words = fmt::format("{} there, {} here", describe(its), describe(mine));
  if (machine_ && one_pointer && one_integer) {
    if (its.size == mine.size) return {TYPEDATA_COMPATIBLE, words};
    return {TYPEDATA_HARMFUL, fmt::format("{} ({}) there, {} ({}) here", describe(its),
                                          bytes(its.size), describe(mine), bytes(mine.size))};
  }
  if (by_address(its) && mine.is(Class::pointer) && place != Place::memory) {
    const char* const said = place == Place::parameter ? "passed by its address"
                                                       : "returned where its first parameter says";
    if (machine_) return {TYPEDATA_COMPATIBLE, said};
    Difference inner = pointers(its.type, mine.pointee, flow);
    if (inner.verdict == TYPEDATA_HARMFUL) return inner;
    return {TYPEDATA_COMPATIBLE, said};
  }
  // A complex number lies in memory as its two parts do, and up to doubles goes where they go.
  const bool its_pair = its.is(Class::complex) && is_pair(declared_, mine, its.size);
  const bool my_pair = mine.is(Class::complex) && is_pair(library_, its, mine.size);
  if (its_pair || my_pair) {
#if defined(__x86_64__) || defined(__aarch64__)
    if (its.size <= 16) return {TYPEDATA_COMPATIBLE, words};
#endif
    return {place == Place::memory ? TYPEDATA_COMPATIBLE : TYPEDATA_HARMFUL, words};
  }
  if (word_for_word(its, mine)) return {TYPEDATA_COMPATIBLE, words};
  if (place == Place::memory) {
    const auto aggregate = [](const Operand& side) {
      return side.is(Class::record) || side.is(Class::array) || side.is(Class::complex);
    };
    if (aggregate(its) || aggregate(mine)) return layouts(its, mine, flow);
  }
  if (its.is(Class::array) && mine.is(Class::vector) && its.size == mine.size) return {};
  return {TYPEDATA_HARMFUL, words};
}

// ---- Functions ----

std::string Comparer::prototype(typedata_type function) const {
  typedata_info info;
  library_.node(function, info);
  return print(library_, function, info.name);
}

namespace {

std::vector<typedata_item> parameters_of(const TypeView& types, typedata_type function) {
  constexpr std::size_t most = 4096;
  std::vector<typedata_item> items(8);
  const std::size_t count = types.items(function, items.data(), items.size());
  if (count > items.size()) {
    items.resize(std::min(count, most));
    types.items(function, items.data(), items.size());
  }
  items.resize(std::min(count, items.size()));
  return items;
}

// Of what lies on the stack, libffi writes as many bytes as are declared.
#if defined(__x86_64__)
constexpr unsigned integer_registers = 6;
#elif defined(__aarch64__)
constexpr unsigned integer_registers = 8;
#else
constexpr unsigned integer_registers = 4;
#endif

Flow reversed(Flow flow) {
  return flow == Flow::in ? Flow::out : flow == Flow::out ? Flow::in : Flow::both;
}

std::string count_of(std::size_t count) {
  return count == 1 ? "1 parameter" : fmt::format("{} parameters", count);
}

}  // namespace

// Of a function in memory it is not known who calls it; nearly always the library does, and then
// the structures that it hands over may end early.
Difference Comparer::given_back(typedata_type its, typedata_type mine, Flow flow) {
  const std::size_t before = mark();
  Difference found = value(its, mine, Place::parameter, flow);
  if (found.verdict != TYPEDATA_HARMFUL || flow == Flow::out) return found;
  forget_since(before);
  return value(its, mine, Place::parameter, Flow::out);
}

// `flow` of a function pointer says who calls: one that is handed to the library is called by it.
Difference Comparer::functions(typedata_type its, typedata_type mine, Flow flow, bool top) {
  const Deeper deeper(*this);
  if (!deeper.allowed()) return {};
  const Pair pair{its, mine, 0x100U | static_cast<unsigned>(flow)};
  if (!top) {
    if (const Difference* found = known(pair)) return *found;
  }
  typedata_info there, here;
  if (!library_.node(its, there) || !declared_.node(mine, here)) return {};
  const auto its_parameters = parameters_of(library_, its);
  auto my_parameters = parameters_of(declared_, mine);
  Difference worst;
  const bool prototyped =
      (there.flags & TYPEDATA_PROTOTYPED) != 0 && (here.flags & TYPEDATA_PROTOTYPED) != 0;
  const bool its_variadic = (there.flags & TYPEDATA_VARIADIC) != 0;
  const bool my_variadic = (here.flags & TYPEDATA_VARIADIC) != 0;
  const std::string whole = top ? fmt::format(": '{}'", prototype(its)) : "";
  if (prototyped && hides_place(there.target)) {
    if (my_parameters.size() != its_parameters.size() + 1) {
      worst = {TYPEDATA_HARMFUL,
               fmt::format("takes the place for its result and {} there, {} here{}",
                           count_of(its_parameters.size()), count_of(my_parameters.size()), whole)};
    } else {
      worst = place_of_result(there.target, my_parameters[0].type);
      worst.words.insert(0, "parameter 1: ");
      my_parameters.erase(my_parameters.begin());
    }
  }
  // The library calls it: what it does not take it does not see.
  const bool called_back = !top && flow != Flow::out && !machine_;
  if (prototyped && called_back && my_parameters.size() < its_parameters.size()) {
    keep_worst(worst, {TYPEDATA_COMPATIBLE,
                       fmt::format("is given {} there, takes {} here",
                                   count_of(its_parameters.size()), my_parameters.size())});
  } else if (prototyped && called_back && its_variadic && !my_variadic) {
    // Judged by its fixed part: other languages have no "..." for callbacks.
    keep_worst(worst, {TYPEDATA_COMPATIBLE, "is given more (...) there"});
  } else if (prototyped && its_variadic != my_variadic) {
    keep_worst(
        worst,
        {TYPEDATA_HARMFUL,
         its_variadic ? fmt::format("takes {} and more (...) there, {} and no more here{}",
                                    count_of(its_parameters.size()), my_parameters.size(), whole)
                      : fmt::format("takes {} there, {} and more (...) here{}",
                                    count_of(its_parameters.size()), my_parameters.size(), whole)});
  }
  const bool lenient =
      called_back && (its_variadic || my_parameters.size() < its_parameters.size());
  if (prototyped && worst.verdict != TYPEDATA_HARMFUL && !lenient &&
      its_parameters.size() != my_parameters.size()) {
    keep_worst(worst, {TYPEDATA_HARMFUL,
                       fmt::format("takes {} there, {} here{}", count_of(its_parameters.size()),
                                   my_parameters.size(), whole)});
  }
  // Called by the one who declared it, or, if it was handed over, by the library.
  const Flow given = top ? Flow::in : reversed(flow);
  const Flow result = top ? Flow::out : flow;
  unsigned registers = hides_place(there.target) ? 1 : 0;
  if (prototyped) {
    for (std::size_t i = 0; i < std::min(its_parameters.size(), my_parameters.size()); ++i) {
      const typedata_item& a = its_parameters[i];
      const typedata_item& b = my_parameters[i];
      Difference found = called_back ? given_back(a.type, b.type, given)
                                     : value(a.type, b.type, Place::parameter, given);
      if (top) {
        found = as_handle(std::move(found), a.type, b.type, Place::parameter,
                          registers < integer_registers);
        registers += registers_of(a.type);
      }
      if (found.verdict <= worst.verdict) continue;
      const char* name = *a.name != '\0' ? a.name : b.name;
      const std::string where =
          fmt::format("parameter {}{}", i + 1, *name == '\0' ? "" : fmt::format(" '{}'", name));
      found.words =
          top ? fmt::format("{}: the library has '{}', declared is '{}': {}", where,
                            print(library_, a.type, ""), print(declared_, b.type, ""), found.words)
              : fmt::format("its {} {}: {}", where, sides(a.type, b.type), found.words);
      worst = std::move(found);
    }
  }
  Difference found = value(there.target, here.target, Place::result, result);
  if (top) found = as_handle(std::move(found), there.target, here.target, Place::result, true);
  if (found.verdict > worst.verdict) {
    found.words =
        top ? fmt::format("return value: the library has '{}', declared is '{}': {}",
                          print(library_, there.target, ""), print(declared_, here.target, ""),
                          found.words)
            : fmt::format("its return value {}: {}", sides(there.target, here.target), found.words);
    worst = std::move(found);
  }
  if (!top) learn(pair, worst);
  return worst;
}

// ---- The whole ----

Difference Comparer::compare(typedata_type its, typedata_type type) {
  const typedata_type there = strip(library_, its, true);
  const typedata_type here = strip(declared_, type, true);
  typedata_info a, b;
  if (there == TYPEDATA_NONE || here == TYPEDATA_NONE || !library_.node(there, a) ||
      !declared_.node(here, b)) {
    return {};
  }
  if (a.kind == TYPEDATA_KIND_FUNCTION && b.kind == TYPEDATA_KIND_FUNCTION) {
    Difference found = functions(there, here, Flow::in, true);
    if (!found.words.empty() && !found.words.starts_with("parameter ") &&
        !found.words.starts_with("return value")) {
      found.words.insert(0, "the function ");
    }
    return found;
  }
  Difference found = value(its, type, Place::memory, Flow::both);
  if (found.verdict == TYPEDATA_SAME) return found;
  found.words = fmt::format("the library has '{}', declared is '{}': {}", print(library_, its, ""),
                            print(declared_, type, ""), found.words);
  return found;
}

Difference compare(const TypeView& library, typedata_type its, const TypeView& declared,
                   typedata_type type, unsigned flags) {
  return Comparer(library, declared, flags).compare(its, type);
}

}  // namespace splitstrip::library
