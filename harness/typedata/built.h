// For tests: libraries compiled on the spot, and what their typedata says, read by libdw.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "run/scratch.h"
#include "typedata/build.h"
#include "typedata/interface.h"

namespace splitstrip::testing_support {

// Typedata as its readers see it.
class ReadBack {
 public:
  explicit ReadBack(const TypedataResult& result);
  ReadBack(const ReadBack&) = delete;
  ReadBack& operator=(const ReadBack&) = delete;
  ~ReadBack();

  const Interface& interface() const { return interface_; }
  // nullptr if there is none; `symbol` may have a version.
  const Function* function(std::string_view symbol) const;
  const Object* object(std::string_view symbol) const;
  // All types of that kind and name.
  std::vector<const Type*> types(TypeKind kind, std::string_view name) const;
  // The whole as C: what two ways to build one library are compared by.
  std::string c() const;
  // A type as C would write it, in a few words: "const struct point *".
  std::string spell(TypeId id) const;

 private:
  struct Held;
  std::unique_ptr<Held> held_;
  Interface interface_;
};

// Compiles and links the sources (name, text) with `compiler`, each on its own, and returns the
// shared library. `flags` go to each compilation, `link_flags` to the link. Throws Error with the
// compiler's message.
std::filesystem::path compile_units(const std::filesystem::path& directory,
                                    const std::string& compiler,
                                    const std::vector<std::pair<std::string, std::string>>& sources,
                                    const std::vector<std::string>& flags = {},
                                    const std::vector<std::string>& link_flags = {});

// Whether a program can be found in PATH.
bool have_program(const std::string& name);

}  // namespace splitstrip::testing_support
