// Records: how they lie in memory, and what registers they go in.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <dwarf.h>
#include <fmt/format.h>

#include "typedata/library/comparer.h"
#include "typedata/library/depth.h"
#include "typedata/library/print.h"

namespace splitstrip::library {
namespace {

// "at offset 48 (8 bytes)"
std::string place(const Leaf& leaf) {
  if (leaf.bit_field) {
    return fmt::format("at bit {} ({} bit{})", leaf.offset, leaf.bits, leaf.bits == 1 ? "" : "s");
  }
  return fmt::format("at offset {} ({} byte{})", leaf.offset / 8, leaf.bits / 8,
                     leaf.bits == 8 ? "" : "s");
}

std::string named(const Leaf& leaf) {
  return leaf.name.empty() ? "what lies" : fmt::format("member '{}'", leaf.name);
}

const Leaf* find_named(const std::vector<Leaf>& leaves, const std::string& name) {
  if (name.empty()) return nullptr;
  const auto found = std::find_if(leaves.begin(), leaves.end(),
                                  [&](const Leaf& leaf) { return leaf.name == name; });
  return found == leaves.end() ? nullptr : &*found;
}

// Members that are there for the room that they take.
bool is_padding_name(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot != std::string_view::npos) name.remove_prefix(dot + 1);
  for (const std::string_view word : {"pad", "reserved", "unused", "spare", "dummy", "fill"}) {
    if (name.find(word) != std::string_view::npos) return true;
  }
  return false;
}

bool is_integer(const TypeView& types, typedata_type type) {
  typedata_info info;
  if (!types.node(type, info)) return false;
  if (info.kind == TYPEDATA_KIND_ENUM) return true;
  return info.kind == TYPEDATA_KIND_BASE && info.encoding != DW_ATE_float &&
         info.encoding != DW_ATE_complex_float && info.encoding != DW_ATE_decimal_float &&
         info.encoding != DW_ATE_imaginary_float;
}

bool is_pointer_type(const TypeView& types, typedata_type type) {
  typedata_info info;
  return types.node(type, info) && is_pointer(info.kind);
}

// A run of single bytes, whatever they stand for.
bool is_bytes(const TypeView& types, const Leaf& leaf) {
  return leaf.blob || (!leaf.bit_field && leaf.element_bits == 8 && is_integer(types, leaf.type));
}

}  // namespace

// Elements of the array without a length that ends a record, as many as there are bytes for: where
// C says "data[]", others declare the first one. Returns whether there are any.
bool add_elements(const TypeView& view, typedata_type record, std::uint64_t bytes, Leaves& leaves) {
  constexpr std::size_t most = 64;
  std::vector<typedata_item> items(view.items(record, nullptr, 0));
  if (items.empty() || items.size() > 4096 || bytes > (1U << 20)) return false;
  view.items(record, items.data(), items.size());
  const typedata_item& last = items.back();
  typedata_info array, element;
  typedata_item dimensions[2];
  if (!view.node(strip(view, last.type, true), array) || array.kind != TYPEDATA_KIND_ARRAY ||
      view.items(strip(view, last.type, true), dimensions, 2) != 1 || dimensions[0].value > 0 ||
      !view.node(strip(view, array.target, true), element) || element.size == TYPEDATA_UNKNOWN ||
      element.size == 0 || last.bit_offset >= bytes * 8) {
    return false;
  }
  const std::uint64_t count = (bytes * 8 - last.bit_offset) / (element.size * 8);
  if (count == 0 || count > most) return false;
  const Leaves one = leaves_of(view, array.target);
  if (!one.whole || one.all.size() > most) return false;
  for (std::uint64_t i = 0; i < count; ++i) {
    for (Leaf leaf : one.all) {
      leaf.offset += last.bit_offset + i * element.size * 8;
      leaf.name = fmt::format("{}[{}]{}{}", last.name, i, leaf.name.empty() ? "" : ".", leaf.name);
      leaves.all.push_back(std::move(leaf));
    }
  }
  return true;
}

