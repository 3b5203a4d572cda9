// A coroutine of ours. Expected failures travel in the value: Task<Result<T>>.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace miniops {

template <class T>
using Task = boost::asio::awaitable<T>;

}  // namespace miniops
