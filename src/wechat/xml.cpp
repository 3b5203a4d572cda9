#include "wechat/xml.hpp"

#include <cstdint>

#include "base/text.hpp"
#include "wechat/errors.hpp"

namespace miniops::wechat {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Walks over the markup without building anything.
class Guard {
 public:
  explicit Guard(std::string_view text) : text_(text) {}

  bool pass() {
    while (at_ < text_.size()) {
      if (text_[at_] != '<') {
        if (!pass_text()) return false;
      } else if (!pass_markup()) {
        return false;
      }
    }
    return depth_ == 0 && roots_ == 1;
  }

 private:
  bool starts_with(std::string_view mark) const { return text_.substr(at_, mark.size()) == mark; }

  bool skip_past(std::string_view mark) {
    const std::size_t found = text_.find(mark, at_);
    if (found == std::string_view::npos) return false;
    at_ = found + mark.size();
    return true;
  }

  bool pass_text() {
    const char c = text_[at_];
    if (depth_ == 0 && !is_blank(c)) return false;
    if (c == '&' && !pass_reference()) return false;
    ++at_;
    return true;
  }

  // A character reference must name a character that is none of NUL, a surrogate, or beyond Unicode.
  bool pass_reference() const {
    if (!starts_with("&#")) return true;
    std::size_t i = at_ + 2;
    const bool is_hex = i < text_.size() && text_[i] == 'x';
    i += is_hex ? 1 : 0;
    std::uint32_t value = 0;
    const std::size_t first = i;
    for (; i < text_.size() && text_[i] != ';'; ++i) {
      const char c = text_[i];
      const int digit = c >= '0' && c <= '9'             ? c - '0'
                        : is_hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : is_hex && c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                         : -1;
      if (digit < 0 || value > 0x10FFFF) return false;
      value = value * (is_hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
    }
    return i < text_.size() && i > first && value != 0 && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
  }

  bool pass_markup() {
    if (starts_with("<![CDATA[")) return depth_ > 0 && skip_past("]]>");
    if (starts_with("<!--")) return skip_past("-->");
    if (starts_with("<?")) return skip_past("?>");
    if (starts_with("<!")) return false;  // DOCTYPE, ENTITY and the like
    return pass_tag();
  }

  bool pass_tag() {
    const bool closing = starts_with("</");
    char quote = 0;
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '&' && !pass_reference()) return false;
      if (quote != 0) {
        quote = c == quote ? '\0' : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '<') {
        return false;
      } else if (c == '>') {
        const bool empty = text_[at_ - 1] == '/';
        ++at_;
        return closing ? --depth_ >= 0 : open(empty);
      }
    }
    return false;
  }

  bool open(bool empty) {
    if (depth_ == 0 && ++roots_ > 1) return false;
    if (depth_ >= xml_depth_max) return false;
    depth_ += empty ? 0 : 1;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int roots_ = 0;
};

}  // namespace

Result<pugi::xml_node> parse_xml(std::string_view text, pugi::xml_document& document) {
  if (text.size() > xml_bytes_max) return malformed("The XML is too large.");
  if (!valid_utf8(text)) return malformed("The XML is not valid UTF-8, or holds a NUL.");
  if (!Guard(text).pass())
    return malformed("The XML is not well-formed, declares a document type, or is nested too deeply.");
  // Line ends stay as they came; blanks count where they are all that an element holds.
  constexpr unsigned options = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_ws_pcdata_single;
  const auto parsed = document.load_buffer(text.data(), text.size(), options, pugi::encoding_utf8);
  if (!parsed || !document.document_element()) return malformed("The XML is not well-formed.");
  return document.document_element();
}

std::string text_of(pugi::xml_node node) {
  std::string out;
  for (pugi::xml_node part : node.children()) {
    if (part.type() == pugi::node_cdata || part.type() == pugi::node_pcdata) out += part.value();
  }
  return out;
}

void append_cdata(std::string& out, std::string_view name, std::string_view text) {
  out.append("<").append(name).append("><![CDATA[");
  for (std::size_t end = text.find("]]>"); end != std::string_view::npos; end = text.find("]]>")) {
    out.append(text.substr(0, end + 2)).append("]]><![CDATA[");  // a CDATA section cannot hold its own end
    text.remove_prefix(end + 2);
  }
  out.append(text).append("]]></").append(name).append(">");
}

void append_bare(std::string& out, std::string_view name, std::string_view text) {
  out.append("<").append(name).append(">").append(text).append("</").append(name).append(">");
}

}  // namespace miniops::wechat