// Goes along two lists of members at once.
class Merge {
 public:
  Merge(Comparer& comparer, const Leaves& its, const Leaves& mine, Flow flow)
      : comparer_(comparer), its_(its.all), mine_(mine.all), flow_(flow) {}

  Difference run() {
    while (a_ < its_.size() || b_ < mine_.size()) {
      if (worst_.verdict == TYPEDATA_HARMFUL) break;
      if (b_ == mine_.size() || (a_ < its_.size() && its_[a_].end() <= mine_[b_].offset)) {
        missing(its_[a_++]);
      } else if (a_ == its_.size() || mine_[b_].end() <= its_[a_].offset) {
        extra(mine_[b_++]);
      } else {
        overlap();
      }
    }
    return std::move(worst_);
  }

 private:
  const TypeView& library() const { return comparer_.library_; }
  const TypeView& declared() const { return comparer_.declared_; }
  void found(Difference difference) { keep_worst(worst_, std::move(difference)); }

  // Where the two part: the same member on both sides if it is there, else the two that meet.
  void part(const Leaf& its, const Leaf& mine) {
    if (const Leaf* same = find_named(mine_, its.name)) {
      return found({TYPEDATA_HARMFUL,
                    fmt::format("{} is {} there, {} here", named(its), place(its), place(*same))});
    }
    if (const Leaf* same = find_named(its_, mine.name)) {
      return found({TYPEDATA_HARMFUL, fmt::format("{} is {} there, {} here", named(mine),
                                                  place(*same), place(mine))});
    }
    found({TYPEDATA_HARMFUL, fmt::format("{} is {} there, {} {} here", named(its), place(its),
                                         named(mine), place(mine))});
  }

  void missing(const Leaf& leaf) {
    if (const Leaf* same = find_named(mine_, leaf.name)) return part(leaf, *same);
    const TypeView& view = library();
    const bool room = is_padding_name(leaf.name) && !is_pointer_type(view, leaf.type);
    found({room ? TYPEDATA_COMPATIBLE : TYPEDATA_HARMFUL,
           fmt::format("{} {} is not declared", named(leaf), place(leaf))});
  }

  void extra(const Leaf& leaf) {
    if (const Leaf* same = find_named(its_, leaf.name)) return part(*same, leaf);
    // In the room between two members there may stand a name for it.
    const bool between = a_ < its_.size() && (leaf.blob || is_integer(declared(), leaf.type));
    const bool tail = a_ == its_.size() && is_bytes(declared(), leaf);
    found({between || tail ? TYPEDATA_COMPATIBLE : TYPEDATA_HARMFUL,
           fmt::format("there is nothing {} there, {} here", place(leaf), named(leaf))});
  }

  // Members of one type that have changed places.
  bool crossed(const Leaf& its, const Leaf& mine) const {
    if (its.name.empty() || mine.name.empty() || its.name == mine.name) return false;
    const Leaf* other = find_named(mine_, its.name);
    return other != nullptr && other->offset != its.offset &&
           find_named(its_, mine.name) != nullptr;
  }

  void overlap() {
    Leaf& its = its_[a_];
    Leaf& mine = mine_[b_];
    if (its.offset == mine.offset && its.is_union != mine.is_union && !is_bytes(declared(), mine) &&
        !is_bytes(library(), its)) {
      return one_union();
    }
    if (its.offset == mine.offset && its.bits == mine.bits && its.bit_field == mine.bit_field &&
        (its.element_bits == mine.element_bits)) {
      if (crossed(its, mine)) return part(its, mine);
      found(comparer_.leaf(its, mine, flow_));
      ++a_, ++b_;
      return;
    }
    if (covers(mine, declared(), its_, a_)) {
      found(
          {TYPEDATA_COMPATIBLE, fmt::format("{} is covered by {} here", named(its), named(mine))});
      ++b_;
      return;
    }
    if (covers(its, library(), mine_, b_)) {
      found({TYPEDATA_COMPATIBLE, fmt::format("{} lies within {} there", named(mine), named(its))});
      ++a_;
      return;
    }
    if (its.offset == mine.offset && !its.bit_field && !mine.bit_field &&
        (its.element_bits == mine.element_bits && its.element_bits != 0)) {
      return elements(its, mine);
    }
    part(its, mine);
  }

