#include "base/random.hpp"

#include <openssl/rand.h>

#include <cstring>
#include <mutex>
#include <random>
#include <stdexcept>

namespace miniops {

std::uint64_t Random::number() {
  std::array<unsigned char, 8> raw{};
  fill(raw);
  std::uint64_t value = 0;
  std::memcpy(&value, raw.data(), sizeof value);
  return value;
}

std::uint64_t Random::below(std::uint64_t bound) {
  // Values past the last whole multiple of `bound` would favour the small numbers.
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  for (;;) {
    const std::uint64_t value = number();
    if (value < limit) return value % bound;
  }
}

std::string Random::bytes(std::size_t count) {
  std::string out(count, '\0');
  fill({reinterpret_cast<unsigned char*>(out.data()), out.size()});
  return out;
}

std::string Random::alphanumeric(std::size_t count) {
  static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string out;
  out.reserve(count);
  while (out.size() < count) {
    std::array<unsigned char, 64> raw{};
    fill(raw);
    for (unsigned char byte : raw) {
      if (byte >= 248 || out.size() == count) continue;  // 248 = 4 · 62
      out.push_back(letters[byte % letters.size()]);
    }
  }
  return out;
}

void SystemRandom::fill(std::span<unsigned char> out) {
  if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) throw std::runtime_error("RAND_bytes failed");
}

struct SeededRandom::State {
  std::mutex mutex;
  std::mt19937_64 engine;
};

SeededRandom::SeededRandom(std::uint64_t seed) : state_(std::make_unique<State>()) { state_->engine.seed(seed); }
SeededRandom::~SeededRandom() = default;

void SeededRandom::fill(std::span<unsigned char> out) {
  const std::lock_guard lock(state_->mutex);
  for (unsigned char& byte : out) byte = static_cast<unsigned char>(state_->engine());
}

}  // namespace miniops
