#include "platforms/http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace connectd::platforms::http {
namespace {

namespace ssl = boost::asio::ssl;

constexpr std::size_t max_sessions = 256;

// Where an SSL object keeps the pointer to its peer. OpenSSL hands out such places once a process.
int peer_index() {
    static int const index = ::SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

void load_authorities(ssl::context& context, std::string const& ca_file, bool system_authorities) {
    if (system_authorities) {
        context.set_default_verify_paths();
    }
    if (ca_file.empty()) {
        return;
    }
    boost::system::error_code error;
    context.load_verify_file(ca_file, error);
    if (error) {
        throw std::runtime_error("cannot use the CA file " + ca_file + ": " + error.message());
    }
}

} // namespace

tls_context::tls_context(std::string const& ca_file, bool system_authorities)
    : context_(ssl::context::tls_client) {
    load_authorities(context_, ca_file, system_authorities);
    context_.set_verify_mode(ssl::verify_peer);
    SSL_CTX* const native = context_.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    ::SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    constexpr std::array<unsigned char, 9> protocols = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    ::SSL_CTX_set_alpn_protos(native, protocols.data(), protocols.size());
    // OpenSSL's own store has no client lookup; ours is keyed by host.
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    ::SSL_CTX_sess_set_new_cb(native, &tls_context::on_new_session);
}

tls_context::~tls_context() = default;

void tls_context::free_session::operator()(SSL_SESSION* session) const noexcept {
    ::SSL_SESSION_free(session);
}

result<void> tls_context::prepare(SSL* ssl, peer& whose, std::string const& host,
                                  std::optional<boost::asio::ip::address> const& literal) {
    ::SSL_set_ex_data(ssl, peer_index(), &whose);
    bool named = false;
    if (literal) {
        named = ::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(ssl), host.c_str()) == 1;
    } else {
        ::SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        named = ::SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
    }
    if (!named) {
        return errc::tls_failed;
    }
    auto const kept = sessions_.find(whose.key);
    if (kept != sessions_.end()) {
        // A copy: a handshake writes into the session it resumes, and marks it dead when the connection
        // breaks.
        session const copy(::SSL_SESSION_dup(kept->second.get()));
        if (copy) {
            ::SSL_set_session(ssl, copy.get());
        }
    }
    return {};
}

void tls_context::forget(peer const& whose) {
    sessions_.erase(whose.key);
}

int tls_context::on_new_session(SSL* ssl, SSL_SESSION* fresh) {
    auto* const whose = static_cast<peer*>(::SSL_get_ex_data(ssl, peer_index()));
    if (whose != nullptr && ::SSL_SESSION_is_resumable(fresh) == 1) {
        // A copy again: OpenSSL spoils the original when the connection ends without a closing handshake.
        whose->owner.keep(*whose, session(::SSL_SESSION_dup(fresh)));
    }
    return 0; // we hold no reference to `fresh`
}

void tls_context::keep(peer const& whose, session fresh) {
    if (!fresh) {
        return;
    }
    if (sessions_.size() >= max_sessions && !sessions_.contains(whose.key)) {
        sessions_.erase(sessions_.begin());
    }
    sessions_.insert_or_assign(whose.key, std::move(fresh));
}

bool is_resumed(SSL* ssl) noexcept {
    return ::SSL_session_reused(ssl) == 1;
}

bool is_quiet(SSL* ssl) noexcept {
    char byte = 0;
    ::ERR_clear_error();
    return ::SSL_get_error(ssl, ::SSL_peek(ssl, &byte, 1)) == SSL_ERROR_WANT_READ;
}

errc classify_handshake_failure(SSL* ssl) noexcept {
    return ::SSL_get_verify_result(ssl) == X509_V_OK ? errc::tls_failed : errc::certificate_refused;
}

} // namespace connectd::platforms::http