  // Whether bytes, or an integer that holds bit-fields, stand for all that begins in them; moves
  // past that then.
  bool covers(const Leaf& cover, const TypeView& view, const std::vector<Leaf>& others,
              std::size_t& at) const {
    const bool bytes = is_bytes(view, cover);
    const bool word = !cover.bit_field && !cover.is_union && is_integer(view, cover.type) &&
                      cover.element_bits == cover.bits;
    if (!bytes && !word) return false;
    std::size_t next = at;
    for (; next < others.size() && others[next].offset < cover.end(); ++next) {
      const Leaf& other = others[next];
      if (other.offset < cover.offset || other.end() > cover.end()) return false;
      if (!bytes && !other.bit_field) return false;
    }
    if (next == at) return false;
    at = next;
    return true;
  }

  // An array on at least one side, and the same elements: as many as both have.
  void elements(Leaf& its, Leaf& mine) {
    const std::uint64_t bits = std::min(its.bits, mine.bits);
    found(comparer_.leaf(its, mine, flow_));
    const auto take = [bits](Leaf& leaf, std::size_t& at) {
      if (leaf.bits == bits) {
        ++at;
      } else {
        leaf.offset += bits;
        leaf.bits -= bits;
      }
    };
    take(its, a_);
    take(mine, b_);
  }

  // A union on one side, and on the other what may be one of its members.
  void one_union() {
    const bool there = its_[a_].is_union;
    const Leaf whole = there ? its_[a_] : mine_[b_];
    std::vector<Leaf>& others = there ? mine_ : its_;
    std::size_t& at = there ? b_ : a_;
    Leaves inside;
    std::size_t next = at;
    for (; next < others.size() && others[next].offset < whole.end(); ++next) {
      if (others[next].end() > whole.end()) return part(its_[a_], mine_[b_]);
      inside.all.push_back(others[next]);
      inside.all.back().offset -= whole.offset;
    }
    found(comparer_.union_and_others(whole, inside, there, flow_));
    at = next;
    ++(there ? a_ : b_);
  }

  Comparer& comparer_;
  std::vector<Leaf> its_, mine_;  // arrays are used up from their beginnings
  Flow flow_;
  std::size_t a_ = 0, b_ = 0;
  Difference worst_;
};

Difference Comparer::leaf(const Leaf& its, const Leaf& mine, Flow) {
  if (its.blob || mine.blob) {
    if (its.blob == mine.blob) return {};
    return {TYPEDATA_COMPATIBLE, fmt::format("{} is of unknown content here", named(its))};
  }
  if (its.is_union && mine.is_union) return unions(its, mine, Flow::both);
  Difference inner;
  if (its.bit_field) {
    const Operand a = operand(library_, its.type, Place::memory);
    const Operand b = operand(declared_, mine.type, Place::memory);
    if (!machine_ && a.is(Class::integer) && b.is(Class::integer) &&
        a.is_signed() != b.is_signed()) {
      inner = {TYPEDATA_COMPATIBLE,
               fmt::format("{} there, {} here", a.is_signed() ? "signed" : "unsigned",
                           b.is_signed() ? "signed" : "unsigned")};
    }
  } else {
    // Behind a pointer in memory both sides may write.
    inner = value(its.type, mine.type, Place::memory, Flow::both);
  }
  if (inner.verdict == TYPEDATA_SAME) return {};
  const std::string where =
      its.offset == 0 && its.name.empty() ? "" : fmt::format("{} {} ", named(its), place(its));
  return {inner.verdict, where + sides(its.type, mine.type) + ": " + inner.words};
}

