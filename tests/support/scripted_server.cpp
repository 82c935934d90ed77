#include "tests/support/scripted_server.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace connectd::tests {
namespace {

constexpr auto drip_pause = std::chrono::milliseconds(5);

std::size_t content_length(std::string_view head) {
    constexpr std::string_view name = "Content-Length: ";
    auto const at = head.find(name);
    std::size_t length = 0;
    if (at != std::string_view::npos) {
        std::from_chars(head.data() + at + name.size(), head.data() + head.size(), length);
    }
    return length;
}

} // namespace

void free_tls_context::operator()(SSL_CTX* context) const noexcept {
    ::SSL_CTX_free(context);
}
void free_tls::operator()(SSL* tls) const noexcept {
    ::SSL_free(tls);
}

scripted_server::peer::peer(scripted_server& owner, int descriptor, std::size_t index)
    : owner_(owner), descriptor_(descriptor), index_(index) {
    int const on = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

scripted_server::peer::~peer() {
    tls_.reset();
    ::close(descriptor_);
}

bool scripted_server::peer::handshake() {
    tls_.reset(::SSL_new(owner_.tls_.get()));
    ::SSL_set_fd(tls_.get(), descriptor_);
    return ::SSL_accept(tls_.get()) == 1;
}

std::string scripted_server::peer::server_name() const {
    char const* const name = ::SSL_get_servername(tls_.get(), TLSEXT_NAMETYPE_host_name);
    return name == nullptr ? std::string() : std::string(name);
}

bool scripted_server::peer::resumed() const {
    return ::SSL_session_reused(tls_.get()) == 1;
}

std::size_t scripted_server::peer::receive(char* into, std::size_t size) {
    auto const count = tls_ ? static_cast<ssize_t>(::SSL_read(tls_.get(), into, static_cast<int>(size)))
                            : ::recv(descriptor_, into, size, 0);
    return count > 0 ? static_cast<std::size_t>(count) : 0;
}

std::string scripted_server::peer::read_raw() {
    std::array<char, 16 * 1024> piece;
    auto const count = ::recv(descriptor_, piece.data(), piece.size(), 0);
    return count > 0 ? std::string(piece.data(), static_cast<std::size_t>(count)) : std::string();
}

std::string scripted_server::peer::read_request() {
    std::array<char, 16 * 1024> piece;
    for (;;) {
        auto const end = unread_.find("\r\n\r\n");
        if (end != std::string::npos) {
            std::size_t const whole = end + 4 + content_length(std::string_view(unread_).substr(0, end));
            if (unread_.size() >= whole) {
                std::string const request = unread_.substr(0, whole);
                unread_.erase(0, whole);
                return request;
            }
        }
        std::size_t const count = receive(piece.data(), piece.size());
        if (count == 0) {
            return {};
        }
        unread_.append(piece.data(), count);
    }
}

bool scripted_server::peer::write(std::string_view bytes) {
    while (!bytes.empty()) {
        auto const count =
            tls_ ? static_cast<ssize_t>(::SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())))
                 : ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void scripted_server::peer::drip(std::string_view bytes) {
    for (char const& byte : bytes) {
        if (!write({&byte, 1})) {
            return;
        }
        std::unique_lock lock(owner_.guard_);
        if (owner_.changed_.wait_for(lock, drip_pause, [this] { return owner_.stopping_; })) {
            return;
        }
    }
}

void scripted_server::peer::write_bulk(std::size_t total, std::string_view before, std::string_view after) {
    std::string piece(before);
    piece.append(64 * 1024, 'x');
    piece += after;
    for (std::size_t sent = 0; sent < total; sent += 64 * 1024) {
        if (!write(piece)) {
            return;
        }
    }
}

void scripted_server::peer::close(bool truncate) {
    if (tls_ && !truncate) {
        ::SSL_shutdown(tls_.get());
    }
    ::shutdown(descriptor_, SHUT_RDWR);
}

void scripted_server::peer::reset() {
    // With linger on and no time for it, close() sends a reset; the number stays ours for the destructor's
    // sake.
    linger const now{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    int const replacement = ::socket(AF_INET, SOCK_STREAM, 0);
    ::dup2(replacement, descriptor_);
    ::close(replacement);
}

void scripted_server::peer::wait_for_close() {
    std::array<char, 4096> ignored;
    while (receive(ignored.data(), ignored.size()) > 0) {
    }
}

void scripted_server::peer::wait_for_stop() {
    std::unique_lock lock(owner_.guard_);
    owner_.changed_.wait(lock, [this] { return owner_.stopping_; });
}

scripted_server::scripted_server(script what) : script_(std::move(what)) {
    listen();
}

scripted_server::scripted_server(script what, tls_identity const& who, int max_version)
    : script_(std::move(what)), tls_(::SSL_CTX_new(::TLS_server_method())) {
    ::SSL_CTX_use_certificate(tls_.get(), who.certificate.get());
    ::SSL_CTX_use_PrivateKey(tls_.get(), who.key.get());
    SSL_CTX_set_max_proto_version(tls_.get(), max_version);
    SSL_CTX_set_min_proto_version(tls_.get(), 0);
    ::SSL_CTX_set_security_level(tls_.get(), 0); // lets a test offer versions that are too old
    unsigned char const context[] = "connectd";
    ::SSL_CTX_set_session_id_context(tls_.get(), context, sizeof context);
    listen();
}

scripted_server::~scripted_server() {
    {
        std::lock_guard const lock(guard_);
        stopping_ = true;
        for (peer* const one : live_) {
            ::shutdown(one->descriptor_, SHUT_RDWR);
        }
    }
    changed_.notify_all();
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (auto& thread : threads_) {
        thread.join();
    }
    ::close(listener_);
}

void scripted_server::listen() {
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes without MSG_NOSIGNAL
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const generic = static_cast<sockaddr*>(static_cast<void*>(&address));
    socklen_t length = sizeof address;
    if (::bind(listener_, generic, length) != 0 || ::listen(listener_, SOMAXCONN) != 0 ||
        ::getsockname(listener_, generic, &length) != 0) {
        throw std::runtime_error("no port for the scripted server");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
}

void scripted_server::accept_all() {
    for (;;) {
        int const descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor < 0) {
            return;
        }
        std::lock_guard const lock(guard_);
        std::size_t const index = accepted_++;
        threads_.emplace_back([this, index, descriptor] { serve(index, descriptor); });
    }
}

void scripted_server::serve(std::size_t index, int descriptor) {
    {
        peer one(*this, descriptor, index);
        {
            std::lock_guard const lock(guard_);
            live_.push_back(&one);
            if (stopping_) {
                ::shutdown(descriptor, SHUT_RDWR);
            }
        }
        if (!tls_ || one.handshake()) {
            script_(one);
        }
        std::lock_guard const lock(guard_);
        live_.remove(&one);
    }
    std::lock_guard const lock(guard_);
    ++ended_;
    changed_.notify_all();
}

std::string scripted_server::url(std::string_view path, std::string_view host) const {
    std::string text = tls_ ? "https://" : "http://";
    text += host;
    text += ':';
    text += std::to_string(port_);
    text += path;
    return text;
}

std::size_t scripted_server::connections() const {
    std::lock_guard const lock(guard_);
    return accepted_;
}

void scripted_server::wait_for_scripts(std::size_t count) {
    std::unique_lock lock(guard_);
    changed_.wait(lock, [this, count] { return ended_ >= count; });
}

std::string answer(std::string_view body, std::string_view more_headers, std::string_view status) {
    std::string text = "HTTP/1.1 ";
    text += status;
    text += "\r\n";
    text += more_headers;
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    text += body;
    return text;
}

} // namespace connectd::tests
