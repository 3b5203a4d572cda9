// The operation centre's APIs (运维中心), told apart by file: errors, figures, what people said.
#pragma once

#include "sandbox/api_call.hpp"

namespace miniops::sandbox {

// api_operations.cpp
ApiAnswer answer_jserr_list(ApiInput& in);
ApiAnswer answer_jserr_detail(ApiInput& in);
ApiAnswer answer_jserr_search(ApiInput& in);
// api_figures.cpp
ApiAnswer answer_performance(ApiInput& in);
ApiAnswer answer_scene(ApiInput& in);
ApiAnswer answer_client_version(ApiInput& in);
// api_voices.cpp
ApiAnswer answer_userlog_search(ApiInput& in);
ApiAnswer answer_feedback_list(ApiInput& in);
ApiAnswer answer_feedback_media(ApiInput& in);

// A whole number of the query, or `otherwise` when it is not there; nullopt when it is none.
std::optional<std::int64_t> number_of(const net::Request& request, std::string_view name, std::int64_t otherwise);
// A whole number of the body.
std::optional<std::int64_t> number_of(const json::object& body, std::string_view name);
// What a list answers with of all that there is.
template <class T>
std::vector<T> page_of(std::vector<T> all, std::int64_t offset, std::int64_t limit) {
  const auto size = static_cast<std::int64_t>(all.size());
  const auto from = std::clamp<std::int64_t>(offset, 0, size);
  const auto to = std::min<std::int64_t>(from + limit, size);
  return {std::make_move_iterator(all.begin() + from), std::make_move_iterator(all.begin() + to)};
}

}  // namespace miniops::sandbox
