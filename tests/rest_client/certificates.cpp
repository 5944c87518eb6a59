#include "certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <functional>
#include <stdexcept>

namespace rest_client::tests {
namespace {

template <auto release>
struct Releases {
  template <class T>
  void operator()(T* thing) const {
    release(thing);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Releases<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Releases<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Releases<X509_EXTENSION_free>>;
using File = std::unique_ptr<std::FILE, Releases<std::fclose>>;

constexpr long day = 24L * 3600;

void require(bool good) {
  if (!good) throw std::runtime_error("OpenSSL could not make a certificate");
}

void extend(X509* certificate, X509* issuer, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str()));
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

Certificate blank(EVP_PKEY* key, int serial, const std::string& name, bool expired) {
  Certificate certificate(X509_new());
  require(certificate != nullptr);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -2 * day);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), expired ? -day : day);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

void save(const std::string& path, const std::function<bool(std::FILE*)>& write) {
  const File file(std::fopen(path.c_str(), "w"));
  require(file && write(file.get()));
}

}  // namespace

struct Authority::Parts {
  Key key{EVP_EC_gen("P-256")};
  Certificate certificate;
};

Authority::Authority() : parts_(std::make_unique<Parts>()) {
  Certificate own = blank(parts_->key.get(), 1, "authority of a test", false);
  X509_set_issuer_name(own.get(), X509_get_subject_name(own.get()));
  extend(own.get(), own.get(), NID_basic_constraints, "critical,CA:TRUE");
  extend(own.get(), own.get(), NID_subject_key_identifier, "hash");
  require(X509_sign(own.get(), parts_->key.get(), EVP_sha256()) > 0);
  save(file(), [&own](std::FILE* to) { return PEM_write_X509(to, own.get()) == 1; });
  parts_->certificate = std::move(own);
}

Authority::~Authority() = default;

std::string Authority::file() const {
  return path("authority.pem");
}

CertificateFiles Authority::issue(const std::string& names, bool expired) {
  const int number = ++issued_;
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = blank(key.get(), 1 + number, "server of a test", expired);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(parts_->certificate.get()));
  extend(certificate.get(), parts_->certificate.get(), NID_subject_alt_name, names);
  require(X509_sign(certificate.get(), parts_->key.get(), EVP_sha256()) > 0);
  const CertificateFiles files{path("certificate" + std::to_string(number) + ".pem"),
                               path("key" + std::to_string(number) + ".pem")};
  save(files.certificate,
       [&certificate](std::FILE* to) { return PEM_write_X509(to, certificate.get()) == 1; });
  save(files.key, [&key](std::FILE* to) {
    return PEM_write_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1;
  });
  return files;
}

}  // namespace rest_client::tests
