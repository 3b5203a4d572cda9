// Custom fields of conversations. Pure.
#pragma once

#include "base/custom_field.hpp"
#include "base/ids.hpp"

namespace miniops::wrapup {

using FieldId = NumberId<struct FieldIdTag>;

inline constexpr std::size_t fields_max = 20;

struct Field : CustomField {
  FieldId id{};
  AppId appid{};
  bool archived = false;
  bool used = false;  // a conversation had it once
};

inline json::object to_json(const Field& field) {
  json::object out = miniops::to_json(static_cast<const CustomField&>(field));
  out["id"] = field.id.str();
  out["archived"] = field.archived;
  out["used"] = field.used;
  return out;
}

}  // namespace miniops::wrapup
