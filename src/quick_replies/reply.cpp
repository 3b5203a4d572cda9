#include "quick_replies/reply.hpp"

#include "base/text.hpp"
#include "quick_replies/errors.hpp"
#include "quick_replies/initials.hpp"
#include "quick_replies/variables.hpp"

namespace miniops::quick_replies {

namespace {

constexpr std::size_t folder_levels_max = 3;
constexpr std::size_t folder_name_chars_max = 32;
constexpr std::size_t initials_chars_max = 64;
constexpr std::size_t untitled_chars = 16;  // of the text, when there is no title

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

Result<std::string> normal_initials(std::string_view text) {
  const std::string folded = fold(trimmed(text));
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ' '; };
  if (folded.size() > initials_chars_max || !std::ranges::all_of(folded, fits)) return fail(errors::invalid_initials());
  return folded;
}

}  // namespace

QuickReplyPatch read_patch(JsonInput& in) {
  QuickReplyPatch patch;
  if (const auto scope = in.optional_choice("scope", {"personal", "shared"})) patch.shared = *scope == "shared";
  patch.folder = in.optional_text("folder", {0, 128});
  patch.shortcut = in.optional_text("shortcut", shortcut_rule);
  patch.title = in.optional_text("title", title_rule);
  patch.content = in.optional_text("content", content_rule);
  patch.picture_id = in.optional_text("picture_id", picture_rule);
  patch.initials = in.optional_text("initials", {0, 64});
  return patch;
}

void apply(QuickReply& reply, const QuickReplyPatch& patch, AccountId caller) {
  if (patch.shared) reply.owner = *patch.shared ? AccountId() : caller;
  const auto take = [](std::string& into, const std::optional<std::string>& from) {
    if (from) into = *from;
  };
  take(reply.folder, patch.folder);
  take(reply.shortcut, patch.shortcut);
  take(reply.title, patch.title);
  take(reply.content, patch.content);
  take(reply.picture_id, patch.picture_id);
  take(reply.initials, patch.initials);
}

Result<QuickReply> checked(QuickReply reply) {
  if (trimmed(reply.content).empty() && reply.picture_id.empty()) return fail(errors::empty());
  if (auto ok = check_variables(reply.content); !ok) return std::unexpected(ok.error());
  auto folder = normal_folder(reply.folder);
  if (!folder) return std::unexpected(folder.error());
  auto initials = normal_initials(reply.initials);
  if (!initials) return std::unexpected(initials.error());
  reply.folder = std::move(*folder);
  reply.initials = std::move(*initials);
  return reply;
}

Result<std::string> normal_folder(std::string_view path) {
  std::string out;
  if (trimmed(path).empty()) return out;
  std::size_t levels = 0;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view name = trimmed(path.substr(at, end - at));
    at = end + 1;
    if (name.empty()) return fail(errors::invalid_folder("has a level without a name"));
    if (has_control(name)) return fail(errors::invalid_folder("has characters that cannot be shown"));
    if (count_chars(name) > folder_name_chars_max)
      return fail(errors::invalid_folder("has a name of more than 32 characters"));
    if (++levels > folder_levels_max) return fail(errors::invalid_folder("is more than 3 levels deep"));
    if (!out.empty()) out += '/';
    out += name;
  }
  return out;
}

std::string initials_of(const QuickReply& reply) {
  if (!reply.initials.empty()) return reply.initials;
  return initials_of(reply.title.empty() ? truncate_chars(reply.content, untitled_chars) : reply.title);
}

}  // namespace miniops::quick_replies
