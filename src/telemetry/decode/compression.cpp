// Compressed bodies, unpacked piece by piece, so that a bomb costs no more than the limit.
#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <memory>

#include "telemetry/decode/decode.hpp"
#include "telemetry/decode/text.hpp"

namespace miniops::telemetry {

namespace {

constexpr std::size_t piece_bytes = 16 << 10;
constexpr int window_log_max = 23;  // of zstd: 8 MiB of memory, whatever a frame asks for
using Piece = std::array<char, piece_bytes>;

std::unexpected<Error> too_large() {
  return fail(ErrorKind::too_large, "telemetry.too_large", "The decompressed body is too large.");
}

std::unexpected<Error> broken(std::string_view encoding) {
  return fail(ErrorKind::invalid, "telemetry.bad_encoding",
              "The body is not compressed as its Content-Encoding says: " + std::string(encoding) + ".");
}

// False when the limit does not allow it.
bool append(std::string& out, const Piece& piece, std::size_t count, std::size_t bytes_max) {
  if (count > bytes_max - out.size()) return false;
  out.append(piece.data(), count);
  return true;
}

// `window_bits` is zlib's: 15 + 32 finds out by itself whether it is gzip or zlib, -15 is raw deflate.
Result<std::string> inflate_all(std::string_view encoding, int window_bits, std::string_view bytes,
                                std::size_t bytes_max) {
  z_stream stream{};
  if (inflateInit2(&stream, window_bits) != Z_OK) return broken(encoding);
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, inflateEnd);
  // zlib does not write to its input; it only forgot to say so.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  Piece piece{};
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    const int status = inflate(&stream, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END) return broken(encoding);  // also when the input ends too early
    if (!append(out, piece, piece.size() - stream.avail_out, bytes_max)) return too_large();
    if (status == Z_STREAM_END && stream.avail_in == 0) return out;
    // gzip may consist of several members, one behind the other.
    if (status == Z_STREAM_END && inflateReset(&stream) != Z_OK) return broken(encoding);
  }
}

Result<std::string> unbrotli(std::string_view bytes, std::size_t bytes_max) {
  const std::unique_ptr<BrotliDecoderState, void (*)(BrotliDecoderState*)> decoder(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance);
  if (!decoder) return broken("br");
  const auto* in = reinterpret_cast<const std::uint8_t*>(bytes.data());
  std::size_t in_left = bytes.size();
  std::string out;
  Piece piece{};
  while (true) {
    auto* to = reinterpret_cast<std::uint8_t*>(piece.data());
    std::size_t room = piece.size();
    const auto status = BrotliDecoderDecompressStream(decoder.get(), &in_left, &in, &room, &to, nullptr);
    if (!append(out, piece, piece.size() - room, bytes_max)) return too_large();
    if (status == BROTLI_DECODER_RESULT_SUCCESS && in_left == 0) return out;
    if (status != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) return broken("br");
  }
}

Result<std::string> unzstd(std::string_view bytes, std::size_t bytes_max) {
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  if (!context || ZSTD_isError(ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, window_log_max)) != 0)
    return broken("zstd");
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  std::string out;
  Piece piece{};
  while (true) {
    ZSTD_outBuffer to{piece.data(), piece.size(), 0};
    const std::size_t before = in.pos;
    const std::size_t left = ZSTD_decompressStream(context.get(), &to, &in);
    if (ZSTD_isError(left) != 0) return broken("zstd");
    if (!append(out, piece, to.pos, bytes_max)) return too_large();
    if (left == 0 && in.pos == in.size) return out;
    if (to.pos == 0 && in.pos == before) return broken("zstd");  // the input ends too early
  }
}

}  // namespace

Result<std::string> decompress(std::string_view encoding, std::string_view bytes, std::size_t bytes_max) {
  if (bytes.size() > bytes_max) return too_large();  // no encoding makes a body larger than what is allowed anyway
  const std::string name = lower_text(trim(encoding.substr(0, 16)));
  if (name.empty() || name == "identity") return std::string(bytes);
  if (bytes.empty()) return broken(name);
  if (name == "gzip" || name == "x-gzip") return inflate_all(name, 15 + 32, bytes, bytes_max);
  if (name == "br") return unbrotli(bytes, bytes_max);
  if (name == "zstd") return unzstd(bytes, bytes_max);
  if (name != "deflate")
    return fail(ErrorKind::invalid, "telemetry.bad_encoding", "This Content-Encoding is not known.");
  auto out = inflate_all(name, 15 + 32, bytes, bytes_max);
  // Some clients send the bare stream without zlib's frame, as some browsers once did.
  return out || out.error().kind == ErrorKind::too_large ? out : inflate_all(name, -15, bytes, bytes_max);
}

}  // namespace miniops::telemetry
