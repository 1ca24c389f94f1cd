// What all Pythons with a ctypes are asked, and how: consumers/ctypes/scripts/ runs in each.
#pragma once

#include <memory>
#include <string>

#include "consumers/consumer.h"

namespace splitstrip {

// One Python.
struct Interpreter {
  std::string consumer;  // its name among consumers
  std::string program;   // the one in /usr/bin goes before that of PATH, which may be anything
  std::string version_follows;  // this, in what `PROGRAM --version` prints
  std::string oldest;
  std::string debian_package;
  std::string fedora_package;
};

std::unique_ptr<Consumer> make_interpreter(Interpreter which);

}  // namespace splitstrip
