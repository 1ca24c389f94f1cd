#include "typedata/print_c.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "facts/error.h"
#include "typedata/c_names.h"
#include "typedata/c_types.h"

namespace splitstrip {
namespace {

enum class State : std::uint8_t { untouched, open, done };

// Longer chains of types that must be declared before each other than any library has; each link
// takes some of the stack.
constexpr std::size_t longest_chain = 2000;

// Writes types so that each comes after those that it needs: declared for a pointer, complete for a
// member.
class TypePrinter {
 public:
  TypePrinter(const Interface& interface, CNames& names, CTypes& types, const std::string& file,
              bool assertions)
      : interface_(interface),
        names_(names),
        types_(types),
        file_(file),
        assertions_(assertions),
        states_(interface.types.size(), State::untouched),
        forwarded_(interface.types.size()),
        visited_(interface.types.size()),
        whole_(interface.types.size()) {}

  void need_declared(TypeId id) {
    Link link(*this);
    while (id != void_type) {
      const Type& type = interface_.type(id);
      // What was needed once need not be gone through again, which could double with each type.
      if (type.name.empty() && std::exchange(visited_[id], 1) != 0) return;
      switch (type.kind) {
        case TypeKind::base:
        case TypeKind::unspecified:
        case TypeKind::member_pointer:
          return;
        case TypeKind::alias:
          return alias(id);
        case TypeKind::enumeration:
          // Without a name it is written where it is used.
          return names_.type(id).empty() ? void() : define(id);
        case TypeKind::structure:
        case TypeKind::union_:
          return names_.type(id).empty() ? need_members(id) : forward(id);
        case TypeKind::array:
          return need_complete(type.target);
        case TypeKind::function:
          for (const Parameter& parameter : type.parameters) need_declared(parameter.type);
          [[fallthrough]];
        default:
          id = type.target;
          link.step();
      }
    }
  }

  void need_complete(TypeId id) {
    const Link link(*this);
    while (id != void_type) {
      const Type& type = interface_.type(id);
      if (type.kind == TypeKind::alias) {
        alias(id);
      } else if (is_record(type.kind)) {
        if (names_.type(id).empty()) return need_members(id);
        return is_complete(type) ? define(id) : forward(id);
      } else if (type.kind != TypeKind::array && !is_qualifier(type.kind)) {
        return need_declared(id);
      }
      id = type.target;
    }
  }

  // Defines what was only declared so far.
  void finish() {
    while (!forwards_.empty()) {
      std::vector<TypeId> pending;
      pending.swap(forwards_);
      for (const TypeId id : pending) {
        if (is_complete(interface_.type(id))) define(id);
      }
    }
  }

  // Typedefs that would have to come before themselves.
  const std::vector<TypeId>& cycles() const { return cycles_; }
  const std::string& text() const { return text_; }

 private:
  class Link {
   public:
    explicit Link(TypePrinter& printer) : printer_(printer), length_(printer.chain_) { step(); }
    // A pointer may point to itself.
    void step() {
      if (++printer_.chain_ > longest_chain) {
        printer_.chain_ = length_;
        throw Error::of(
            "{}: its types depend on each other in too long a chain for C: use '--format json'",
            printer_.file_);
      }
    }
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;
    ~Link() { printer_.chain_ = length_; }

   private:
    TypePrinter& printer_;
    std::size_t length_;
  };

  void need_members(TypeId id) {
    if (std::exchange(whole_[id], 1) != 0) return;
    for (const Member& member : interface_.type(id).members) need_complete(member.type);
  }

  void forward(TypeId id) {
    // Also of a record that is being written: what comes before it may refer to it.
    if (forwarded_[id] || states_[id] == State::done) return;
    forwarded_[id] = true;
    forwards_.push_back(id);
    text_ += types_.specifier(id, 0) + ";";
    const Type& type = interface_.type(id);
    if (!type.declaration && !is_complete(type))
      text_ += "  /* of a size that is known at run time */";
    text_ += origin(id);
  }

  void define(TypeId id) {
    if (states_[id] == State::open || states_[id] == State::done) return;
    states_[id] = State::open;
    need_members(id);
    text_ += types_.definition(id, 0) + ";" + (forwarded_[id] ? "\n" : origin(id));
    if (assertions_) text_ += types_.assertions(id, types_.specifier(id, 0));
    states_[id] = State::done;
  }

  void alias(TypeId id) {
    if (states_[id] == State::done) return;
    if (states_[id] == State::open) {
      cycles_.push_back(id);
      return;
    }
    const Type& type = interface_.type(id);
    states_[id] = State::open;
    if (types_.opaque(id)) {
      text_ += fmt::format("typedef void *{};  /* of itself, which C cannot express */\n",
                           names_.type(id));
    } else if (names_.type(id).starts_with("__builtin_")) {
      need_declared(type.target);  // the compiler's own
    } else {
      need_declared(type.target);
      text_ += "typedef " + types_.declare(type.target, names_.type(id));
      if (type.alignment) text_ += fmt::format(" __attribute__((aligned({})))", *type.alignment);
      text_ += ";" + origin(id);
      const TypeId target = strip(interface_, type.target, false);
      const bool here = target != void_type &&
                        (is_record(interface_.type(target).kind) ||
                         interface_.type(target).kind == TypeKind::enumeration) &&
                        names_.type(target).empty();
      if (assertions_ && here) text_ += types_.assertions(target, names_.type(id));
    }
    states_[id] = State::done;
  }

