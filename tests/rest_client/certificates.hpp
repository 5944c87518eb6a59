// Certificates made on the spot, in files that go with the object.
#pragma once

#include <memory>
#include <string>

#include "scratch.hpp"

namespace rest_client::tests {

struct CertificateFiles {
  std::string certificate;
  std::string key;
};

// A certificate authority of its own, in a directory of its own.
class Authority {
 public:
  Authority();
  ~Authority();

  // `names` in OpenSSL's form: "DNS:localhost,IP:127.0.0.1". Valid for a day, or until yesterday.
  CertificateFiles issue(const std::string& names, bool expired = false);
  std::string file() const;  // the authority's own certificate
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

 private:
  struct Parts;
  support::ScratchFolder folder_;
  std::unique_ptr<Parts> parts_;
  int issued_ = 0;
};

}  // namespace rest_client::tests
