#include "consumers/systemtap/script_listing.h"

#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "consumers/systemtap/bit_fields.h"
#include "consumers/systemtap/probe_list.h"
#include "consumers/systemtap/stap_errors.h"
#include "facts/normalise.h"

namespace splitstrip {
namespace {

constexpr unsigned deepest = 32;
constexpr std::size_t longest_expansion = std::size_t{4} << 20;

bool word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// `text` without `before` and `after`, if it has both.
bool unwrap(std::string_view& text, std::string_view before, std::string_view after) {
  if (text.size() < before.size() + after.size() || !text.starts_with(before) ||
      !text.ends_with(after))
    return false;
  text = text.substr(before.size(), text.size() - before.size() - after.size());
  return true;
}

// "NAME" out of "NAME:TYPE (ARGUMENTS)", which begins a function.
std::optional<std::string_view> function_name(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == 0 || colon == std::string_view::npos || !text.ends_with(')') ||
      text.find(" (", colon) == std::string_view::npos)
    return std::nullopt;
  const auto name = text.substr(0, colon);
  for (const char c : name)
    if (!word(c)) return std::nullopt;
  return name;
}

// FNV-1a, 64 bits.
std::uint64_t checksum(std::string_view text) {
  std::uint64_t sum = 0xcbf29ce484222325U;
  for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return sum;
}

std::string shortened(std::string text) {
  if (text.size() <= ScriptListingReader::longest_value) return text;
  const auto end = fmt::format(" ... ({} bytes, checksum {:016x})", text.size(), checksum(text));
  text.resize(ScriptListingReader::longest_value);
  return text + end;
}

// What a probe reads: its parameters, what it returned, or the variables at a statement.
std::string key_of(const ListedProbe& probe) {
  if (probe.kind == "statement")
    return fmt::format("variables {}@{} {}", probe.name, probe.place, probe.address);
  return fmt::format("{} {} {}", probe.kind == "return" ? "returned" : "parameters", probe.name,
                     probe.address);
}

}  // namespace

void ScriptListingReader::line(std::string_view text, FactSink& facts) {
  if (text == "# functions" || text == "# probes" || text == "# globals" ||
      text == "# global embedded code") {
    finish_function();
    section_ = text == "# functions" ? Section::functions
               : text == "# probes"  ? Section::probes
                                     : Section::other;
  } else if (section_ == Section::functions) {
    function_line(text);
  } else if (section_ == Section::probes) {
    if (const auto origin = text.find(" /* <- "); origin != std::string_view::npos) {
      finish_probe(facts);
      name_ = text.substr(0, origin);
    } else {
      if (!body_.empty()) body_ += ' ';
      body_ += text;
    }
  }
}

void ScriptListingReader::function_line(std::string_view text) {
  if (const auto name = function_name(text)) {
    finish_function();
    name_ = *name;
  } else if (function_text_ + body_.size() < most_function_text) {
    if (!body_.empty()) body_ += ' ';
    body_ += text;
  }
}

void ScriptListingReader::finish_function() {
  if (section_ != Section::functions) return;
  // Only those that stap made for a read; those of its library do not depend on the script.
  if (name_.find("_dwarf_") != std::string::npos) {
    std::string_view body = body_;
    if (!unwrap(body, "{ try { return ", " } catch { return \"ERROR\" }  }"))
      unwrap(body, "{ return ", " }");
    function_text_ += body.size();
    functions_.insert_or_assign(name_, std::string(body));
  }
  name_.clear();
  body_.clear();
}

void ScriptListingReader::expand(std::string_view text, unsigned depth, std::string& out) const {
  while (!text.empty() && out.size() < longest_expansion) {
    std::size_t length = 0;
    while (length < text.size() && word(text[length])) ++length;
    if (length == 0) {
      while (length < text.size() && !word(text[length])) ++length;
      out += text.substr(0, length);
      text.remove_prefix(length);
      continue;
    }
    const auto function = functions_.find(text.substr(0, length));
    if (function == functions_.end() || depth == deepest) {
      out += text.substr(0, length);
      text.remove_prefix(length);
      continue;
    }
    expand(function->second, depth + 1, out);
    text.remove_prefix(length);
    if (text.starts_with("()")) text.remove_prefix(2);
  }
}

std::string ScriptListingReader::presentable(std::string_view value) const {
  return shortened(replace_path(without_bit_field_addresses(value), root_.string()));
}

void ScriptListingReader::finish_probe(FactSink& facts) {
  std::string_view body = body_;
  unwrap(body, "{ println(", ") }");
  if (name_.starts_with("begin") && body.starts_with('"')) {
    // The probe says itself what it reads: "value of x@a.c", READ
    body.remove_prefix(1);
    const auto quote = body.find("\", ");
    if (quote != std::string_view::npos) {
      std::string value;
      expand(body.substr(quote + 3), 0, value);
      facts.add(query_, body.substr(0, quote), presentable(value));
    }
  } else if (const auto probe = parse_listed_probe(name_)) {
    std::string value;
    expand(body, 0, value);
    facts.add(query_, key_of(*probe), presentable(value));
  }
  name_.clear();
  body_.clear();
}

std::vector<QueryEnd> ScriptListingReader::end(const Ending& ending, FactSink& facts) {
  if (section_ == Section::probes) finish_probe(facts);
  if (function_text_ >= most_function_text)
    return {
        {query_, QueryEnd::How::failed, "stap's listing has too many functions to be believed"}};
  return {judge_stap(query_, ending, LastPass::analysis)};
}

}  // namespace splitstrip
