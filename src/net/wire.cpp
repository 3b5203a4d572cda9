#include "net/wire.hpp"

#include <boost/asio/buffer.hpp>

namespace miniops::net {

Task<ErrorCode> write_all(Wire& wire, std::string_view bytes) {
  bytes.remove_prefix(wire.write_now(bytes));
  ErrorCode error;
  while (!bytes.empty() && !error) {
    const std::size_t written = co_await wire.async_write_some(boost::asio::buffer(bytes), into(error));
    bytes.remove_prefix(written);
  }
  co_return error;
}

}  // namespace miniops::net
