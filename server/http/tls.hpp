#pragma once

// The server's side of TLS: certificate chain and private key from PEM files, TLS 1.2 and later, ALPN
// http/1.1. Reloading swaps the context for new connections; those that exist keep theirs. Any thread may
// call any function.

#include <boost/system/result.hpp>

#include <memory>
#include <mutex>
#include <string>

namespace boost::asio::ssl {
class context;
}

namespace connectd::server::http {

struct tls_files {
    std::string certificate_chain; // leaf first
    std::string private_key;
};

class tls_certificates {
  public:
    // The error is OpenSSL's or the file system's; `problem`, if given, receives a sentence that names the
    // file.
    static boost::system::result<std::shared_ptr<tls_certificates>> load(tls_files files,
                                                                         std::string* problem = nullptr);

    // Reads the files again. On failure the old certificate stays in use.
    boost::system::result<void> reload(std::string* problem = nullptr);

    // What a new connection uses.
    std::shared_ptr<boost::asio::ssl::context> current() const;

  private:
    tls_certificates(tls_files files, std::shared_ptr<boost::asio::ssl::context> context);

    tls_files files_;
    mutable std::mutex mutex_;
    std::shared_ptr<boost::asio::ssl::context> context_;
};

} // namespace connectd::server::http
