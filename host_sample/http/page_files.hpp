// The files of the page, as host_sample/web/build.mjs wrote them into the program.
// Constant data: readable on any thread, there as long as the program runs. Owner: the page
// (host_sample/web).
#pragma once

#include <span>
#include <string_view>

namespace host::http {

struct PageFile {
  std::string_view path;          // Below the host's address, without a leading slash; "" is the page itself.
  std::string_view content_type;  // Value of the Content-Type field.
  std::string_view etag;          // Value of the ETag field, with its quotes.
  std::span<const unsigned char> gzip;  // The content for Content-Encoding: gzip.
  std::span<const unsigned char>
      brotli;      // The content for Content-Encoding: br, a tenth smaller. There is no plain form.
  bool immutable;  // The name holds the content's hash: may be kept for ever.
};

// All of them, the page itself first.
std::span<const PageFile> page_files();

}  // namespace host::http
