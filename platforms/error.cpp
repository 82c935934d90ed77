#include "platforms/error.hpp"

#include <boost/system/system_error.hpp>

#include <string>

namespace connectd::platforms {
namespace {

// A call that did not come to an answer.
char const* describe_call(errc value) noexcept {
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
    default:
        return nullptr;
    }
}

// What a platform said, or what was said to us.
char const* describe_answer(errc value) noexcept {
    switch (value) {
    case errc::grant_refused:
        return "the platform no longer accepts the grant";
    case errc::access_denied:
        return "the access was denied";
    case errc::credentials_refused:
        return "the identifier or the app password is wrong";
    case errc::second_factor_required:
        return "the platform asks for a second factor; an app password is needed";
    case errc::account_suspended:
        return "the account is suspended, deactivated or taken down";
    case errc::identifier_not_found:
        return "no account with this handle or DID was found";
    case errc::client_refused:
        return "the platform refused the application's credentials";
    case errc::request_refused:
        return "the platform refused the request";
    case errc::rate_limited:
        return "the platform limits the rate of calls";
    case errc::platform_unavailable:
        return "the platform is not available";
    case errc::scope_missing:
        return "the token's scopes do not cover the call";
    case errc::nothing_to_connect:
        return "the grant reaches no account";
    case errc::malformed_answer:
        return "the platform's answer is incomplete";
    case errc::invalid_instance:
        return "not the name of a server";
    case errc::metadata_refused:
        return "the server's metadata does not fit its issuer or its purpose";
    case errc::invalid_identifier:
        return "not a handle, DID or e-mail address";
    case errc::not_an_app_password:
        return "not an app password";
    case errc::damaged_token_material:
        return "the stored token is damaged";
    default:
        return "unknown error";
    }
}

char const* describe(errc value) noexcept {
    auto const* text = describe_call(value);
    return text != nullptr ? text : describe_answer(value);
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

void throw_exception_from_error(failure const& error, boost::source_location const& where) {
    boost::throw_exception(boost::system::system_error(error.code), where);
}

} // namespace connectd::platforms
