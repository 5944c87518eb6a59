// The Authorization field of a client's requests. Thread: the client's. Holds its secrets in memory that is
// wiped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "rest_client/options.hpp"
#include "secret.hpp"

namespace rest_client {

class Authorization {
 public:
  // Throws InvalidOptions. Wipes the secrets in `credentials`.
  explicit Authorization(Credentials& credentials);

  // The field's value, empty if requests carry none; or, as a string, why the token file cannot be used.
  // The view is good until the next call. Reads the token file again if it has changed.
  std::variant<std::string_view, std::string> value();

  void wipe();

 private:
  struct FileVersion {
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    std::int64_t size = 0;
    std::uint64_t inode = 0;
    bool operator==(const FileVersion&) const = default;
  };

  std::optional<std::string> refresh_from_file();  // what went wrong, if anything

  std::string token_file_;
  std::optional<FileVersion> version_;
  Secret value_;
};

}  // namespace rest_client
