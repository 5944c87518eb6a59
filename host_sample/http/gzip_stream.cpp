#include "http/gzip_stream.hpp"

#include <array>
#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/beast/zlib/inflate_stream.hpp>

namespace host::http {
namespace {

namespace zlib = boost::beast::zlib;
constexpr int level = 6;
constexpr int window_bits = 14;
constexpr int memory_level = 7;

}  // namespace

struct GzipStream::State {
  zlib::deflate_stream deflate;
  bool begun = false;
};

GzipStream::GzipStream() : state_(std::make_unique<State>()) {
  state_->deflate.reset(level, window_bits, memory_level, zlib::Strategy::normal);
}

GzipStream::~GzipStream() = default;

std::string GzipStream::add(std::string_view piece) {
  std::string out;
  if (!std::exchange(state_->begun, true)) out.assign("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", 10);
  std::array<unsigned char, 8192> block{};
  zlib::z_params params;
  params.next_in = piece.data();
  params.avail_in = piece.size();
  do {
    params.next_out = block.data();
    params.avail_out = block.size();
    boost::system::error_code error;
    state_->deflate.write(params, zlib::Flush::sync, error);
    out.append(reinterpret_cast<const char*>(block.data()), block.size() - params.avail_out);
    if (error) break;  // need_buffers: nothing more to say for this piece
  } while (params.avail_out == 0);
  return out;
}

std::string gunzip(std::span<const unsigned char> packed) {
  constexpr std::size_t head = 10, tail = 8;  // no name, no comment: as the build writes it
  std::string plain;
  if (packed.size() < head + tail) return plain;
  zlib::inflate_stream inflate;
  std::array<unsigned char, 16u << 10> block{};
  zlib::z_params params;
  params.next_in = packed.data() + head;
  params.avail_in = packed.size() - head - tail;
  boost::system::error_code error;
  while (!error) {
    params.next_out = block.data();
    params.avail_out = block.size();
    inflate.write(params, zlib::Flush::none, error);
    plain.append(reinterpret_cast<const char*>(block.data()), block.size() - params.avail_out);
    if (params.avail_in == 0 && params.avail_out != 0) break;
  }
  return plain;
}

}  // namespace host::http
