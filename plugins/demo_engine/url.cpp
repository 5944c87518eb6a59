#include "url.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace demo_engine {

namespace urls = boost::urls;

std::optional<Target> parse_target(std::string_view target) {
  const auto url = urls::parse_origin_form(target);
  if (!url) return std::nullopt;
  Target parsed;
  for (const std::string& segment : url->segments()) {
    if (segment.find('/') != std::string::npos || segment.find('\0') != std::string::npos)
      return std::nullopt;
    if (!segment.empty()) parsed.path.push_back(segment);
  }
  urls::encoding_opts form;
  form.space_as_plus = true;
  for (const auto& pair : url->encoded_params()) {
    const std::string name = pair.key.decode(form);
    if (!name.empty() || pair.has_value) parsed.query.emplace_back(name, pair.value.decode(form));
  }
  return parsed;
}

std::optional<std::string> decode_base64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string coded{text};
  while (coded.size() % 4 != 0) coded += '=';
  std::string decoded(coded.size() / 4 * 3, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                      reinterpret_cast<const unsigned char*>(coded.data()), static_cast<int>(coded.size()));
  if (size < 0) return std::nullopt;
  decoded.resize(static_cast<std::size_t>(size) - (coded.size() - text.size()));
  return decoded;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(',');
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

}  // namespace demo_engine
