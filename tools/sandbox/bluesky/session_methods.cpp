#include "tools/sandbox/bluesky/session_methods.hpp"

#include "tools/sandbox/bluesky/documents.hpp"

#include <algorithm>
#include <array>

namespace connectd::sandbox::bluesky {
namespace {

constexpr rate_limit create_short{11, 30, std::chrono::seconds{300}};
constexpr rate_limit create_daily{12, 300, std::chrono::seconds{86'400}};

// The code that the pretend mail would bring to accounts with a second factor.
constexpr std::string_view mailed_code = "SANDB-OXOXO";

constexpr std::string_view takendown_scope = "com.atproto.takendown";
constexpr std::array<std::string_view, 3> access_scopes{"com.atproto.access", "com.atproto.appPass",
                                                        "com.atproto.appPassPrivileged"};

bool taken_down(person const& who) {
    return who.state == account_state::takendown || who.state == account_state::suspended;
}

reply taken_down_error() {
    return xrpc_error(401, "AccountTakedown", "Account has been taken down");
}

reply wrong_password() {
    return xrpc_error(401, "AuthenticationRequired", "Invalid identifier or password");
}

bool flag_of(boost::json::object const& input, std::string_view name) {
    auto const* const member = input.if_contains(name);
    return member != nullptr && member->is_bool() && member->get_bool();
}

} // namespace

session_methods::signed_in session_methods::sign_in(person const& who, boost::json::object const& input,
                                                    std::string_view password) const {
    auto const app = std::ranges::find(who.app_passwords, password, &app_password::password);
    if (app != who.app_passwords.end())
        return {app->name, app->privileged ? "com.atproto.appPassPrivileged" : "com.atproto.appPass", {}};
    if (who.main_password.empty() || password != who.main_password)
        return {{}, {}, wrong_password()};
    if (who.email_auth_factor) {
        auto const* const code = input.if_contains("authFactorToken");
        if (code == nullptr)
            return {{},
                    {},
                    xrpc_error(401, "AuthFactorTokenRequired",
                               "A sign in code has been sent to your email address")};
        if (!code->is_string() || std::string_view{code->get_string()} != mailed_code)
            return {{}, {}, xrpc_error(400, "InvalidToken", "Token is invalid")};
    }
    return {{}, "com.atproto.access", {}};
}

reply session_methods::create(call const& request, sys_ms now) {
    auto input = read_input(request);
    if (auto* const refusal = std::get_if<reply>(&input))
        return std::move(*refusal);
    auto const& body = std::get<boost::json::object>(input);
    auto identifier = read_text(body, "identifier");
    if (identifier.refusal)
        return std::move(*identifier.refusal);
    auto password = read_text(body, "password");
    if (password.refusal)
        return std::move(*password.refusal);

    auto const subject = subject_of(lower_case(identifier.value));
    auto const daily = limits_.take(create_daily, subject, now);
    if (!daily.allowed)
        return rate_limited(create_daily, daily);
    auto const standing = limits_.take(create_short, subject, now);
    if (!standing.allowed)
        return rate_limited(create_short, standing);

    auto const limited = [&](reply answer) {
        announce(answer, create_short, standing);
        return answer;
    };
    auto const ref = people_.find_identifier(identifier.value);
    if (!ref)
        return limited(wrong_password());
    auto const who = people_.at(*ref);
    if (who->state == account_state::deleted)
        return limited(wrong_password());
    auto entered = sign_in(*who, body, password.value);
    if (entered.refusal)
        return limited(std::move(*entered.refusal));
    if (taken_down(*who)) {
        if (!flag_of(body, "allowTakendown"))
            return limited(taken_down_error());
        entered.scope = takendown_scope;
    }
    auto const tokens =
        sessions_.create({*ref, who->did, std::move(entered.password_name), std::move(entered.scope)}, now);
    return limited(opened(*who, tokens));
}

reply session_methods::opened(person const& who, session_tokens const& tokens) const {
    auto body = account_object(who, pds_);
    body.emplace("accessJwt", tokens.access_jwt);
    body.emplace("refreshJwt", tokens.refresh_jwt);
    return json_reply(200, body);
}

reply session_methods::refresh(call const& request, sys_ms now) {
    if (auto refusal = refuse_input(request))
        return std::move(*refusal);
    auto bearer = read_bearer(request, signer_, refresh_type, now);
    if (auto* const refusal = std::get_if<reply>(&bearer))
        return std::move(*refusal);
    auto const& token = std::get<claims>(bearer);
    auto const ref = people_.find_did(token.subject);
    auto const who = ref ? people_.at(*ref) : nullptr;
    if (!who || who->state == account_state::deleted)
        return xrpc_error(403, "AccountNotFound", "Account not found");
    if (taken_down(*who))
        return taken_down_error();
    auto const tokens = sessions_.refresh(token.id, now);
    if (!tokens)
        return xrpc_error(400, "ExpiredToken", "Token has been revoked");
    return opened(*who, *tokens);
}

reply session_methods::remove(call const& request, sys_ms now) {
    if (auto refusal = refuse_input(request))
        return std::move(*refusal);
    auto bearer = read_bearer(request, signer_, refresh_type, now, true);
    if (auto* const refusal = std::get_if<reply>(&bearer))
        return std::move(*refusal);
    sessions_.remove(std::get<claims>(bearer).id, now);
    return {200, "", {}, ""};
}

session_methods::caller session_methods::authorize(call const& request, sys_ms now, bool writes) const {
    auto bearer = read_bearer(request, signer_, access_type, now);
    if (auto* const refusal = std::get_if<reply>(&bearer))
        return {nullptr, std::move(*refusal)};
    auto const& token = std::get<claims>(bearer);
    if (std::ranges::find(access_scopes, token.scope) == access_scopes.end())
        return {nullptr, xrpc_error(400, "InvalidToken", "Bad token scope")};
    auto const ref = people_.find_did(token.subject);
    auto who = ref ? people_.at(*ref) : nullptr;
    if (!who || who->state == account_state::deleted)
        return {nullptr, xrpc_error(403, "AccountNotFound", "Account not found")};
    if (taken_down(*who))
        return {nullptr, taken_down_error()};
    if (writes && who->state == account_state::deactivated)
        return {nullptr, xrpc_error(401, "AccountDeactivated", "Account is deactivated")};
    return {std::move(who), {}};
}

reply session_methods::get(call const& request, sys_ms now) const {
    auto caller = authorize(request, now, false);
    if (caller.refusal)
        return std::move(*caller.refusal);
    return json_reply(200, account_object(*caller.who, pds_));
}

} // namespace connectd::sandbox::bluesky
