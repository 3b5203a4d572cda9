// The newest `capacity` items of a list that would grow for ever, numbered 1, 2, … so that the count stays true.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

namespace miniops::sandbox {

template <class T>
class Ring {
 public:
  explicit Ring(std::size_t capacity) : capacity_(capacity) {}

  // The item gets the number total() has afterwards.
  T& add(T item) {
    if (items_.size() == capacity_) items_.pop_front();
    items_.push_back(std::move(item));
    ++total_;
    return items_.back();
  }
  T* find(std::uint64_t number) {
    if (number < first() || number > total_) return nullptr;
    return &items_[static_cast<std::size_t>(number - first())];
  }
  std::uint64_t first() const { return total_ - items_.size() + 1; }
  std::uint64_t total() const { return total_; }
  const std::deque<T>& items() const { return items_; }

 private:
  std::size_t capacity_;
  std::uint64_t total_ = 0;
  std::deque<T> items_;
};

}  // namespace miniops::sandbox
