// Randomness comes from outside. Both are safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace miniops {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<unsigned char> out) = 0;

  std::uint64_t number();                       // 64 random bits
  std::uint64_t below(std::uint64_t bound);     // 0 … bound-1, unbiased; bound > 0
  std::string bytes(std::size_t count);         // raw bytes
  std::string alphanumeric(std::size_t count);  // [A-Za-z0-9]: 5.95 bits a character
};

// The operating system's generator, through OpenSSL. For keys, tokens, nonces.
class SystemRandom final : public Random {
 public:
  void fill(std::span<unsigned char> out) override;
};

// Repeatable from a seed. For tests and simulations only.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed);
  ~SeededRandom() override;
  void fill(std::span<unsigned char> out) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace miniops