Difference Comparer::layouts(const Operand& its, const Operand& mine, Flow flow) {
  const Deeper deeper(*this);
  if (!deeper.allowed()) return {};
  if (its.opaque() || mine.opaque()) return {};
  const Pair pair{its.type, mine.type, static_cast<unsigned>(flow)};
  if (const Difference* before = known(pair)) return *before;
  const Leaves there = leaves_of(library_, its.type);
  const Leaves here = leaves_of(declared_, mine.type);
  const auto only_size = [](const Leaves& leaves) {
    return leaves.all.size() == 1 && leaves.all[0].blob && leaves.all[0].offset == 0;
  };
  Difference found;
  if (there.all.empty() || here.all.empty() || only_size(there) || only_size(here)) {
    // Nothing to compare but how much there is of it.
    if (its.size != TYPEDATA_UNKNOWN && mine.size != TYPEDATA_UNKNOWN && its.size != mine.size &&
        (flow != Flow::in || mine.size < its.size)) {
      found = {TYPEDATA_HARMFUL, both_sizes(its, mine)};
    } else if (only_size(there) != only_size(here)) {
      found = {TYPEDATA_COMPATIBLE, "of unknown content"};
    }
  } else {
    found = merged(there, here, its.size, mine.size, flow);
    Leaves longer = there;
    if (found.verdict == TYPEDATA_HARMFUL && mine.size != TYPEDATA_UNKNOWN &&
        add_elements(library_, its.type, mine.size, longer)) {
      Difference other = merged(longer, here, mine.size, mine.size, flow);
      if (other.verdict != TYPEDATA_HARMFUL) {
        found = {TYPEDATA_COMPATIBLE, "an array of no length ends it there, of some here"};
      }
    }
  }
  if (found.verdict != TYPEDATA_HARMFUL) {
    const std::uint64_t asked = its.info.alignment;
    const std::uint64_t own = alignment_of(declared_, mine.type);
    if (asked > own && flow != Flow::out) {
      found = {TYPEDATA_HARMFUL,
               fmt::format("is to be aligned to {} bytes there, is to {} here", asked, own)};
    }
  }
  learn(pair, found);
  return found;
}

bool Comparer::ends_early(const Operand& its, const Operand& mine, Flow flow) {
  const Deeper deeper(*this);
  if (!deeper.allowed() || mine.size >= its.size) return false;
  Leaves there = leaves_of(library_, its.type);
  const Leaves here = leaves_of(declared_, mine.type);
  if (!there.whole || !here.whole || here.all.empty()) return false;
  std::uint64_t end = 0;
  for (const Leaf& leaf : here.all) end = std::max(end, leaf.end());
  std::erase_if(there.all, [end](const Leaf& leaf) { return leaf.offset >= end; });
  return Merge(*this, there, here, flow).run().verdict != TYPEDATA_HARMFUL;
}

Difference Comparer::merged(const Leaves& its, const Leaves& mine, std::uint64_t its_size,
                            std::uint64_t my_size, Flow flow) {
  const bool known = its_size != TYPEDATA_UNKNOWN && my_size != TYPEDATA_UNKNOWN;
  if (!its.whole || !mine.whole) {
    if (known && its_size != my_size) {
      return {TYPEDATA_HARMFUL, fmt::format("{} bytes there, {} bytes here", its_size, my_size)};
    }
    return {};
  }
  Difference found = Merge(*this, its, mine, flow).run();
  if (found.verdict == TYPEDATA_HARMFUL || !known || its_size == my_size) return found;
  // More room than the library wants does no harm in what it is handed.
  const bool roomy = flow == Flow::in && my_size > its_size &&
                     std::all_of(mine.all.begin(), mine.all.end(), [&](const Leaf& leaf) {
                       return leaf.end() <= its_size * 8 || is_bytes(declared_, leaf);
                     });
  return {roomy ? TYPEDATA_COMPATIBLE : TYPEDATA_HARMFUL,
          fmt::format("{} bytes there, {} bytes here", its_size, my_size)};
}

// ---- Unions ----

