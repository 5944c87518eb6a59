#include "credentials.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "rest_client/url.hpp"

namespace rest_client {
namespace {

constexpr std::size_t max_token_bytes = 6000;  // it must fit into the 8 kB of fields that servers accept

class File {
 public:
  explicit File(const std::string& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

std::string words_of_errno() {
  return std::error_code(errno, std::generic_category()).message();
}

void append_base64(Secret& out, std::string_view text) {
  std::string coded(4 * ((text.size() + 2) / 3) + 1, '\0');  // with the NUL that OpenSSL adds
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(coded.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  out.append(std::string_view(coded).substr(0, static_cast<std::size_t>(size)));
  wipe(coded);
}

std::string_view without_blanks_around(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// RFC 6750's token68, generously: what cannot break out of the field.
bool is_token(std::string_view text) {
  return fits_in_header(text) && text.find(' ') == std::string_view::npos;
}

}  // namespace

Authorization::Authorization(Credentials& credentials) {
  if (auto* basic = std::get_if<BasicCredentials>(&credentials)) {
    Secret pair;
    pair.append(basic->user);
    pair.append(":");
    pair.append(basic->password);
    const bool colon = basic->user.find(':') != std::string::npos;
    rest_client::wipe(basic->password);
    if (colon) throw InvalidOptions("the user name must not have a ':' in it");
    value_.append("Basic ");
    append_base64(value_, pair.view());
  } else if (auto* bearer = std::get_if<BearerToken>(&credentials)) {
    const bool good =
        !bearer->token.empty() && bearer->token.size() <= max_token_bytes && is_token(bearer->token);
    if (good) {
      value_.append("Bearer ");
      value_.append(bearer->token);
    }
    rest_client::wipe(bearer->token);
    if (!good)
      throw InvalidOptions("the bearer token is empty, too long or has characters that tokens cannot have");
  } else if (auto* file = std::get_if<BearerTokenFile>(&credentials)) {
    if (file->path.empty()) throw InvalidOptions("the path of the token file is empty");
    token_file_ = file->path;
  }
}

std::variant<std::string_view, std::string> Authorization::value() {
  if (!token_file_.empty()) {
    if (std::optional<std::string> problem = refresh_from_file()) return std::move(*problem);
  }
  return value_.view();
}

std::optional<std::string> Authorization::refresh_from_file() {
  const std::string name = "the token file " + token_file_;
  const File file(token_file_);
  struct stat status {};
  if (file.descriptor() < 0 || ::fstat(file.descriptor(), &status) != 0) {
    return name + " cannot be opened: " + words_of_errno();
  }
  if (!S_ISREG(status.st_mode)) return name + " is not a file";
  const FileVersion version{status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_size, status.st_ino};
  if (version_ == version) return std::nullopt;

  version_.reset();
  value_.wipe();
  std::array<char, max_token_bytes + 1> bytes{};
  std::size_t size = 0;
  ssize_t got = 0;
  while (size < bytes.size() &&
         (got = ::read(file.descriptor(), bytes.data() + size, bytes.size() - size)) > 0) {
    size += static_cast<std::size_t>(got);
  }
  std::optional<std::string> problem;
  const std::string_view token = without_blanks_around({bytes.data(), size});
  if (got < 0) {
    problem = name + " cannot be read: " + words_of_errno();
  } else if (size > max_token_bytes) {
    problem = name + " has more than " + std::to_string(max_token_bytes) + " bytes";
  } else if (token.empty()) {
    problem = name + " is empty";
  } else if (!is_token(token)) {
    problem = name + " holds characters that tokens cannot have";
  } else {
    value_.append("Bearer ");
    value_.append(token);
    version_ = version;
  }
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return problem;
}

void Authorization::wipe() {
  value_.wipe();
  version_.reset();
}

}  // namespace rest_client
