#include "net/address_guard.hpp"

#include "net/tests/server_fixture.hpp"

namespace miniops::net::testing {
namespace {

bool allowed(const AddressGuard& guard, const std::string& address) {
  return guard.allows(asio::ip::make_address(address));
}

TEST(AddressGuard, AllowsThePublicInternetAndNothingElse) {
  const AddressGuard guard;
  for (const char* address : {"1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.0.1", "192.169.0.1",
                              "223.255.255.1", "2606:4700::1111", "240e::1", "::ffff:1.1.1.1"})
    EXPECT_TRUE(allowed(guard, address)) << address;
  for (const char* address : {"0.0.0.0",
                              "10.0.0.1",
                              "100.64.0.1",
                              "127.0.0.1",
                              "127.255.255.254",
                              "169.254.169.254",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.168.1.1",
                              "192.0.0.1",
                              "198.18.0.1",
                              "224.0.0.1",
                              "239.1.1.1",
                              "255.255.255.255",
                              "::",
                              "::1",
                              "fe80::1",
                              "fc00::1",
                              "fd00:ec2::254",
                              "ff02::1",
                              "::ffff:127.0.0.1",
                              "::ffff:10.0.0.1",
                              "64:ff9b::a00:1",
                              "2002:7f00:1::",
                              "2001::1",
                              "2001:db8::1"})
    EXPECT_FALSE(allowed(guard, address)) << address;
}

TEST(AddressGuard, AllowsBesidesWhatTheAdministratorNames) {
  const auto guard = AddressGuard::parse({"10.1.0.0/16", "fd00::/8", "127.0.0.1"});
  ASSERT_TRUE(guard);
  EXPECT_TRUE(allowed(*guard, "10.1.2.3"));
  EXPECT_TRUE(allowed(*guard, "fd12::1"));
  EXPECT_TRUE(allowed(*guard, "127.0.0.1"));
  EXPECT_TRUE(allowed(*guard, "1.1.1.1"));
  EXPECT_FALSE(allowed(*guard, "10.2.0.1"));
  EXPECT_FALSE(allowed(*guard, "127.0.0.2"));
  const auto wrong = AddressGuard::parse({"10.0.0.0/33"});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, "net.invalid_address_block");
  EXPECT_TRUE(wrong.error().message.contains("10.0.0.0/33"));
}

class GuardedRequest : public ServerTest {
 protected:
  std::expected<ClientResponse, ClientFailure> get(const std::string& address, const AddressGuard* guard) {
    ClientRequest request;
    request.url = address;
    request.guard = guard;
    return run(client->send(std::move(request)));
  }
  std::unique_ptr<HttpClient> client = make_http_client();
};

TEST_F(GuardedRequest, IsHeldBackBeforeAByteLeaves) {
  hello_route();
  start();
  const AddressGuard strict;
  const std::string port = std::to_string(server->port());
  // Names and odd spellings lead to the same addresses.
  for (const std::string& host : {"127.0.0.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"}) {
    const auto answer = get("http://" + host + ":" + port + "/hello", &strict);
    ASSERT_FALSE(answer) << host;
    EXPECT_FALSE(answer.error().bytes_left);
  }
  EXPECT_EQ(get("http://127.0.0.1:" + port + "/hello", &strict).error().kind, ClientFailure::Kind::not_allowed);
  EXPECT_EQ(get("http://localhost:" + port + "/hello", &strict).error().kind, ClientFailure::Kind::not_allowed);
  EXPECT_EQ(server->counts().requests, 0U);
  const auto local = AddressGuard::parse({"127.0.0.1"}).value();
  EXPECT_TRUE(get("http://127.0.0.1:" + port + "/hello", &local));
}

TEST_F(GuardedRequest, UsesNoConnectionThatOthersOpened) {
  hello_route();
  start();
  ASSERT_TRUE(get(url("/hello"), nullptr));
  const AddressGuard strict;
  EXPECT_FALSE(get(url("/hello"), &strict)) << "the idle connection must not serve it";
}

}  // namespace
}  // namespace miniops::net::testing
