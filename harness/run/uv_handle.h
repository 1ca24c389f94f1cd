// libuv handles behind RAII.
//
// A libuv handle must stay where it is until the loop has called its close callback, so each lies
// on the heap by itself: the owner's destructor starts the closing, the loop ends it.
#pragma once

#include <memory>

#include <uv.h>

namespace splitstrip {

template <typename T>
struct UvClose {
  void operator()(T* handle) const {
    uv_close(reinterpret_cast<uv_handle_t*>(handle),
             [](uv_handle_t* closed) { delete reinterpret_cast<T*>(closed); });
  }
};

template <typename T>
using UvHandle = std::unique_ptr<T, UvClose<T>>;

// Initialises a handle with `init` (uv_timer_init, uv_idle_init ...), which cannot fail for the
// types used here, and lets its callbacks find `owner` in data.
template <typename T, typename Init>
UvHandle<T> make_uv_handle(uv_loop_t* loop, Init init, void* owner) {
  auto handle = std::make_unique<T>();
  init(loop, handle.get());
  handle->data = owner;
  return UvHandle<T>(handle.release());
}

}  // namespace splitstrip
