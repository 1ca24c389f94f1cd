#include "consumers/ctypes/ctypes.h"

#include "consumers/ctypes/interpreter.h"

namespace splitstrip {

std::unique_ptr<Consumer> make_ctypes() {
  return make_interpreter({"ctypes", "python3", "Python ", "3.9", "python3", "python3"});
}

}  // namespace splitstrip
