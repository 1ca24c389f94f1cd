#include "consumers/abigail/abi_types.h"

#include <fmt/format.h>

namespace splitstrip {
namespace {

std::string_view attribute(pugi::xml_node node, const char* name) {
  return node.attribute(name).value();
}

bool is(pugi::xml_node node, std::string_view tag) {
  return node.name() == tag;
}

bool yes(pugi::xml_node node, const char* name) {
  return attribute(node, name) == "yes";
}

// "class", "struct", "union", "enum"; empty for a type that is named without a word before it.
std::string_view keyword(pugi::xml_node type) {
  if (is(type, "class-decl")) return yes(type, "is-struct") ? "struct" : "class";
  if (is(type, "union-decl")) return "union";
  if (is(type, "enum-decl")) return "enum";
  return {};
}

class IdCollector : public pugi::xml_tree_walker {
 public:
  explicit IdCollector(std::unordered_map<std::string_view, pugi::xml_node>& into) : into_(into) {}
  bool for_each(pugi::xml_node& node) override {
    // A class can be there twice, once declared and once defined, under one id: the definition
    // wins.
    if (const auto id = attribute(node, "id"); !id.empty()) {
      const auto [at, fresh] = into_.try_emplace(id, node);
      if (!fresh && yes(at->second, "is-declaration-only")) at->second = node;
    }
    return true;
  }

 private:
  std::unordered_map<std::string_view, pugi::xml_node>& into_;
};

}  // namespace

bool is_anonymous(pugi::xml_node type) {
  return yes(type, "is-anonymous") && !type.attribute("naming-typedef-id");
}

AbiTypes::AbiTypes(const pugi::xml_document& document) {
  IdCollector collector(by_id_);
  const_cast<pugi::xml_document&>(document).traverse(collector);  // traverse() changes nothing
}

std::string AbiTypes::qualified(pugi::xml_node declaration) {
  std::string name(attribute(declaration, "name"));
  int levels = 0;
  for (auto scope = declaration.parent(); scope && levels < deepest; scope = scope.parent()) {
    if (!is(scope, "namespace-decl") && keyword(scope).empty()) continue;
    const auto outer =
        is_anonymous(scope) ? std::string_view("(anonymous)") : attribute(scope, "name");
    name = fmt::format("{}::{}", outer, name);
    ++levels;
  }
  return name;
}

std::string AbiTypes::name_of(pugi::xml_node type) {
  const auto word = keyword(type);
  if (word.empty()) return qualified(type);
  return is_anonymous(type) ? fmt::format("{} (anonymous)", word)
                            : fmt::format("{} {}", word, qualified(type));
}

// Spells one text; counts how deep and how long it has become.
class AbiTypes::Speller {
 public:
  explicit Speller(const AbiTypes& types) : types_(types) {}

  std::string spell(std::string_view id, std::string declarator, std::string qualifiers = {}) {
    const Level level(*this);
    const auto found = types_.by_id_.find(id);
    if (found == types_.by_id_.end()) return named(fmt::format("(unknown {})", id), declarator);
    const auto type = found->second;
    if (exhausted()) return named("...", declarator);
    const auto target = attribute(type, "type-id");
    if (is(type, "qualified-type-def")) {
      for (const auto* word : {"const", "volatile", "restrict"})
        if (yes(type, word)) qualifiers += std::string(word) + " ";
      return spell(target, std::move(declarator), std::move(qualifiers));
    }
    if (is(type, "pointer-type-def")) return through("*", target, declarator, qualifiers);
    if (is(type, "reference-type-def"))
      return through(attribute(type, "kind") == "rvalue" ? "&&" : "&", target, declarator,
                     qualifiers);
    if (is(type, "array-type-def")) {
      for (const auto range : type.children("subrange")) {
        const auto length = attribute(range, "length");
        declarator += fmt::format("[{}]", length == "infinite" ? "" : length);
      }
      return spell(target, std::move(declarator), std::move(qualifiers));
    }
    if (is(type, "function-type"))
      return spell(attribute(type.child("return"), "type-id"), declarator + parameters(type, false),
                   std::move(qualifiers));
    auto name = is_anonymous(type) && !keyword(type).empty()
                    ? fmt::format("{} {{{}}}", keyword(type), layout(type))
                    : name_of(type);
    return named(qualifiers + name, declarator);
  }