Difference Comparer::unions(const Leaf& its, const Leaf& mine, Flow flow) {
  const Deeper deeper(*this);
  if (!deeper.allowed()) return {};
  const Pair pair{its.type, mine.type, 0x200U};
  if (const Difference* before = known(pair)) return *before;
  constexpr std::size_t most = 256;
  std::vector<typedata_item> there(most), here(most);
  there.resize(std::min(most, library_.items(its.type, there.data(), most)));
  here.resize(std::min(most, declared_.items(mine.type, here.data(), most)));
  Difference worst;
  for (const typedata_item& member : here) {
    std::optional<Difference> best;
    const auto attempt = [&](const typedata_item& other) {
      Difference found;
      if (member.bit_size != other.bit_size || member.bit_offset != other.bit_offset) {
        found = {TYPEDATA_HARMFUL, "another place"};
      } else if (member.bit_size == 0) {
        const std::size_t before = mark();
        found = value(other.type, member.type, Place::memory, flow);
        // What did not fit must not be remembered as fitting for what was assumed meanwhile.
        if (found.verdict == TYPEDATA_HARMFUL) forget_since(before);
        if (found.verdict != TYPEDATA_SAME)
          found.words.insert(0, sides(other.type, member.type) + ": ");
      }
      if (!best || found.verdict < best->verdict) best = std::move(found);
    };
    for (const typedata_item& other : there) {
      if (std::string_view(other.name) == member.name) attempt(other);
    }
    for (const typedata_item& other : there) {
      if (best && best->verdict == TYPEDATA_SAME) break;
      attempt(other);
    }
    // Bytes may be seen in any union.
    const Operand own = operand(declared_, member.type, Place::memory);
    const bool bytes =
        own.is_bytes() ||
        (own.is(Class::array) && operand(declared_, own.info.target, Place::memory).is_bytes());
    if (best && best->verdict == TYPEDATA_HARMFUL && bytes) {
      best = Difference{TYPEDATA_COMPATIBLE, "bytes here"};
    }
    if (!best || best->verdict == TYPEDATA_SAME) continue;
    best->words = fmt::format("member '{}' of the union {}", member.name, best->words);
    keep_worst(worst, std::move(*best));
  }
  if (worst.verdict == TYPEDATA_SAME && here.size() < there.size()) {
    worst = {TYPEDATA_COMPATIBLE, "the union has more members there"};
  }
  learn(pair, worst);
  return worst;
}

Difference Comparer::union_and_others(const Leaf& its_union, const Leaves& others,
                                      bool library_has_union, Flow flow) {
  const TypeView& view = library_has_union ? library_ : declared_;
  std::vector<typedata_item> members(64);
  members.resize(
      std::min(members.size(), view.items(its_union.type, members.data(), members.size())));
  Difference best{
      TYPEDATA_HARMFUL,
      fmt::format("{} is a union {}, and none of its members {}", named(its_union),
                  library_has_union ? "there" : "here", library_has_union ? "here" : "there")};
  for (const typedata_item& member : members) {
    if (member.bit_size != 0 || member.bit_offset != 0) continue;
    const Deeper deeper(*this);
    if (!deeper.allowed()) return {};
    const Leaves own = leaves_of(view, member.type);
    const std::size_t before = mark();
    Difference found = library_has_union ? Merge(*this, own, others, flow).run()
                                         : Merge(*this, others, own, flow).run();
    if (found.verdict != TYPEDATA_HARMFUL) {
      return {TYPEDATA_COMPATIBLE, fmt::format("{} is a union {}", named(its_union),
                                               library_has_union ? "there" : "here")};
    }
    forget_since(before);
  }
  return best;
}

// ---- By value ----

Difference Comparer::records_by_value(const Operand& its, const Operand& mine) {
  if (by_address(its)) return refused_by_value(its);
  // Nothing by value may have more room than it takes.
  Difference found = layouts(its, mine, Flow::both);
  if (found.verdict == TYPEDATA_HARMFUL) return found;
  const Difference registers = machine_records(its, mine);
  return registers.verdict == TYPEDATA_HARMFUL ? registers : found;
}

