#include <gtest/gtest.h>

#include "net/client.hpp"

namespace miniops::net {
namespace {

TEST(Multipart, WhatIsBuiltIsParsed) {
  std::string bytes;
  for (int i = 0; i < 512; ++i) bytes += static_cast<char>(i & 0xff);
  bytes += "\r\n--other\r\n";
  for (const std::string& content : {bytes, std::string(), std::string("\r\n"), std::string("x--b")}) {
    const auto made = multipart_file("media", "图 \"1\".png", "image/png", content, "b");
    const auto parts = parse_multipart(made.content_type, made.body, 1);
    ASSERT_TRUE(parts) << parts.error().message;
    ASSERT_EQ(parts->size(), 1U);
    EXPECT_EQ(parts->front().name, "media");
    EXPECT_EQ(parts->front().filename, "图 %221%22.png");
    EXPECT_EQ(parts->front().content_type, "image/png");
    EXPECT_EQ(parts->front().bytes, content);
  }
}

TEST(Multipart, TakesWhatBrowsersAndLibrariesSend) {
  const std::string body =
      "--x y\r\ncontent-disposition: form-data; name=plain\r\n\r\nvalue\r\n"
      "--x y\r\nContent-Type: text/plain\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\\\"b.txt\"\r\n"
      "Content-Length: 4\r\n\r\nfile\r\n--x y--";
  const auto parts = parse_multipart("Multipart/Form-Data; charset=utf-8; boundary=\"x y\"", body, 2);
  ASSERT_TRUE(parts) << parts.error().message;
  EXPECT_EQ((*parts)[0].name, "plain");
  EXPECT_EQ((*parts)[0].bytes, "value");
  EXPECT_EQ((*parts)[1].filename, "a\"b.txt");
  EXPECT_EQ((*parts)[1].bytes, "file");
}

TEST(Multipart, RefusesWhatIsNot) {
  const std::string type = "multipart/form-data; boundary=b";
  const std::string head = "--b\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n";
  struct Row {
    std::string name, type, body, code;
  };
  const std::string malformed = "request.malformed_multipart";
  const Row rows[] = {
      {"other type", "application/json", head + "x\r\n--b--", "request.not_multipart"},
      {"no boundary", "multipart/form-data", head + "x\r\n--b--", malformed},
      {"empty boundary", "multipart/form-data; boundary=", head, malformed},
      {"long boundary", "multipart/form-data; boundary=" + std::string(71, 'b'), head, malformed},
      {"open quote", "multipart/form-data; boundary=\"b", head, malformed},
      {"empty", type, "", malformed},
      {"preamble", type, "hello\r\n" + head + "x\r\n--b--", malformed},
      {"no end", type, head + "x", malformed},
      {"cut in header", type, "--b\r\nContent-Disp", malformed},
      {"no disposition", type, "--b\r\nContent-Type: a\r\n\r\nx\r\n--b--", malformed},
      {"no name", type, "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--", malformed},
      {"not form-data", type, "--b\r\nContent-Disposition: attachment; name=f\r\n\r\nx\r\n--b--", malformed},
      {"no colon", type, "--b\r\nnonsense\r\n\r\nx\r\n--b--", malformed},
      {"text after boundary", type, head + "x\r\n--bb\r\n\r\n", malformed},
      {"huge header", type, "--b\r\nX: " + std::string(5000, 'x') + "\r\n\r\nx\r\n--b--", malformed},
      {"long name", type, "--b\r\nContent-Disposition: form-data; name=" + std::string(600, 'n') + "\r\n\r\nx\r\n--b--",
       malformed},
      {"name not UTF-8", type, "--b\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\nx\r\n--b--", malformed},
      {"too many", type, head + "1\r\n" + head + "2\r\n" + head + "3\r\n--b--", malformed},
  };
  for (const Row& row : rows) {
    const auto parts = parse_multipart(row.type, row.body, 2);
    ASSERT_FALSE(parts) << row.name;
    EXPECT_EQ(parts.error().code, row.code) << row.name;
  }
}

}  // namespace
}  // namespace miniops::net
