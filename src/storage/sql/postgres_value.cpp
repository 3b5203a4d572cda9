#include "storage/sql/postgres_value.hpp"

#include <bit>
#include <cmath>

namespace miniops::sql {

namespace {

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (char c : bytes) value = (value << 8) | static_cast<unsigned char>(c);
  return value;
}

template <class T>
T signed_number(std::string_view bytes) {
  return static_cast<T>(big_endian(bytes.substr(0, sizeof(T))));
}

// numeric: count, weight, sign, scale (16 bits each), then digits of base 10,000, the first worth 10,000^weight.
Value from_numeric(std::string_view bytes) {
  if (bytes.size() < 8) return nullptr;
  const auto count = signed_number<std::int16_t>(bytes);
  const auto weight = signed_number<std::int16_t>(bytes.substr(2));
  const auto sign = static_cast<std::uint16_t>(big_endian(bytes.substr(4, 2)));
  if (sign != 0 && sign != 0x4000) return std::nan("");
  const double factor = sign == 0 ? 1.0 : -1.0;
  std::int64_t whole = 0;
  double approximate = 0;
  bool exact = count <= weight + 1;  // no digit behind the point
  for (int i = 0; i < count; ++i) {
    const auto digit = signed_number<std::int16_t>(bytes.substr(8 + 2 * static_cast<std::size_t>(i)));
    approximate += digit * std::pow(10000.0, weight - i);
    exact = exact && !__builtin_mul_overflow(whole, 10000, &whole) && !__builtin_add_overflow(whole, digit, &whole);
  }
  for (int i = count; i <= weight; ++i) exact = exact && !__builtin_mul_overflow(whole, 10000, &whole);
  if (exact) return sign == 0 ? whole : -whole;
  return factor * approximate;
}

}  // namespace

std::array<char, 8> to_network(std::int64_t number) {
  std::array<char, 8> out{};
  auto rest = static_cast<std::uint64_t>(number);
  for (std::size_t i = out.size(); i-- > 0; rest >>= 8) out[i] = static_cast<char>(rest & 0xff);
  return out;
}

std::array<char, 8> to_network(double number) { return to_network(std::bit_cast<std::int64_t>(number)); }

Value from_binary(Oid type, std::string_view bytes) {
  switch (type) {
    case oid::boolean:
      return static_cast<std::int64_t>(bytes.front() != 0);
    case oid::int2:
      return static_cast<std::int64_t>(signed_number<std::int16_t>(bytes));
    case oid::int4:
      return static_cast<std::int64_t>(signed_number<std::int32_t>(bytes));
    case oid::int8:
      return signed_number<std::int64_t>(bytes);
    case oid::float4:
      return static_cast<double>(std::bit_cast<float>(signed_number<std::int32_t>(bytes)));
    case oid::float8:
      return std::bit_cast<double>(signed_number<std::int64_t>(bytes));
    case oid::numeric:
      return from_numeric(bytes);
    default:
      return std::string(bytes);
  }
}

}  // namespace miniops::sql
