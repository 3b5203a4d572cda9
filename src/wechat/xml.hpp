// XML from outside, behind guards of our own. Internal to wechat/.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace miniops::wechat {

inline constexpr std::size_t xml_bytes_max = 1 << 20;
inline constexpr int xml_depth_max = 32;

// One element with everything in it. Refused with wechat.malformed before pugixml sees it: over 1 MiB, not UTF-8, NUL
// (also as a character reference), <!DOCTYPE and <!ENTITY, deeper than 32, text or elements beside the root.
// `document` must not be moved: nodes point into it.
Result<pugi::xml_node> parse_xml(std::string_view text, pugi::xml_document& document);

// All text of an element, which may come as several CDATA sections.
std::string text_of(pugi::xml_node node);

// <name><![CDATA[…]]></name>
void append_cdata(std::string& out, std::string_view name, std::string_view text);
// <name>…</name>, for digits and the like: nothing is escaped.
void append_bare(std::string& out, std::string_view name, std::string_view text);

}  // namespace miniops::wechat
