// PostgreSQL's binary form of the few types that we use. Private to storage/sql.
#pragma once

#include <libpq-fe.h>

#include <array>
#include <string_view>

#include "storage/sql/value.hpp"

namespace miniops::sql {

namespace oid {  // of catalog/pg_type.dat; they never change
inline constexpr Oid boolean = 16;
inline constexpr Oid bytea = 17;
inline constexpr Oid int8 = 20;
inline constexpr Oid int2 = 21;
inline constexpr Oid int4 = 23;
inline constexpr Oid text = 25;
inline constexpr Oid float4 = 700;
inline constexpr Oid float8 = 701;
inline constexpr Oid numeric = 1700;
}  // namespace oid

std::array<char, 8> to_network(std::int64_t number);
std::array<char, 8> to_network(double number);

// Integers of any width and booleans become integers, numeric (a sum of BIGINTs) too when it is whole; other types are
// the bytes as they come, which is right for text and bytea.
Value from_binary(Oid type, std::string_view bytes);

}  // namespace miniops::sql
