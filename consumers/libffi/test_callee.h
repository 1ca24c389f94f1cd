// For tests: the split library that is called, and cifs made in one line.
#pragma once

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

#include <dlfcn.h>
#include <ffi.h>

#include "consumers/libffi/ffi_typesafe.h"

namespace splitstrip::ffi::testing_support {

using Function = void (*)();

// A loaded library; closed with the object.
class Loaded {
 public:
  explicit Loaded(const std::string& path) : handle_(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) throw std::runtime_error(dlerror());
  }
  ~Loaded() { close(); }
  Loaded(const Loaded&) = delete;
  Loaded& operator=(const Loaded&) = delete;

  Function function(const char* name) const {
    void* const found = dlsym(handle_, name);
    if (found == nullptr) throw std::runtime_error(dlerror());
    return reinterpret_cast<Function>(found);
  }
  void close() {
    if (handle_ != nullptr) dlclose(handle_);
    handle_ = nullptr;
  }

 private:
  void* handle_;
};

// A cif with its list of arguments.
class Cif {
 public:
  Cif(ffi_type& result, std::vector<ffi_type*> arguments, unsigned fixed = FFI_TYPESAFE_ALL_FIXED)
      : fixed_(fixed), arguments_(std::move(arguments)) {
    const auto count = static_cast<unsigned>(arguments_.size());
    const ffi_status status =
        fixed == FFI_TYPESAFE_ALL_FIXED
            ? ffi_prep_cif(&cif_, FFI_DEFAULT_ABI, count, &result, arguments_.data())
            : ffi_prep_cif_var(&cif_, FFI_DEFAULT_ABI, fixed, count, &result, arguments_.data());
    if (status != FFI_OK) throw std::runtime_error("ffi_prep_cif failed");
  }
  Cif(const Cif&) = delete;
  Cif& operator=(const Cif&) = delete;

  const ffi_cif& get() const { return cif_; }
  ffi_cif* operator&() { return &cif_; }
  unsigned fixed() const { return fixed_; }

 private:
  unsigned fixed_;
  std::vector<ffi_type*> arguments_;
  ffi_cif cif_;
};

// A structure by value, laid out by libffi when its cif is prepared.
class Struct {
 public:
  Struct(std::initializer_list<ffi_type*> elements) : elements_(elements) {
    elements_.push_back(nullptr);
    type_ = {0, 0, FFI_TYPE_STRUCT, elements_.data()};
  }
  Struct(const Struct&) = delete;
  Struct& operator=(const Struct&) = delete;
  ffi_type* operator&() { return &type_; }
  ffi_type& get() { return type_; }

 private:
  std::vector<ffi_type*> elements_;
  ffi_type type_;
};

}  // namespace splitstrip::ffi::testing_support
