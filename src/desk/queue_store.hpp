// The rows of queues: who waits, and what routing wants to know of them. Called inside closures; stateless.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "desk/conversation.hpp"
#include "storage/sql/database.hpp"
#include "teams/setup.hpp"

namespace miniops::desk::store {

// What is asked of the agent, as a conversation keeps it (Placement::target), as far as it still stands. What was
// stored before there were rules, or cannot be read any more, is for everybody.
routing::Target target_in(const std::string& stored, const teams::Setup& setup);

// Rows of conversations that wait in a queue. The bound is below every place: without it SQLite passes over the index
// of queues, and reads all conversations that the mini program ever had.
inline constexpr std::string_view is_queued = "stage = 'queued' AND state <> 'closed' AND place > -9000000000000000000";

// Of those who wait in a mini program, the first in the order of their places. When there are more than waiting_max,
// and so many were asked for: the first of each group. The others are not looked at until these are gone.
inline constexpr int waiting_max = 10'000;
inline constexpr int waiting_of_group_max = 1'000;
std::vector<routing::Waiting> waiting_of(sql::Transaction& tx, const AppId& appid, const teams::Setup& setup,
                                         int at_most);
std::map<routing::GroupId, std::int64_t> waiting_by_group(sql::Transaction& tx, const AppId& appid);

// With how many wait in it, where busy mode asks.
routing::Group as_it_is(sql::Transaction& tx, const AppId& appid, const teams::Group& group);

// Those that are not closed.
std::vector<Conversation> open_of_group(sql::Transaction& tx, const AppId& appid, routing::GroupId group);
// All places anew.
void reorder(sql::Transaction& tx, const AppId& appid, std::int64_t points_per_minute);

// ---- what rules ask of a conversation ----
struct Known {
  people::ProfileId profile{};
  std::string parameters{};
};
Known known_of(sql::Transaction& tx, ThreadId thread);
void save_parameters(sql::Transaction& tx, const Thread& thread);
// msgtype and body of the customer's first messages.
std::vector<std::pair<std::string, std::string>> first_of_customer(sql::Transaction& tx, const Conversation& of,
                                                                   int limit);
// And of the last one.
std::optional<std::pair<std::string, std::string>> last_of_customer(sql::Transaction& tx, const Conversation& of);

}  // namespace miniops::desk::store
