#include "base/text.hpp"
#include "targets/fuzz.hpp"
#include "wechat/api.hpp"

namespace {

using namespace miniops;
using namespace miniops::wechat;
using miniops::fuzz::require;

template <class T>
void check(const ApiResult<T>& answer) {
  if (answer) return;
  require(answer.error().errcode != 0);
  require(valid_utf8(answer.error().errmsg) && count_chars(answer.error().errmsg) <= 500);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input in(data, size);
  const int status = in.choice(8) == 7 ? 502 : 200;
  const std::string_view type = in.line();
  const std::string_view disposition = in.line();
  const std::string_view body = in.rest();
  check(parse_token_answer(status, body));
  check(parse_done(status, body));
  check(parse_media_uploaded(status, body));
  check(parse_ip_list(status, body));
  const auto media = parse_media_get(status, type, disposition, body);
  check(media);
  if (media) {
    require(media->filename.find_first_of("/\\") == std::string::npos && valid_utf8(media->filename));
    require(media->bytes.empty() != media->video_url.empty() || media->bytes.empty());
  }
  return 0;
}
