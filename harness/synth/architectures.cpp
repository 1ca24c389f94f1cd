#include "synth/architectures.h"

#include <array>

namespace splitstrip::synth {
namespace {

std::array<const Architecture*, 2> all() {
  return {&x86_64(), &aarch64()};
}

}  // namespace

const Architecture* architecture_of(std::uint16_t machine) {
  for (const Architecture* one : all())
    if (one->machine() == machine) return one;
  return nullptr;
}

std::string architecture_names() {
  std::string names;
  for (const Architecture* one : all()) {
    if (!names.empty()) names += ", ";
    names += one->name();
  }
  return names;
}

}  // namespace splitstrip::synth