  std::string parameters(pugi::xml_node function, bool with_names) {
    std::string list;
    for (const auto parameter : function.children("parameter")) {
      if (!list.empty()) list += ", ";
      if (yes(parameter, "is-variadic")) {
        list += "...";
        continue;
      }
      std::string name(with_names ? attribute(parameter, "name") : "");
      if (yes(parameter, "is-artificial") && name.empty() && with_names) name = "this";
      list += spell(attribute(parameter, "type-id"), std::move(name));
    }
    return "(" + list + ")";
  }

  std::string layout(pugi::xml_node type) {
    const Level level(*this);
    if (exhausted()) return "...";
    if (yes(type, "is-declaration-only")) return "declared only";
    std::string text;
    if (is(type, "enum-decl")) {
      text = spell(attribute(type.child("underlying-type"), "type-id"), {}) + ":";
      const char* comma = " ";
      for (const auto one : type.children("enumerator")) {
        text += fmt::format("{}{} = {}", comma, attribute(one, "name"), attribute(one, "value"));
        comma = ", ";
      }
      return take(std::move(text));
    }
    text = fmt::format("{} bits:", attribute(type, "size-in-bits"));
    const char* comma = " ";
    for (const auto base : type.children("base-class")) {
      text += fmt::format("{}base {}{} {} @{}", comma, attribute(base, "access"),
                          yes(base, "is-virtual") ? " virtual" : "",
                          spell(attribute(base, "type-id"), {}),
                          attribute(base, "layout-offset-in-bits"));
      comma = ", ";
    }
    for (const auto member : type.children("data-member")) {
      const auto variable = member.child("var-decl");
      const auto access = attribute(member, "access");
      text += fmt::format(
          "{}{}{}{}", comma, access == "public" ? "" : access, access == "public" ? "" : " ",
          spell(attribute(variable, "type-id"), std::string(attribute(variable, "name"))));
      // Members of a union have no offset.
      if (yes(member, "static"))
        text += " static";
      else if (const auto offset = attribute(member, "layout-offset-in-bits"); !offset.empty())
        text += fmt::format(" @{}", offset);
      comma = ", ";
    }
    return take(std::move(text));
  }

 private:
  struct Level {
    explicit Level(Speller& of) : speller(of) { ++speller.depth_; }
    ~Level() { --speller.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    Speller& speller;
  };

  bool exhausted() const { return depth_ > deepest || written_ > longest_text; }

  std::string take(std::string text) {
    written_ += text.size() + 1;
    return text;
  }

  std::string named(std::string name, const std::string& declarator) {
    if (!declarator.empty()) {
      const bool tight =
          declarator.front() == '*' || declarator.front() == '&' || declarator.front() == '[';
      name += tight ? declarator : " " + declarator;
    }
    return take(std::move(name));
  }

  // A pointer or reference: `sign` binds weaker than the brackets of arrays and functions.
  std::string through(std::string_view sign, std::string_view target, const std::string& declarator,
                      std::string qualifiers) {
    if (qualifiers.ends_with(' ')) qualifiers.pop_back();
    const auto found = types_.by_id_.find(target);
    const bool brackets = found != types_.by_id_.end() && (is(found->second, "function-type") ||
                                                           is(found->second, "array-type-def"));
    std::string inner(sign);
    if (!qualifiers.empty()) inner += " " + qualifiers;
    const bool word = !declarator.empty() &&
                      std::string_view("*&([").find(declarator.front()) == std::string_view::npos;
    if (word && (!brackets || !qualifiers.empty())) inner += " ";
    inner += declarator;
    return spell(target, brackets ? "(" + inner + ")" : inner);
  }

  const AbiTypes& types_;
  int depth_ = 0;
  std::size_t written_ = 0;
};

std::string AbiTypes::spell(std::string_view id, std::string declarator) const {
  return Speller(*this).spell(id, std::move(declarator));
}

std::string AbiTypes::layout(pugi::xml_node type) const {
  return Speller(*this).layout(type);
}

std::string AbiTypes::signature(pugi::xml_node function) const {
  Speller speller(*this);
  return speller.spell(
      attribute(function.child("return"), "type-id"),
      std::string(attribute(function, "name")) + speller.parameters(function, true));
}

}  // namespace splitstrip
