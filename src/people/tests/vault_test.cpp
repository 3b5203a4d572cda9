#include "people/vault.hpp"

#include <gmock/gmock.h>

namespace miniops::people {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Phone, HasOneForm) {
  struct Case {
    std::string text, normal, masked;
  };
  const std::vector<Case> cases{
      {"13812345678", "13812345678", "138****5678"},
      {"+86 138-1234-5678", "13812345678", "138****5678"},
      {"0086 (138) 1234 5678", "13812345678", "138****5678"},
      {"8613812345678", "13812345678", "138****5678"},
      {"１３８１２３４５６７８", "13812345678", "138****5678"},
      {"+852 9123 4567", "+85291234567", "+85*******67"},
      {"00852 91234567", "+85291234567", "+85*******67"},
      {"+1 (381) 234-5678", "+13812345678", "+13*******78"},
      {"", "", ""},
      {"1381234567", "", ""},
      {"12812345678", "", ""},
      {"138123456789", "", ""},
      {"+123456", "", ""},
      {"+1234567890123456", "", ""},
      {"138abcd5678", "", ""},
      {"13812345678;DROP", "", ""},
  };
  for (const Case& one : cases) {
    const auto normal = normal_id(IdentityKind::phone, one.text);
    EXPECT_EQ(normal.value_or(""), one.normal) << one.text;
    if (normal) {
      EXPECT_EQ(mask_phone(*normal), one.masked) << one.text;
    } else {
      EXPECT_EQ(normal.error().code, "people.invalid_identity");
    }
  }
}

TEST(Id, IsShortTextWithoutControlCharacters) {
  EXPECT_EQ(normal_id(IdentityKind::login_id, "User 7").value(), "User 7");
  for (const std::string& wrong : {std::string(), std::string(129, 'x'), std::string("a\nb"), std::string("a\xFF")})
    EXPECT_FALSE(normal_id(IdentityKind::login_id, wrong)) << wrong;
}

class VaultTest : public testing::Test {
 protected:
  Identity kept(IdentityKind kind, const std::string& value, std::int64_t id = 7) {
    Identity identity{IdentityId(id), ProfileId(1), kind};
    vault_.keep(identity, normal_id(kind, value).value());
    return identity;
  }
  SeededRandom random_{1};
  Sealer sealer_{std::string(Sealer::key_bytes, 'k'), random_};
  Vault numbers_{sealer_, std::string(32, 'h')};
  IdentityVault vault_{numbers_};
};

TEST_F(VaultTest, PhonesAreNowhereInClear) {
  const Identity phone = kept(IdentityKind::phone, "+86 138 1234 5678");
  EXPECT_EQ(phone.value, "138****5678");
  EXPECT_THAT(phone.search_key, Not(HasSubstr("1234")));
  EXPECT_EQ(phone.search_key.size(), 64U);
  EXPECT_THAT(phone.sealed, Not(HasSubstr("13812345678")));
  EXPECT_EQ(vault_.reveal(phone).value(), "13812345678");
  EXPECT_EQ(phone.search_key, vault_.search_key(IdentityKind::phone, "13812345678"));
  EXPECT_EQ(kept(IdentityKind::phone, "13812345678", 8).search_key, phone.search_key);
  EXPECT_NE(kept(IdentityKind::phone, "13812345679").search_key, phone.search_key);
  const Vault others(sealer_, std::string(32, 'i'));
  EXPECT_NE(IdentityVault(others).search_key(IdentityKind::phone, "13812345678"), phone.search_key);
}

TEST_F(VaultTest, ASealedNumberOpensInItsRowOnly) {
  Identity phone = kept(IdentityKind::phone, "13812345678");
  phone.id = IdentityId(8);
  EXPECT_EQ(vault_.reveal(phone).error().code, "base.seal_broken");
}

TEST_F(VaultTest, OtherIdsAreSealedWhenTheyHoldNumbersOfPeople) {
  const Identity plain = kept(IdentityKind::login_id, "u77");
  EXPECT_EQ(plain.value, "u77");
  EXPECT_EQ(plain.search_key, "u77");
  EXPECT_EQ(plain.sealed, "");
  EXPECT_EQ(vault_.reveal(plain).value(), "u77");
  for (const IdentityKind kind : {IdentityKind::login_id, IdentityKind::outside_id}) {
    const Identity number = kept(kind, "13812345678");
    EXPECT_EQ(number.value, "138****5678");
    EXPECT_EQ(vault_.reveal(number).value(), "13812345678");
    EXPECT_NE(number.search_key, kept(IdentityKind::phone, "13812345678").search_key);
  }
  EXPECT_EQ(kept(IdentityKind::unionid, "13812345678").sealed, "");  // WeChat's, whatever it looks like
}

}  // namespace
}  // namespace miniops::people