  // What a type is called in the source, where C's name for it is another one.
  std::string origin(TypeId id) const {
    const Type& type = interface_.type(id);
    if (type.name.empty() || names_.type(id) == type.name) return "\n";
    const std::string name = interface_.qualified(type.scope, type.name);
    const bool another = names_.type(id).starts_with(name + "__") && type.scope == no_scope;
    return fmt::format("  /* {}{} */\n", another ? "another type named " : "", c_comment(name));
  }

  const Interface& interface_;
  CNames& names_;
  CTypes& types_;
  const std::string& file_;
  bool assertions_;
  std::vector<State> states_;
  std::vector<bool> forwarded_;
  std::vector<char> visited_;  // by need_declared()
  std::vector<char> whole_;    // by need_members()
  std::vector<TypeId> forwards_;
  std::vector<TypeId> cycles_;
  std::string text_;
  std::size_t chain_ = 0;
};

// A symbol that is no identifier is reached through its assembler name. One of a version that is
// not the default is not reached by any name in C.
std::string assembler_name(std::string_view symbol, const std::string& identifier) {
  const std::string_view plain = symbol;
  if (plain == identifier || plain.find('@') != std::string_view::npos) return "";
  const bool printable = std::all_of(plain.begin(), plain.end(), [](char c) {
    return c > ' ' && c < 127 && c != '"' && c != '\\';
  });
  return printable && !plain.empty() ? fmt::format(" __asm__(\"{}\")", plain) : "";
}

// The name in the source, and the version, where the declaration does not show them.
template <typename Symbol>
std::string remark(const Interface& interface, const Symbol& symbol,
                   const std::string& identifier) {
  const std::string name = interface.qualified(symbol.scope, symbol.name);
  std::string text;
  if (!name.empty() && name != identifier && name != symbol.symbol()) text += " " + c_comment(name);
  if (symbol.symbol().find('@') != std::string_view::npos) text += " " + c_comment(symbol.symbol());
  return text.empty() ? "\n" : "  /*" + text + " */\n";
}

std::string print_types(const Interface& interface, const Selection& selection,
                        const std::string& file, const PrintCOptions& options, CNames& names,
                        CTypes& types) {
  constexpr int passes = 20;
  for (int pass = 0; pass < passes; ++pass) {
    TypePrinter printer(interface, names, types, file, options.assertions);
    for (const std::size_t at : selection.functions) {
      for (const Parameter& parameter : interface.functions[at].parameters) {
        printer.need_declared(parameter.type);
      }
      printer.need_declared(interface.functions[at].returns);
    }
    for (const std::size_t at : selection.objects)
      printer.need_complete(interface.objects[at].type);
    for (const TypeId id : selection.types) {
      // The anonymous ones are written where they are used.
      if (!interface.type(id).name.empty() || !names.type(id).empty()) printer.need_complete(id);
    }
    printer.finish();
    if (printer.cycles().empty()) return printer.text();
    for (const TypeId alias : printer.cycles()) {
      const TypeId target = strip(interface, interface.type(alias).target, false);
      const bool nameless = target != void_type && is_record(interface.type(target).kind) &&
                            names.type(target).empty();
      if (nameless) {
        names.need_tag(target);
      } else {
        types.make_opaque(alias);
      }
    }
  }
  throw Error::of(
      "{}: its types depend on each other in a way that C cannot express: use '--format json'",
      file);
}

}  // namespace

void print_c(const Interface& interface, const Selection& selection, const std::string& file,
             std::ostream& output, const PrintCOptions& options) {
  CNames names(interface);
  CTypes types(interface, names, file, options.most);
  const std::string body = print_types(interface, selection, file, options, names, types);
  std::string symbols;
  for (const std::size_t at : selection.objects) {
    const Object& object = interface.objects[at];
    const std::string& name = names.object(at);
    const bool typed = strip(interface, object.type, true) != void_type;
    symbols += fmt::format("extern {}{}{};{}", object.thread_local_storage ? "__thread " : "",
                           typed ? types.declare(object.type, name) : "char " + name + "[]",
                           assembler_name(object.symbol(), name), remark(interface, object, name));
  }
  if (!symbols.empty()) symbols += "\n";
  for (const std::size_t at : selection.functions) {
    const Function& function = interface.functions[at];
    const std::string& name = names.function(at);
    symbols += fmt::format("{}{}{};{}", types.declare_function(name, function),
                           assembler_name(function.symbol(), name),
                           function.noreturn ? " __attribute__((noreturn))" : "",
                           remark(interface, function, name));
  }
  output << "/* " << c_comment(std::filesystem::path(file).filename().string()) << ": "
         << selection.functions.size() << " functions, " << selection.objects.size()
         << " objects. */\n\n"
         << types.prologue() << body << "\n"
         << symbols;
}

}  // namespace splitstrip
