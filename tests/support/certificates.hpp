// Certificates made on the spot for tests of TLS: an authority, and server certificates it signs. EC P-256.
#pragma once

#include <openssl/types.h>

#include <filesystem>
#include <memory>
#include <string>

namespace connectd::tests {

struct free_key {
    void operator()(EVP_PKEY* key) const noexcept;
};
struct free_certificate {
    void operator()(X509* certificate) const noexcept;
};
using key_ptr = std::unique_ptr<EVP_PKEY, free_key>;
using certificate_ptr = std::unique_ptr<X509, free_certificate>;

// A key and the certificate that goes with it.
struct tls_identity {
    key_ptr key;
    certificate_ptr certificate;
};

class authority {
  public:
    authority();
    ~authority();
    authority(authority const&) = delete;
    authority& operator=(authority const&) = delete;

    // PEM file with the authority's certificate; removed with this object.
    std::string const& file() const noexcept { return file_; }

    // `names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1".
    tls_identity issue(std::string const& names, bool expired = false) const;

  private:
    tls_identity self_;
    std::string file_;
};

} // namespace connectd::tests
