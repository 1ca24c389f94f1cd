#include "consumers/pypy/pypy.h"

#include "consumers/ctypes/interpreter.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_pypy() {
  return make_interpreter({"pypy", "pypy3", "[PyPy ", "7.3.8", "pypy3", "pypy3"});
}

}  // namespace splitstrip
