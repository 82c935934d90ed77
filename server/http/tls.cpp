#include "server/http/tls.hpp"

#include <boost/asio/ssl/context.hpp>
#include <openssl/ssl.h>

#include <string_view>
#include <utility>

namespace connectd::server::http {

namespace {

namespace ssl = boost::asio::ssl;

// RFC 7301: what this server speaks, in wire form.
constexpr std::string_view protocols{"\x08http/1.1"};

int choose_protocol(SSL*, unsigned char const** chosen, unsigned char* chosen_size,
                    unsigned char const* offered, unsigned int offered_size, void*) {
    unsigned char* found = nullptr;
    auto const* const ours = reinterpret_cast<unsigned char const*>(protocols.data());
    if (SSL_select_next_proto(&found, chosen_size, ours, static_cast<unsigned>(protocols.size()), offered,
                              offered_size) != OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

void tell(std::string* problem, std::string_view what, std::string const& file,
          boost::system::error_code const& error) {
    if (problem != nullptr) {
        *problem = std::string{what} + " " + file + ": " + error.message();
    }
}

boost::system::result<std::shared_ptr<ssl::context>> make_context(tls_files const& files,
                                                                  std::string* problem) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    auto* const native = context->native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                    SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
    // An idle connection then holds no record buffers of OpenSSL.
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
    boost::system::error_code error;
    context->use_certificate_chain_file(files.certificate_chain, error);
    if (error) {
        tell(problem, "cannot read the certificate chain", files.certificate_chain, error);
        return error;
    }
    // Also checks that the key belongs to the certificate.
    context->use_private_key_file(files.private_key, ssl::context::pem, error);
    if (error) {
        tell(problem, "cannot use the private key", files.private_key, error);
        return error;
    }
    return context;
}

} // namespace

tls_certificates::tls_certificates(tls_files files, std::shared_ptr<ssl::context> context)
    : files_{std::move(files)}, context_{std::move(context)} {}

boost::system::result<std::shared_ptr<tls_certificates>> tls_certificates::load(tls_files files,
                                                                                std::string* problem) {
    auto context = make_context(files, problem);
    if (!context) {
        return context.error();
    }
    return std::shared_ptr<tls_certificates>{new tls_certificates{std::move(files), std::move(*context)}};
}

boost::system::result<void> tls_certificates::reload(std::string* problem) {
    auto context = make_context(files_, problem);
    if (!context) {
        return context.error();
    }
    std::lock_guard const lock{mutex_};
    context_ = std::move(*context);
    return {};
}

std::shared_ptr<ssl::context> tls_certificates::current() const {
    std::lock_guard const lock{mutex_};
    return context_;
}

} // namespace connectd::server::http
