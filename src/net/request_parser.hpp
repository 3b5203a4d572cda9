// Beast's HTTP/1 parser, writing straight into our Request. Only connection.cpp includes this.
#pragma once

#include <boost/beast/http/basic_parser.hpp>

#include "net/http.hpp"

namespace miniops::net {

class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  using Code = boost::beast::error_code;
  using Text = boost::beast::string_view;

  RequestParser(Request& request, std::size_t header_bytes_max) : request_(request) {
    header_limit(static_cast<std::uint32_t>(header_bytes_max));
    body_limit(boost::none);  // the matched route decides
  }

  bool http_1_0() const { return version_ == 10; }
  int hosts() const { return hosts_; }
  bool asks_to_continue() const { return expect_ == Expect::to_continue; }
  bool asks_the_impossible() const { return expect_ == Expect::other; }
  // A Transfer-Encoding that we do not undo: its body's end cannot be known.
  bool unknown_encoding() const { return unknown_encoding_; }

 private:
  enum class Expect { nothing, to_continue, other };

  static std::string_view std_view(Text text) { return {text.data(), text.size()}; }

  static Method method_of(boost::beast::http::verb verb) {
    using boost::beast::http::verb;
    switch (verb) {
      case verb::get:
        return Method::get;
      case verb::head:
        return Method::head;
      case verb::post:
        return Method::post;
      case verb::put:
        return Method::put;
      case verb::patch:
        return Method::patch;
      case verb::delete_:
        return Method::del;
      case verb::options:
        return Method::options;
      default:
        return Method::other;
    }
  }

  void on_request_impl(boost::beast::http::verb verb, Text, Text target, int version, Code&) override {
    request_.method = method_of(verb);
    request_.target = std_view(target);
    version_ = version;
    request_.headers.reserve(12);
  }
  void on_response_impl(int, Text, int, Code&) override {}

  void on_field_impl(boost::beast::http::field name, Text name_text, Text value, Code&) override {
    using boost::beast::http::field;
    if (in_body_) return;  // a trailer: nothing may be added after the header was judged
    if (name == field::host) ++hosts_;
    if (name == field::expect) {
      expect_ = boost::beast::iequals(value, "100-continue") ? Expect::to_continue : Expect::other;
    }
    if (name == field::transfer_encoding && !boost::beast::iequals(value, "chunked")) unknown_encoding_ = true;
    request_.headers.add(std::string(std_view(name_text)), std::string(std_view(value)));
  }
  void on_header_impl(Code&) override { in_body_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
  std::size_t on_body_impl(Text part, Code&) override { return append(part); }
  void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text part, Code&) override { return append(part); }
  void on_finish_impl(Code&) override {}

  std::size_t append(Text part) {
    request_.body.append(part.data(), part.size());
    return part.size();
  }

  Request& request_;
  int version_ = 11;
  int hosts_ = 0;
  Expect expect_ = Expect::nothing;
  bool unknown_encoding_ = false;
  bool in_body_ = false;
};

}  // namespace miniops::net
