#include "tls.hpp"

#include <openssl/x509v3.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

namespace rest_client {
namespace {

namespace ssl = boost::asio::ssl;

void check(const boost::system::error_code& error, const std::string& what) {
  if (error) throw InvalidOptions(what + ": " + error.message());
}

bool is_address(const std::string& host) {
  boost::system::error_code error;
  boost::asio::ip::make_address(host, error);
  return !error;
}

}  // namespace

ssl::context make_tls_context(const TlsFiles& files) {
  ssl::context context(ssl::context::tls_client);
  boost::system::error_code error;
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_verify_mode(ssl::verify_peer, error);
  check(error, "TLS");
  if (files.authorities.empty()) {
    context.set_default_verify_paths(error);
    check(error, "the system's certificate authorities cannot be read");
  } else {
    context.load_verify_file(files.authorities, error);
    check(error, "the file of certificate authorities " + files.authorities + " cannot be used");
  }
  if (files.client_certificate.empty() != files.client_key.empty()) {
    throw InvalidOptions("a client certificate and its key must be given together");
  }
  if (!files.client_certificate.empty()) {
    // Without this OpenSSL would ask for a passphrase on the terminal.
    context.set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); },
                                  error);
    check(error, "TLS");
    context.use_certificate_chain_file(files.client_certificate, error);
    check(error, "the client certificate " + files.client_certificate + " cannot be used");
    context.use_private_key_file(files.client_key, ssl::context::pem, error);
    check(error, "the client key " + files.client_key + " cannot be used");
    if (SSL_CTX_check_private_key(context.native_handle()) != 1) {
      throw InvalidOptions("the client key " + files.client_key +
                           " does not belong to the client certificate");
    }
  }
  return context;
}

bool expect_host(SSL* session, const std::string& host) {
  if (is_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str()) == 1;
  SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(session, host.c_str()) == 1 &&
         SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                  const_cast<char*>(host.c_str())) == 1;  // the macro for it casts in the old style
}

std::string words_for_handshake(SSL* session, const boost::system::error_code& error) {
  const long verified = SSL_get_verify_result(session);
  if (verified != X509_V_OK) {
    return std::string("its certificate is not trusted: ") + X509_verify_cert_error_string(verified);
  }
  if (error == boost::asio::error::eof || error == ssl::error::stream_truncated) {
    return "it closed the connection during the handshake";
  }
  return error.message();
}

}  // namespace rest_client
