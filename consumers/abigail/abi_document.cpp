#include "consumers/abigail/abi_document.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "consumers/abigail/abi_report.h"
#include "consumers/abigail/abi_types.h"
#include "consumers/answers.h"
#include "facts/error.h"

namespace splitstrip {
namespace {

std::string_view attribute(pugi::xml_node node, const char* name) {
  return node.attribute(name).value();
}

// " at FILE:LINE", or nothing where the document has no location.
std::string location(pugi::xml_node declaration) {
  const auto file = attribute(declaration, "filepath");
  if (file.empty()) return {};
  return fmt::format(" at {}:{}", file, attribute(declaration, "line"));
}

// The attributes that no other part of a fact tells, so that none is overlooked: ", NAME=VALUE".
std::string others(pugi::xml_node node) {
  constexpr std::array told = {"name",         "mangled-name",
                               "filepath",     "line",
                               "column",       "id",
                               "type-id",      "naming-typedef-id",
                               "size-in-bits", "is-struct",
                               "is-anonymous", "is-declaration-only",
                               "kind",         "def-of-decl-id",
                               "access"};
  constexpr std::array usual = {"visibility=default", "binding=global"};
  std::string text;
  for (const auto one : node.attributes()) {
    if (std::ranges::find(told, std::string_view(one.name())) != told.end()) continue;
    const std::string_view name = one.name();
    if (name == "elf-symbol-id" && attribute(node, "mangled-name") == one.value()) continue;
    const auto pair = fmt::format("{}={}", one.name(), one.value());
    if (std::ranges::find(usual, pair) == usual.end()) text += ", " + pair;
  }
  return text;
}

class DocumentFacts {
 public:
  DocumentFacts(const pugi::xml_document& document, std::string_view query, FactSink& facts)
      : types_(document), query_(query), facts_(facts) {}

  void corpus(pugi::xml_node corpus) {
    add("document", fmt::format("abixml {}, {}, soname {}", attribute(corpus, "version"),
                                attribute(corpus, "architecture"), attribute(corpus, "soname")));
    for (const auto part : corpus.children()) {
      const std::string_view tag = part.name();
      if (tag == "elf-needed") {
        for (const auto one : part.children())
          add(fmt::format("needs {}", attribute(one, "name")), "yes");
      } else if (tag == "elf-function-symbols" || tag == "elf-variable-symbols") {
        for (const auto one : part.children()) symbol(one);
      } else if (tag == "abi-instr") {
        add(fmt::format("unit {}", attribute(part, "path")),
            fmt::format("{}, {} bits, compiled in {}", attribute(part, "language"),
                        attribute(part, "address-size"), attribute(part, "comp-dir-path")));
        declarations(part, 0);
      } else {
        unknown(part);
      }
    }
  }

 private:
  void add(std::string_view key, std::string_view value) {
    bytes_ += key.size() + value.size();
    if (bytes_ > AbiDocumentReader::most_facts)
      throw Error::of("abidw: its document tells more than {} MiB of facts; look at it by hand",
                      AbiDocumentReader::most_facts >> 20);
    facts_.add(query_, key, value);
  }

  void symbol(pugi::xml_node node) {
    std::string words;
    for (const auto one : node.attributes()) {
      const std::string_view name = one.name();
      if (name == "name" || name == "version" || name == "is-default-version") continue;
      if (!words.empty()) words += ", ";
      words += name == "type" || name == "binding" || name == "visibility"
                   ? std::string(one.value())
                   : fmt::format("{}={}", name, one.value());
    }
    const auto version = attribute(node, "version");
    const bool fixed = attribute(node, "is-default-version") == "yes";
    add(fmt::format("symbol {}{}{}", attribute(node, "name"),
                    version.empty() ? ""
                    : fixed         ? "@@"
                                    : "@",
                    version),
        words);
  }

