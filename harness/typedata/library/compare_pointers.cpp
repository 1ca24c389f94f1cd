// What is pointed to.
#include <string_view>

#include <fmt/format.h>

#include "typedata/library/comparer.h"
#include "typedata/library/depth.h"

namespace splitstrip::library {
namespace {

// Qualifiers of what is pointed to that are told apart, typedefs looked through.
bool is_const(const TypeView& types, typedata_type type) {
  typedata_info info;
  for (int hops = 0; hops < 100 && types.node(type, info); ++hops) {
    if (info.kind == TYPEDATA_KIND_CONST) return true;
    if (!is_qualifier(info.kind) && info.kind != TYPEDATA_KIND_ALIAS) return false;
    type = info.target;
  }
  return false;
}

}  // namespace

Difference Comparer::pointers(typedata_type its_target, typedata_type my_target, Flow flow) {
  const Deeper deeper(*this);
  if (!deeper.allowed()) return {};
  const Operand its = operand(library_, its_target, Place::memory);
  const Operand mine = operand(declared_, my_target, Place::memory);
  Difference found = pointees(its, mine, flow);
  // Of a const that the library promises, other languages have no word.
  if (found.verdict == TYPEDATA_SAME && is_const(declared_, my_target) &&
      !is_const(library_, its_target)) {
    return {TYPEDATA_COMPATIBLE, "what it points to is not const there"};
  }
  return found;
}

Difference Comparer::pointees(const Operand& its, const Operand& mine, Flow flow) {
  if (its.is(Class::unknown) || mine.is(Class::unknown)) return {};
  const std::string words =
      fmt::format("pointer to {} there, to {} here", describe(its), describe(mine));
  if (its.is(Class::nothing) || mine.is(Class::nothing)) {
    if (its.what == mine.what) return {};
    return {TYPEDATA_COMPATIBLE,
            its.is(Class::nothing) ? "a pointer to anything there" : "a pointer to anything here"};
  }
  if (its.is(Class::function) != mine.is(Class::function)) return {TYPEDATA_HARMFUL, words};
  if (its.is(Class::record)) return record_pointees(its, mine, flow);
  if (its.is(Class::array) || mine.is(Class::array)) return arrays(its, mine, flow, true);
  if (mine.is(Class::record)) {
    // Any record is bytes for one who takes bytes.
    if (its.is_bytes() && flow == Flow::in) return {TYPEDATA_COMPATIBLE, "bytes there"};
    // As sqlite3_open() given a pointer to its handle instead of to a place for one.
    if (its.is(Class::pointer)) return {TYPEDATA_HARMFUL, words};
    if (mine.opaque()) return {TYPEDATA_COMPATIBLE, "of unknown content here"};
    return layouts(its, mine, flow);
  }
  // Any numbers are bytes for one who takes bytes, and may as well be written as such; but a text
  // in wide characters is no text in narrow ones.
  const bool numbers = (mine.is(Class::integer) || mine.is(Class::floating)) &&
                       std::string_view(mine.info.name) != "wchar_t";
  if (its.is_bytes() && numbers && mine.size != its.size && flow == Flow::in) {
    return {TYPEDATA_COMPATIBLE, "bytes there"};
  }
  if (its.is(Class::pointer) != mine.is(Class::pointer)) {
    return {word_for_word(its, mine) ? TYPEDATA_COMPATIBLE : TYPEDATA_HARMFUL, words};
  }
  if (its.what != mine.what) return {TYPEDATA_HARMFUL, words};
  if (its.is(Class::pointer) && shallow_) return {};
  if (its.is(Class::pointer)) return pointers(its.pointee, mine.pointee, Flow::both);
  return same_class(its, mine, Place::memory, flow);
}

Difference Comparer::record_pointees(const Operand& its, const Operand& mine, Flow flow) {
  if (its.opaque() || mine.opaque()) {
    if (mine.is(Class::record)) {
      const bool same = its.opaque() && mine.opaque() &&
                        std::string_view(its.info.name) == std::string_view(mine.info.name);
      if (same) return {};
      return {TYPEDATA_COMPATIBLE,
              its.opaque() ? "of unknown content there" : "of unknown content here"};
    }
    // What stands in for an opaque record: bytes, or nothing.
    if (mine.is_bytes()) return {TYPEDATA_COMPATIBLE, "bytes here"};
    return {TYPEDATA_HARMFUL,
            fmt::format("pointer to {} there, to {} here", describe(its), describe(mine))};
  }
  if (mine.is_bytes()) {
    // A buffer; but what comes from the library is no text.
    if (flow != Flow::out) return {TYPEDATA_COMPATIBLE, "bytes here"};
    return {TYPEDATA_HARMFUL, "pointer to a structure there, to bytes here"};
  }
  if (mine.is(Class::pointer)) {
    Difference whole = layouts(its, mine, flow);
    if (whole.verdict != TYPEDATA_SAME)
      return {TYPEDATA_HARMFUL, "pointer to a structure there, to a pointer here"};
    return whole;
  }
  if (mine.is(Class::record)) {
    Difference whole = layouts(its, mine, flow);
    if (whole.verdict != TYPEDATA_HARMFUL) return whole;
    // One that begins with the library's, as derived ones do; read the other way round.
    const bool derived = mine.size != TYPEDATA_UNKNOWN && its.size != TYPEDATA_UNKNOWN &&
                         mine.size > its.size && flow != Flow::out;
    const bool base = mine.size != TYPEDATA_UNKNOWN && its.size != TYPEDATA_UNKNOWN &&
                      mine.size < its.size && flow == Flow::out;
    typedata_item first;
    if (derived && declared_.items(mine.type, &first, 1) > 0 && first.bit_offset == 0 &&
        first.bit_size == 0) {
      const Operand inner = operand(declared_, first.type, Place::memory);
      if (inner.is(Class::record) && !inner.opaque() &&
          layouts(its, inner, flow).verdict != TYPEDATA_HARMFUL) {
        return {TYPEDATA_COMPATIBLE, "begins with it"};
      }
    }
    if (base && library_.items(its.type, &first, 1) > 0 && first.bit_offset == 0 &&
        first.bit_size == 0) {
      const Operand inner = operand(library_, first.type, Place::memory);
      if (inner.is(Class::record) && !inner.opaque() &&
          layouts(inner, mine, flow).verdict != TYPEDATA_HARMFUL) {
        return {TYPEDATA_COMPATIBLE, "begins with it"};
      }
    }
    // What the library made, and nobody looks at the end of.
    if (flow == Flow::out && ends_early(its, mine, flow)) {
      return {TYPEDATA_COMPATIBLE, fmt::format("it ends earlier here: {}", whole.words)};
    }
    // POSIX's address of any family: the real one is told by its first member.
    if (std::string_view(its.info.name) == "sockaddr") {
      return {TYPEDATA_COMPATIBLE, "an address of some family"};
    }
    return whole;
  }
  if (mine.is(Class::array)) return arrays(its, mine, flow, true);
  return layouts(its, mine, flow);
}

// At least one of them is an array. Pointed to, one element stands for as many as there are.
Difference Comparer::arrays(const Operand& its, const Operand& mine, Flow flow, bool pointed_to) {
  const bool fits = !its.is(Class::array) || !mine.is(Class::array) ||
                    its.size == TYPEDATA_UNKNOWN || mine.size == TYPEDATA_UNKNOWN ||
                    its.size == mine.size || its.size == 0 || mine.size == 0;
  const auto sizes = [&] { return both_sizes(its, mine); };
  if (!fits && (!pointed_to || flow == Flow::both)) return {TYPEDATA_HARMFUL, sizes()};
  if (!fits && (flow == Flow::in ? mine.size < its.size : mine.size > its.size)) {
    return {TYPEDATA_HARMFUL, sizes()};
  }
  const auto element = [](const TypeView& view, const Operand& of) {
    // Arrays of arrays: what all of them are made of.
    Operand inner = of;
    for (int hops = 0; hops < 16 && inner.is(Class::array); ++hops) {
      inner = operand(view, inner.info.target, Place::memory);
    }
    return inner;
  };
  const Operand a = element(library_, its);
  const Operand b = element(declared_, mine);
  if (a.is(Class::unknown) || b.is(Class::unknown)) return {};
  Difference inner;
  if (pointed_to) {
    // A buffer of bytes has to hold the record.
    if (a.is(Class::record) && b.is_bytes() && mine.is(Class::array) &&
        mine.size != TYPEDATA_UNKNOWN && a.size != TYPEDATA_UNKNOWN && mine.size < a.size) {
      return {TYPEDATA_HARMFUL, sizes()};
    }
    inner = pointees(a, b, flow);
  } else {
    inner = a.what == b.what ? same_class(a, b, Place::memory, flow) : layouts(its, mine, flow);
  }
  if (inner.verdict == TYPEDATA_SAME && pointed_to && its.what != mine.what) {
    return {TYPEDATA_COMPATIBLE, fmt::format("{} there, {} here", describe(its), describe(mine))};
  }
  return inner;
}

}  // namespace splitstrip::library
