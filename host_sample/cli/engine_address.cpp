#include "cli/engine_address.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace host::cli {

namespace urls = boost::urls;

std::string why_bad_address(const std::string& url) {
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    return "\"" + url + "\" does not begin with http:// or https://";
  const auto parsed = urls::parse_uri(url);
  if (parsed ? parsed->has_userinfo() : url.find('@') != std::string::npos)
    return "credentials do not belong into an address: use COCKPIT_USER and COCKPIT_PASSWORD, or a "
           "password_file";
  if (!parsed || parsed->encoded_host().empty()) return "\"" + url + "\" is no valid address";
  return {};
}

}  // namespace host::cli