  // What stands in a unit, a namespace or a class. `how` tells the role of a class's member.
  void declarations(pugi::xml_node scope, int depth) {
    if (depth > AbiTypes::deepest) return;
    for (const auto node : scope.children()) {
      const std::string_view tag = node.name();
      if (tag == "namespace-decl") {
        declarations(node, depth + 1);
      } else if (tag == "member-type" || tag == "member-function" || tag == "member-template") {
        for (const auto inner : node.children()) declaration(inner, node, depth);
      } else {
        declaration(node, {}, depth);
      }
    }
  }

  void declaration(pugi::xml_node node, pugi::xml_node member, int depth) {
    const std::string_view tag = node.name();
    std::string extra = others(node);
    if (member) {
      extra += others(member);
      if (attribute(member, "access") != "public")
        extra += fmt::format(", {}", attribute(member, "access"));
    }
    if (tag == "function-decl") {
      add("function " + linkage(node), types_.signature(node) + extra + location(node));
    } else if (tag == "var-decl") {
      add("variable " + linkage(node),
          types_.spell(attribute(node, "type-id"), std::string(attribute(node, "name"))) + extra +
              location(node));
    } else if (tag == "class-decl" || tag == "union-decl") {
      add(AbiTypes::name_of(node), types_.layout(node) + extra + location(node));
      declarations(node, depth + 1);
    } else if (tag == "enum-decl") {
      add(AbiTypes::name_of(node), types_.layout(node) + extra + location(node));
    } else if (tag == "typedef-decl") {
      add("typedef " + AbiTypes::qualified(node),
          types_.spell(attribute(node, "type-id")) + extra + location(node));
    } else if (tag == "type-decl") {
      add("type " + AbiTypes::qualified(node),
          attribute(node, "size-in-bits").empty()
              ? "no size" + extra
              : fmt::format("{} bits{}", attribute(node, "size-in-bits"), extra));
    } else if (tag == "data-member" || tag == "base-class") {
      // Told by the layout of its class; but a static member with a symbol is a variable as well.
      if (const auto variable = node.child("var-decl"); variable.attribute("elf-symbol-id"))
        declaration(variable, node, depth);
    } else if (tag != "pointer-type-def" && tag != "reference-type-def" &&
               tag != "qualified-type-def" && tag != "array-type-def" && tag != "function-type") {
      unknown(node);  // those above have no name: whatever uses them spells them out
    }
  }

  static std::string linkage(pugi::xml_node declaration) {
    const auto mangled = attribute(declaration, "mangled-name");
    return mangled.empty() ? AbiTypes::qualified(declaration) : std::string(mangled);
  }

  // An element of a later abixml: its own words are compared.
  void unknown(pugi::xml_node node) {
    if (node.type() != pugi::node_element) return;
    add(fmt::format("{} {}", node.name(), AbiTypes::qualified(node)), others(node));
  }

  AbiTypes types_;
  std::string_view query_;
  FactSink& facts_;
  std::size_t bytes_ = 0;
};

}  // namespace

void AbiDocumentReader::read(std::string_view bytes, FactSink&) {
  if (text_.size() + bytes.size() > largest_document) {
    too_large_ = true;
    text_ = {};
  }
  if (!too_large_) text_ += bytes;
}

std::vector<QueryEnd> AbiDocumentReader::finish(const Ending& ending, FactSink& facts) {
  const auto failed = [&](std::string why) {
    return all_ended({query_}, QueryEnd::How::failed, std::move(why));
  };
  if (too_large_)
    return failed(fmt::format("wrote a document of more than {} MiB", largest_document >> 20));
  if (ending.how != Ending::How::exited || ending.code != 0)
    return failed(fmt::format("abidw: {}{}", describe(ending), last_words(ending)));
  pugi::xml_document document;
  const auto parsed = document.load_buffer_inplace(text_.data(), text_.size());
  const auto corpus = document.child("abi-corpus");
  if (!parsed || !corpus)
    return failed(fmt::format("wrote no ABI document: {}",
                              parsed ? "no <abi-corpus> in it" : parsed.description()));
  DocumentFacts(document, query_, facts).corpus(corpus);
  return all_ended({query_}, QueryEnd::How::answered);
}

}  // namespace splitstrip
