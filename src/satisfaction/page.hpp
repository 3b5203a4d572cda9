// The rating page as HTML: small, without script, and without anything that came from outside. Pure.
#pragma once

#include <string>
#include <string_view>

namespace miniops::satisfaction {

enum class Language { zh, en };
// The one that the browser likes better; Chinese when it says nothing of either.
Language language_of(std::string_view accept_language);

enum class Shown { form, incomplete, thanks, used, expired, unknown, busy };
std::string rating_html(Language language, Shown shown);

// What the page may load and send: its own style, and the form to where it came from.
const std::string& rating_policy();

}  // namespace miniops::satisfaction
