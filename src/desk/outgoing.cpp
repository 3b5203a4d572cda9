#include "desk/outgoing.hpp"

#include "base/json.hpp"

namespace miniops::desk {

namespace {

constexpr std::size_t named_max = 10;

Error missing_part(const std::string& msgtype) {
  Error error{"request.invalid", "the message lacks what it should say", ErrorKind::invalid};
  error.fields.push_back({"/" + msgtype, "must be an object"});
  return error;
}

Error pointed(Error error, const std::string& prefix) {
  for (FieldError& field : error.fields) field.pointer = prefix + field.pointer;
  return error;
}

Result<ToSend> parse_note(const json::value& part) {
  JsonInput in(part);
  ToSend sending;
  sending.note = true;
  sending.text = in.text("content", {1, 2048});
  for (const std::string& text : in.optional_texts("mentions", named_max)) {
    const auto account = parse_as<AccountId>(text);
    if (!account) in.mistake("mentions", "must be ids of accounts");
    if (account && std::ranges::find(sending.named, *account, &Named::account) == sending.named.end())
      sending.named.push_back({*account});
  }
  sending.consult = in.optional_boolean("consult").value_or(false);
  if (sending.consult && sending.named.empty()) in.mistake("mentions", "say who is asked");
  if (auto ok = in.finish(); !ok) return fail(pointed(ok.error(), "/note"));
  return sending;
}

Result<ToSend> parse_image(const json::value& part) {
  JsonInput in(part);
  ToSend sending;
  sending.picture_id = in.text("picture_id", {1, 128});
  sending.message = wechat::SendImage{};
  if (auto ok = in.finish(); !ok) return fail(pointed(ok.error(), "/image"));
  return sending;
}

Result<ToSend> parse_card(const json::value& part) {
  JsonInput in(part);
  ToSend sending;
  wechat::SendMiniProgramPage card;
  card.title = in.text("title", {1, 64});
  card.pagepath = in.text("pagepath", {1, 1024});
  card.thumb_media_id = in.optional_text("thumb_media_id", {0, 256}).value_or("");
  sending.picture_id = in.optional_text("picture_id", {0, 128}).value_or("");
  in.optional_text("appid", {0, 64});  // a mini program sends its own pages only
  if (card.thumb_media_id.empty() && sending.picture_id.empty()) in.mistake("picture_id", "a card needs a cover");
  sending.message = std::move(card);
  if (auto ok = in.finish(); !ok) return fail(pointed(ok.error(), "/miniprogrampage"));
  return sending;
}

}  // namespace

Result<ToSend> parse_to_send(const json::object& object, bool notes_allowed) {
  const json::value* kind = object.if_contains("msgtype");
  const std::string msgtype = kind != nullptr && kind->is_string() ? std::string(kind->get_string()) : std::string();
  const json::value* part = object.if_contains(msgtype);
  const bool known = msgtype == "text" || msgtype == "image" || msgtype == "link" || msgtype == "miniprogrampage" ||
                     (notes_allowed && msgtype == "note");
  if (!known) {
    Error error{"request.invalid", "this kind of message cannot be sent", ErrorKind::invalid};
    error.fields.push_back({"/msgtype", "must be text, image, link or miniprogrampage"});
    return fail(std::move(error));
  }
  if (part == nullptr || !part->is_object()) return fail(missing_part(msgtype));
  if (msgtype == "note") return parse_note(*part);
  if (msgtype == "image") return parse_image(*part);
  if (msgtype == "miniprogrampage") return parse_card(*part);

  auto message = wechat::parse_outgoing({{"msgtype", msgtype}, {msgtype, *part}});
  if (!message) return std::unexpected(message.error());
  ToSend sending;
  if (const auto* text = std::get_if<wechat::SendText>(&*message)) sending.text = text->content;
  sending.message = std::move(*message);
  return sending;
}

void replace_text(ToSend& sending, std::string text) {
  if (auto* message = std::get_if<wechat::SendText>(&sending.message)) message->content = text;
  sending.text = std::move(text);
}

}  // namespace miniops::desk
