// Addresses to regions, with the real file.
#include "telemetry/regions.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace miniops::telemetry {
namespace {

TEST(Regions, AnAddressIsInAProvinceOrACountry) {
  const Regions regions = Regions::open(region_places());
  ASSERT_TRUE(regions.known());
  struct Case {
    const char *address, *region;
  };
  for (const Case& c :
       {Case{"202.96.128.86", "广东省"}, Case{"::ffff:202.96.128.86", "广东省"}, Case{"219.141.136.10", "北京"},
        Case{"8.8.8.8", "美国"}, Case{"192.168.1.1", ""}, Case{"127.0.0.1", ""}, Case{"::1", ""},
        Case{"2408:8000::1", ""}, Case{"", ""}, Case{"no address", ""}, Case{"1.2.3", ""}})
    EXPECT_EQ(regions.of(c.address), c.region) << c.address;
}

TEST(Regions, AFileThatIsNoneIsNotUsed) {
  const auto folder = std::filesystem::temp_directory_path() / "miniops-regions-test";
  std::filesystem::create_directories(folder);
  const auto small = folder / "small.xdb";
  std::ofstream(small) << "not the file";
  // Large enough, and all its places point beyond its end.
  const auto wild = folder / "wild.xdb";
  std::ofstream(wild) << std::string(600'000, '\xff');
  EXPECT_FALSE(Regions::open(std::array{folder / "absent.xdb", small}).known());
  const Regions regions = Regions::open(std::array{wild});
  EXPECT_TRUE(regions.known());
  EXPECT_EQ(regions.of("8.8.8.8"), "");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace miniops::telemetry
