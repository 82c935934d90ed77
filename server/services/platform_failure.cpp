#include "server/services/platform_failure.hpp"

#include "server/runtime/log.hpp"

#include <utility>

namespace connectd::server::services {
namespace {

using platforms::errc;

bool is(platforms::failure const& cause, errc code) {
    return cause.code == make_error_code(code);
}

failure refused(platforms::failure const& cause, std::string const& title, connect_step step) {
    if (is(cause, errc::second_factor_required)) {
        return {
            services::errc::login_refused,
            title +
                " asks for a second factor, which means that this is the account's main password. Use an app "
                "password.",
            "app_password"};
    }
    if (is(cause, errc::identifier_not_found)) {
        return {services::errc::handle_unresolved, "No " + title + " account is known under this identifier.",
                step == connect_step::import ? "platform_user_id" : "identifier"};
    }
    if (is(cause, errc::account_suspended)) {
        return {services::errc::login_refused,
                title + " says that this account is suspended, taken down or deactivated."};
    }
    switch (step) {
    case connect_step::login:
        return {services::errc::login_refused, title + " refused the identifier or the app password."};
    case connect_step::exchange:
        return {services::errc::code_refused, title + " refused the authorization code; it may have expired "
                                                      "or been used. Start a new connect session."};
    case connect_step::identity:
        break;
    case connect_step::import:
        return {
            services::errc::token_refused,
            title +
                " does not accept this token: it has ended, or does not allow to ask whose it is. Bring a "
                "living one, or set verify to false and name the platform_user_id: connectd then refreshes "
                "it at once.",
            "access_token"};
    case connect_step::candidates:
        return {services::errc::code_refused,
                title +
                    " granted access but would not list the accounts it reaches; check the scopes that were "
                    "asked for."};
    }
    return {
        services::errc::code_refused,
        title +
            " granted access but would not say whose account it is; check the scopes that were asked for."};
}

bool at_a_refused_address(platforms::failure const& cause) {
    return is(cause, errc::address_refused) || is(cause, errc::invalid_url);
}

// What went wrong on the way, without what to do about it.
failure trouble(platforms::failure const& cause, std::string const& title) {
    if (is(cause, errc::timed_out) || is(cause, errc::timed_out_unsent)) {
        return {services::errc::platform_timeout, title + " did not answer in time."};
    }
    if (is(cause, errc::malformed_answer) || is(cause, errc::malformed_response) ||
        is(cause, errc::response_too_large)) {
        return {services::errc::platform_answer_invalid,
                title + " answered with something that is not a valid answer."};
    }
    if (at_a_refused_address(cause)) {
        return {services::errc::platform_unavailable,
                "The account's server is at an address that connectd does not call."};
    }
    if (is(cause, errc::certificate_refused)) {
        return {services::errc::platform_unavailable,
                "The certificate of " + title + " is not trusted by this server."};
    }
    if (is(cause, errc::rate_limited)) {
        return {services::errc::platform_unavailable, title + " is limiting how often it can be called."};
    }
    return {services::errc::platform_unavailable, title + " cannot be reached or is in trouble."};
}

failure temporary(platforms::failure const& cause, std::string const& title, connect_step step) {
    auto why = trouble(cause, title);
    if (step == connect_step::import) {
        why.detail += " Nothing was imported.";
        return why;
    }
    if (at_a_refused_address(cause)) {
        return {services::errc::handle_unresolved, std::move(why.detail), "identifier"};
    }
    if (why.code != make_error_code(services::errc::platform_unavailable)) {
        why.detail += " Start a new connect session.";
    } else if (!is(cause, errc::certificate_refused)) {
        why.detail += " Try again later.";
    }
    return why;
}

// The platform's own word and advice, where its descriptor has them.
failure nothing(platforms::descriptor const& platform) {
    failure why{services::errc::platform_account_missing,
                platform.nothing.help.empty()
                    ? "With this consent, " + platform.title + " shows no account that could be connected."
                    : platform.nothing.help};
    why.word = platform.nothing.code;
    return why;
}

} // namespace

failure describe_platform_failure(platforms::failure const& cause, platforms::descriptor const& platform,
                                  connect_step step) {
    if (is(cause, platforms::errc::nothing_to_connect)) {
        return nothing(platform);
    }
    switch (cause.what) {
    case platforms::verdict::refused:
        return refused(cause, platform.title, step);
    case platforms::verdict::operator_fault:
        return {services::errc::app_refused,
                platform.title +
                    " refuses the app credentials or what the app asked for; check the client id, the "
                    "secret, the "
                    "registered redirect URI, the scopes and the app's standing at the platform."};
    case platforms::verdict::temporary:
    case platforms::verdict::unknown_outcome:
        break;
    }
    return temporary(cause, platform.title, step);
}

failure describe_refresh_failure(platforms::failure const& cause, platforms::descriptor const& platform) {
    auto why =
        cause.what == platforms::verdict::operator_fault
            ? failure{services::errc::app_refused,
                      platform.title + " refuses the app credentials or what the app asks for; check the "
                                       "client id, the secret and the app's standing at the platform."}
            : trouble(cause, platform.title);
    why.detail += " The account stays connected and is tried again.";
    return why;
}

failure describe_call_failure(boost::system::error_code const& cause, platforms::descriptor const& platform) {
    auto const& title = platform.title;
    auto const is_any = [&](auto... codes) { return ((cause == make_error_code(codes)) || ...); };
    if (is_any(platforms::errc::timed_out)) {
        return {services::errc::platform_timeout,
                title + " did not answer in time. What was asked for may still happen."};
    }
    if (is_any(platforms::errc::timed_out_unsent)) {
        return {services::errc::platform_timeout, "No connection to " + title + " could be had in time."};
    }
    if (is_any(platforms::errc::malformed_response, platforms::errc::response_too_large)) {
        return {services::errc::platform_answer_invalid,
                title + " answered with something that is not HTTP as we know it."};
    }
    if (is_any(platforms::errc::connection_lost)) {
        return {services::errc::platform_unavailable,
                title +
                    " closed the connection before it had answered. What was asked for may have happened."};
    }
    if (is_any(platforms::errc::too_many_waiting)) {
        return {services::errc::platform_unavailable,
                "Too many calls to " + title + " are under way already."};
    }
    if (is_any(platforms::errc::resolve_failed)) {
        return {services::errc::platform_unavailable,
                "The host name of " + title + " could not be resolved."};
    }
    if (is_any(platforms::errc::connect_failed)) {
        return {services::errc::platform_unavailable, title + " accepts no connections."};
    }
    if (is_any(platforms::errc::tls_failed)) {
        return {services::errc::platform_unavailable, "No secure connection to " + title + " could be made."};
    }
    if (is_any(platforms::errc::invalid_request, platforms::errc::invalid_url)) {
        return {services::errc::proxy_request_refused,
                "The call has a method or header that cannot be passed on."};
    }
    platforms::failure other;
    other.code = cause;
    return trouble(other, title);
}

void log_platform_failure(platforms::descriptor const& platform, platforms::failure const& cause) {
    runtime::log::warning(
        "a platform call of a connect failed",
        {{"platform", platform.name}, {"reason", cause.code.message()}, {"http_status", cause.http_status}});
}

} // namespace connectd::server::services
