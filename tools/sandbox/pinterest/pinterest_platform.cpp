#include "tools/sandbox/pinterest/pinterest_platform.hpp"

#include "crypto/random.hpp"
#include "tools/sandbox/oauth/replies.hpp"
#include "tools/sandbox/pinterest/errors.hpp"
#include "tools/sandbox/pinterest/rules.hpp"

#include <boost/json/object.hpp>

#include <array>

namespace connectd::sandbox::pinterest {
namespace {

constexpr std::string_view token_path = "/v5/oauth/token";
constexpr std::string_view revoke_path = "/v5/oauth/token/revoke";
constexpr std::string_view account_path = "/v5/user_account";
constexpr std::string_view boards_path = "/v5/boards";
constexpr std::string_view pins_path = "/v5/pins";
constexpr std::string_view pin_folder = "/v5/pins/";

} // namespace

pinterest_platform::pinterest_platform(platform_parts const& parts)
    : oauth_platform{rules(), parts},
      gate_{apps(), grants(), limits()},
      account_{persons(), boards_, gate_, url()},
      board_api_{persons(), boards_, gate_, posts(), events()},
      token_endpoint_{apps(), grants(), gate_, switches()} {}

platform::config_lines pinterest_platform::configuration() const {
    return {{"authorize_url", url() + std::string{authorize_path}},
            {"token_url", url() + std::string{token_path}},
            {"refresh_url", url() + std::string{token_path}},
            {"identity_url", url() + std::string{account_path}},
            {"api_base", url() + "/v5"}};
}

std::span<std::string_view const> pinterest_platform::traits() const {
    static constexpr std::array<std::string_view, 1> names{no_business_name};
    return names;
}

std::span<std::string_view const> pinterest_platform::switch_names() const {
    static constexpr std::array<std::string_view, 1> names{comma_scopes};
    return names;
}

void pinterest_platform::reset() {
    oauth_platform::reset();
    boards_.clear();
}

std::span<std::string_view const> pinterest_platform::endpoints() const {
    static constexpr std::array<std::string_view, 9> names{
        "authorize", "consent", "token", "refresh", "revoke", "user_account", "boards", "pins", "other"};
    return names;
}

std::string_view pinterest_platform::endpoint(call const& request) const {
    if (request.path == token_path)
        return oauth::token_or_refresh(request);
    if (request.path == account_path)
        return "user_account";
    if (request.path == authorize_path)
        return request.method == "POST" ? "consent" : "authorize";
    if (request.path == boards_path)
        return "boards";
    if (request.path == pins_path || request.path.starts_with(pin_folder))
        return "pins";
    return request.path == revoke_path ? "revoke" : "other";
}

reply pinterest_platform::answer(call const& request, sys_ms now) {
    auto answered = dispatch(request, now);
    answered.headers.emplace_back("x-pinterest-rid", crypto::random_token(9));
    return answered;
}

reply pinterest_platform::dispatch(call const& request, sys_ms now) {
    bool const get = request.method == "GET";
    bool const post = request.method == "POST";
    if (request.path == token_path)
        return post ? token_endpoint_.token(request, now) : wrong_method("POST");
    if (request.path == account_path)
        return get ? account_.show(request, now) : wrong_method("GET");
    if (request.path == authorize_path) {
        if (get)
            return authorization().page(request, now);
        return post ? authorization().decide(request, now) : wrong_method("GET, POST");
    }
    if (request.path == boards_path) {
        if (get)
            return board_api_.list_boards(request, now);
        return post ? board_api_.create_board(request, now) : wrong_method("GET, POST");
    }
    if (request.path == pins_path)
        return post ? board_api_.create_pin(request, now) : wrong_method("POST");
    if (request.path.starts_with(pin_folder))
        return get ? board_api_.show_pin(request, now) : wrong_method("GET");
    if (request.path == revoke_path)
        return post ? token_endpoint_.revoke(request, now) : wrong_method("POST");
    if (request.path.starts_with(picture_folder))
        return get ? account_.picture(request) : wrong_method("GET");
    return not_found();
}

reply pinterest_platform::error(std::string_view, unsigned status, sys_ms) const {
    switch (status) {
    case 401:
        return authentication_failed();
    case 403:
        return not_permitted();
    case 404:
        return not_found();
    case 429:
        return rate_limited();
    default:
        return status < 500 ? failure(status, 1, "Invalid request")
                            : failure(status, 0, "Sorry! Something went wrong on our end.");
    }
}

reply pinterest_platform::success_without_token(std::string_view endpoint) const {
    if (endpoint == "token" || endpoint == "refresh")
        return json_reply(200, boost::json::object{{"response_type", "authorization_code"},
                                                   {"token_type", "bearer"},
                                                   {"expires_in", 2'592'000},
                                                   {"scope", "user_accounts:read"}});
    return json_reply(200, boost::json::object{});
}

} // namespace connectd::sandbox::pinterest