namespace {

// What an eightbyte of a record goes in, or a scalar is. Source: System V ABI, AMD64, 3.2.3.
enum class Register : std::uint8_t { none, sse, integer, memory };

void classify(const TypeView& types, const Leaves& leaves, std::uint64_t base,
              std::array<Register, 2>& classes, int depth) {
  for (const Leaf& leaf : leaves.all) {
    typedata_info info;
    Register kind = Register::integer;
    if (leaf.is_union && depth < 8) {
      std::array<typedata_item, 64> members;
      const std::size_t count =
          std::min(members.size(), types.items(leaf.type, members.data(), members.size()));
      for (std::size_t i = 0; i < count; ++i) {
        classify(types, leaves_of(types, members[i].type), base + leaf.offset, classes, depth + 1);
      }
      continue;
    }
    if (types.node(leaf.type, info) && info.kind == TYPEDATA_KIND_BASE &&
        (info.encoding == DW_ATE_float || info.encoding == DW_ATE_complex_float ||
         info.encoding == DW_ATE_decimal_float)) {
      // long double goes in memory, as far as records are passed.
      const bool extended = info.encoding == DW_ATE_float && leaf.element_bits == 128 &&
                            std::string_view(info.name).find("128") == std::string_view::npos;
      kind = extended ? Register::memory : Register::sse;
    } else if ((info.flags & TYPEDATA_VECTOR) != 0) {
      kind = Register::sse;
    }
    const std::uint64_t natural = std::max<std::uint64_t>(alignment_of(types, leaf.type), 1) * 8;
    if (!leaf.bit_field && (base + leaf.offset) % natural != 0) kind = Register::memory;
    for (std::uint64_t word = (base + leaf.offset) / 64;
         word <= (base + leaf.end() - 1) / 64 && word < 2; ++word) {
      classes[word] = std::max(classes[word], kind);
    }
  }
}

}  // namespace

// As far as registers and bytes go; both are records, or one is a complex number.
Difference Comparer::machine_records(const Operand& its, const Operand& mine) {
  if (by_address(its)) return refused_by_value(its);
  if (its.size == TYPEDATA_UNKNOWN || mine.size == TYPEDATA_UNKNOWN) return {};
  if (its.size != mine.size) return {TYPEDATA_HARMFUL, both_sizes(its, mine)};
  const Leaves there = leaves_of(library_, its.type);
  const Leaves here = leaves_of(declared_, mine.type);
  if (!there.whole || !here.whole) return {};
#if defined(__x86_64__)
  constexpr std::uint64_t in_registers = 16;
  if (its.size <= in_registers) {
    std::array<Register, 2> a{}, b{};
    classify(library_, there, 0, a, 0);
    classify(declared_, here, 0, b, 0);
    const auto in_memory = [](const std::array<Register, 2>& classes) {
      return std::max(classes[0], classes[1]) == Register::memory;
    };
    const bool same = in_memory(a) || in_memory(b) ? in_memory(a) == in_memory(b) : a == b;
    if (!same) return {TYPEDATA_HARMFUL, "goes in other registers there than here"};
  } else {
    const std::uint64_t stack = 8;
    const std::uint64_t a = std::max(stack, alignment_of(library_, its.type));
    const std::uint64_t b = std::max(stack, alignment_of(declared_, mine.type));
    if (a != b) {
      return {TYPEDATA_HARMFUL, fmt::format("aligned to {} bytes there, to {} here", a, b)};
    }
  }
#endif
  return machine_ ? merged(there, here, its.size, mine.size, Flow::both).verdict == TYPEDATA_SAME
                        ? Difference{}
#if defined(__x86_64__)
                        : Difference{TYPEDATA_COMPATIBLE, "other members in the same registers"}
#else
                        : merged(there, here, its.size, mine.size, Flow::both)
#endif
                  : Difference{};
}

}  // namespace splitstrip::library
