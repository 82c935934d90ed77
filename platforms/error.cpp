#include "platforms/error.hpp"

#include <string>

namespace connectd::platforms {
namespace {

char const* describe(errc value) noexcept {
    switch (value) {
    case errc::invalid_url:
        return "the URL cannot be called";
    case errc::invalid_request:
        return "the method or a header of the request is not allowed";
    case errc::address_refused:
        return "the URL leads to a place that users may not reach";
    case errc::too_many_waiting:
        return "too many requests wait for a connection to this server";
    case errc::resolve_failed:
        return "the host name could not be resolved";
    case errc::connect_failed:
        return "no connection could be made";
    case errc::tls_failed:
        return "the TLS handshake failed";
    case errc::certificate_refused:
        return "the server's certificate was refused";
    case errc::timed_out_unsent:
        return "the deadline passed before the request was sent";
    case errc::cancelled_unsent:
        return "cancelled before the request was sent";
    case errc::timed_out:
        return "the deadline passed while waiting for the answer";
    case errc::cancelled:
        return "cancelled while waiting for the answer";
    case errc::connection_lost:
        return "the connection was lost before the answer was complete";
    case errc::malformed_response:
        return "the answer is not valid HTTP";
    case errc::response_too_large:
        return "the answer is larger than allowed";
    }
    return "unknown error";
}

class platforms_category final : public boost::system::error_category {
  public:
    char const* name() const noexcept override { return "connectd.platforms"; }
    std::string message(int value) const override { return describe(static_cast<errc>(value)); }
    char const* message(int value, char*, std::size_t) const noexcept override {
        return describe(static_cast<errc>(value));
    }
};

} // namespace

boost::system::error_category const& category() noexcept {
    static platforms_category const instance;
    return instance;
}

boost::system::error_code make_error_code(errc value) noexcept {
    return {static_cast<int>(value), category()};
}

bool certainly_not_processed(boost::system::error_code const& error) noexcept {
    if (error.category() != category()) {
        return false;
    }
    switch (static_cast<errc>(error.value())) {
    case errc::invalid_url:
    case errc::invalid_request:
    case errc::address_refused:
    case errc::too_many_waiting:
    case errc::resolve_failed:
    case errc::connect_failed:
    case errc::tls_failed:
    case errc::certificate_refused:
    case errc::timed_out_unsent:
    case errc::cancelled_unsent:
        return true;
    default:
        return false;
    }
}

} // namespace connectd::platforms
