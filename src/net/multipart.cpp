// multipart/form-data (RFC 7578): built for one file, parsed strictly.
#include "base/text.hpp"
#include "net/client.hpp"

namespace miniops::net {

namespace {

constexpr std::size_t boundary_max = 70;       // RFC 2046
constexpr std::size_t part_header_max = 4096;  // of one part, all lines
constexpr std::size_t name_max = 512;

std::unexpected<Error> malformed(std::string why) {
  return fail(ErrorKind::invalid, "request.malformed_multipart", std::move(why));
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool same_text(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

// What may stand inside the quotes of a Content-Disposition, as browsers write it (WHATWG).
std::string quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"') {
      out += "%22";
    } else if (c == '\r') {
      out += "%0D";
    } else if (c == '\n') {
      out += "%0A";
    } else {
      out += c;
    }
  }
  return out;
}

// `; name="value"` pairs after the first word; nullopt when they are not well formed. "\"" is undone in values.
std::optional<Pairs> parameters_of(std::string_view value) {
  Pairs pairs;
  value.remove_prefix(std::min(value.find(';'), value.size()));
  while (!value.empty()) {
    value = trimmed(value.substr(1));  // the ';'
    if (value.empty()) break;
    const auto equals = value.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    std::string name(trimmed(value.substr(0, equals)));
    value.remove_prefix(equals + 1);
    std::string text;
    if (value.starts_with('"')) {
      std::size_t at = 1;
      for (; at < value.size() && value[at] != '"'; ++at) {
        if (value[at] == '\\' && at + 1 < value.size() && (value[at + 1] == '"' || value[at + 1] == '\\')) ++at;
        text += value[at];
      }
      if (at >= value.size()) return std::nullopt;
      value = trimmed(value.substr(at + 1));
      if (!value.empty() && value.front() != ';') return std::nullopt;
    } else {
      const auto end = std::min(value.find(';'), value.size());
      text = trimmed(value.substr(0, end));
      value.remove_prefix(end);
    }
    pairs.emplace_back(std::move(name), std::move(text));
  }
  return pairs;
}

const std::string* parameter(const Pairs& pairs, std::string_view name) {
  for (const auto& pair : pairs) {
    if (same_text(pair.first, name)) return &pair.second;
  }
  return nullptr;
}

Result<std::string> boundary_of(std::string_view content_type) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  if (!same_text(type, "multipart/form-data")) {
    return fail(ErrorKind::unsupported, "request.not_multipart", "the body must be multipart/form-data");
  }
  const auto pairs = parameters_of(content_type);
  const std::string* const boundary = pairs ? parameter(*pairs, "boundary") : nullptr;
  if (!boundary || boundary->empty() || boundary->size() > boundary_max) return malformed("it has no usable boundary");
  for (const char c : *boundary) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) {
      return malformed("its boundary has characters that are not allowed");
    }
  }
  return *boundary;
}

Result<void> read_part_header(std::string_view header, Part& part) {
  bool named = false;
  while (!header.empty()) {
    const auto end = std::min(header.find("\r\n"), header.size());
    const std::string_view line = header.substr(0, end);
    header.remove_prefix(std::min(end + 2, header.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return malformed("a part has a header line without a colon");
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (same_text(name, "Content-Type")) {
      part.content_type = value;
    } else if (same_text(name, "Content-Disposition")) {
      const auto pairs = parameters_of(value);
      const std::string* const field = pairs ? parameter(*pairs, "name") : nullptr;
      if (named || !field || !same_text(trimmed(value.substr(0, value.find(';'))), "form-data")) {
        return malformed("a part's Content-Disposition is not form-data with a name");
      }
      named = true;
      part.name = *field;
      if (const std::string* const filename = parameter(*pairs, "filename")) part.filename = *filename;
    }
  }
  if (!named) return malformed("a part has no Content-Disposition");
  const bool sound = part.name.size() <= name_max && part.filename.size() <= name_max && valid_utf8(part.name) &&
                     valid_utf8(part.filename) && valid_utf8(part.content_type);
  if (!sound) return malformed("a part's name is too long or not UTF-8");
  return {};
}

}  // namespace

Multipart multipart_file(std::string_view field, std::string_view filename, std::string_view content_type,
                         std::string_view bytes, std::string_view boundary) {
  Multipart made;
  made.content_type = fmt::format("multipart/form-data; boundary={}", boundary);
  made.body =
      fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
                  boundary, quoted(field), quoted(filename), quoted(content_type));
  made.body.append(bytes).append("\r\n--").append(boundary).append("--\r\n");
  return made;
}

Result<std::vector<Part>> parse_multipart(std::string_view content_type, std::string_view body, std::size_t parts_max) {
  const auto boundary = boundary_of(content_type);
  if (!boundary) return std::unexpected(boundary.error());
  const std::string delimiter = "\r\n--" + *boundary;
  std::vector<Part> parts;
  std::string_view rest = body;
  if (!rest.starts_with(std::string_view(delimiter).substr(2))) return malformed("it does not begin with its boundary");
  rest.remove_prefix(delimiter.size() - 2);
  while (!rest.starts_with("--")) {
    if (!rest.starts_with("\r\n")) return malformed("a boundary is not followed by a line break");
    rest.remove_prefix(2);
    if (parts.size() == parts_max) return malformed(fmt::format("it has more than {} parts", parts_max));
    const auto header_end = rest.substr(0, part_header_max).find("\r\n\r\n");
    if (header_end == std::string_view::npos) return malformed("a part's header does not end");
    Part part;
    if (auto read = read_part_header(rest.substr(0, header_end), part); !read) return std::unexpected(read.error());
    rest.remove_prefix(header_end + 2);  // the line break before the content may belong to the delimiter
    const auto end = rest.find(delimiter);
    if (end == std::string_view::npos) return malformed("the last boundary is missing");
    if (end >= 2) part.bytes = rest.substr(2, end - 2);
    rest.remove_prefix(end + delimiter.size());
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace miniops::net
