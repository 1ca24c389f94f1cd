// A growing array for a program that does without the C++ library: loading that takes longer than
// all the rest of this helper's start.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <type_traits>

#include <unistd.h>

namespace splitstrip::stage_helper {

template <typename T>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Buffer() = default;
  ~Buffer() { std::free(items_); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  void add(const T& item) {
    reserve(size_ + 1);
    items_[size_++] = item;
  }
  void reserve(std::size_t capacity) {
    if (capacity <= capacity_) return;
    if (capacity < 2 * capacity_) capacity = 2 * capacity_;
    void* grown = std::realloc(static_cast<void*>(items_), capacity * sizeof(T));
    if (grown == nullptr) _exit(71);  // EX_OSERR: the harness reports a helper that broke
    items_ = static_cast<T*>(grown);
    capacity_ = capacity;
  }
  void resize(std::size_t size) {
    reserve(size);
    size_ = size;
  }
  void clear() { size_ = 0; }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* data() { return items_; }
  T& operator[](std::size_t at) { return items_[at]; }
  const T& operator[](std::size_t at) const { return items_[at]; }
  T* begin() { return items_; }
  T* end() { return items_ + size_; }
  const T* begin() const { return items_; }
  const T* end() const { return items_ + size_; }

 private:
  T* items_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace splitstrip::stage_helper
