#include "consumers/binutils/entry_reader.h"

#include <charconv>

#include <fmt/format.h>

#include "consumers/binutils/readelf_end.h"

namespace splitstrip {
namespace {

constexpr std::size_t longest_attributes = 400;

// FNV-1a: fast, and the same on every machine.
void mix(std::uint64_t& digest, std::string_view text) {
  if (digest == 0) digest = 0xcbf29ce484222325;
  for (const char c : text) digest = (digest ^ static_cast<unsigned char>(c)) * 0x100000001b3;
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

// Attributes that are nothing but a place in some section.
bool only_a_place(std::string_view name) {
  for (const std::string_view place :
       {"stmt_list", "ranges", "GNU_locviews", "macros", "GNU_macros", "str_offsets_base",
        "addr_base", "rnglists_base", "loclists_base", "GNU_addr_base", "GNU_ranges_base"})
    if (name == place) return true;
  return false;
}

// "strp", "flag_present", as -W puts them before each value: how it is stored is no answer.
bool is_form(std::string_view text) {
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyzGNU_0123456789") ==
         std::string_view::npos;
}

}  // namespace

std::string without_offsets(std::string_view value) {
  value = trimmed(value);
  // "(strp) (offset: 0x110): text", "(indirect string, offset: 0x110): text",
  // "(alt indirect string, offset: 0x7) text"
  while (value.starts_with('(')) {
    const auto close = value.find(')');
    if (close == std::string_view::npos) break;
    const auto inner = value.substr(1, close - 1);
    if (!is_form(inner) && inner.find("offset: ") == std::string_view::npos) break;
    value = trimmed(value.substr(close + 1));
    if (value.starts_with(':')) value = trimmed(value.substr(1));
  }
  // "3 byte block: 91 a0 7f 	(DW_OP_fbreg: -96)": the bytes may hold an offset.
  if (const auto block = value.find(" byte block: "); block < 8)
    if (const auto expression = value.find('(', block); expression != std::string_view::npos)
      value = value.substr(expression);
  if (value.ends_with("(location list)")) return "(location list)";
  std::string result;
  while (true) {
    auto open = value.find("<0x");
    if (const auto other = value.find("<alt 0x"); other < open) open = other;
    const auto close = open == std::string_view::npos ? open : value.find('>', open);
    if (close == std::string_view::npos) break;
    result += value.substr(0, open);
    result += "<>";
    value.remove_prefix(close + 1);
  }
  result += value;
  return result;
}

void EntryReader::line(std::string_view text, FactSink& facts) {
  if (text.starts_with(" <")) {
    entry(text, facts);
  } else if (depth_ >= 0 && text.starts_with("    <")) {
    attribute(text);
  } else if (text.starts_with("   Version:")) {
    unit_ends(facts);
    version_ = trimmed(text.substr(text.find(':') + 1));
  }
}

// " <1><2e>: Abbrev Number: 16 (DW_TAG_typedef)"; a terminator has no tag.
void EntryReader::entry(std::string_view text, FactSink& facts) {
  int depth = -1;
  std::from_chars(text.data() + 2, text.data() + text.size(), depth);
  const auto open = text.find("(DW_TAG_");
  const auto named = open == std::string_view::npos ? text.rfind('(') : open;
  if (depth < 0 || named == std::string_view::npos) {
    depth_ = -1;
    return;
  }
  auto tag = text.substr(open == std::string_view::npos ? named + 1 : named + 8);
  tag = tag.substr(0, tag.find(')'));
  depth_ = depth;
  if (depth == 0) {
    unit_.tag = tag;
    return;
  }
  if (depth == 1) {
    top_ends(facts);
    top_.tag = tag;
    return;
  }
  ++top_.below;
  mix(top_.digest, fmt::format("{} {}\n", depth, tag));
}

// "    <2f>   DW_AT_name        : value"
void EntryReader::attribute(std::string_view text) {
  const auto at = text.find("DW_AT_");
  if (at == std::string_view::npos) return;
  const auto colon = text.find(':', at);
  if (colon == std::string_view::npos) return;
  const auto name = trimmed(text.substr(at + 6, colon - at - 6));
  if (name == "sibling") return;
  const std::string value =
      only_a_place(name) ? std::string() : without_offsets(text.substr(colon + 1));
  Top& top = depth_ == 0 ? unit_ : top_;
  if (name == "name" && depth_ <= 1) {
    top.name = value;
    return;
  }
  if (depth_ > 1 || top.attributes.size() > longest_attributes) {
    mix(top.digest, name);
    mix(top.digest, " ");
    mix(top.digest, value);
    mix(top.digest, "\n");
    return;
  }
  top.attributes +=
      fmt::format("{}{}{}{}", top.attributes.empty() ? "" : "; ", name,
                  value.empty() || value == "<>" ? "" : " ", value == "<>" ? std::string() : value);
}

void EntryReader::top_ends(FactSink& facts) {
  if (!top_.tag.empty()) {
    if (top_.below > 0 || top_.digest != 0)
      top_.attributes += fmt::format("; {} below, {:016x}", top_.below, top_.digest);
    if (top_.name.empty()) {
      ++unnamed_;
      std::uint64_t digest = 0;
      mix(digest, top_.tag);
      mix(digest, top_.attributes);
      unnamed_digest_ += digest;
    } else {
      facts.add(query_, fmt::format("{}: {} {}", unit_.name, top_.tag, top_.name), top_.attributes);
    }
  }
  top_ = {};
}

void EntryReader::unit_ends(FactSink& facts) {
  top_ends(facts);
  if (!unit_.tag.empty())
    facts.add(query_, fmt::format("{}: {}", unit_.name, unit_.tag),
              fmt::format("version {}; {}; {} unnamed, {:016x}", version_, unit_.attributes,
                          unnamed_, unnamed_digest_));
  unit_ = {};
  unnamed_ = 0;
  unnamed_digest_ = 0;
  depth_ = -1;
}

std::vector<QueryEnd> EntryReader::end(const Ending& ending, FactSink& facts) {
  unit_ends(facts);
  return {readelf_end(query_, ending)};
}

}  // namespace splitstrip
