#include "tools/sandbox/linkedin/gate.hpp"

#include "tools/sandbox/linkedin/errors.hpp"

namespace connectd::sandbox::linkedin {
namespace {

constexpr std::chrono::seconds day{86'400}; // its windows end at midnight, UTC
constexpr std::uint32_t app_limit = 100'000;
constexpr std::chrono::minutes freshness{1};

} // namespace

std::variant<oauth::access, reply> gate::enter(call const& request, resource const& wanted,
                                               std::string_view version, sys_ms now) {
    auto const token = request.bearer();
    if (!token)
        return missing_token();
    auto found = grants_.inspect(*token, now);
    if (auto const* const refused = std::get_if<oauth::refusal>(&found))
        return refused_token(*refused);
    auto& caller = std::get<oauth::access>(found);
    if (caller.kind != oauth::token_kind::access)
        return refused_token(oauth::refusal::token_wrong_kind);
    if (fresh_refusals_ != 0 && still_too_fresh(*token, caller, now))
        return refused_token(oauth::refusal::token_revoked);
    if (!caller.scopes.has_any(wanted.permissions))
        return access_denied(std::string{wanted.name} + "." + std::string{version});
    auto const subject = subject_of(caller.client_id);
    rate_limit const of_app{2 * wanted.id, app_limit, day};
    rate_limit const of_member{2 * wanted.id + 1, wanted.member_limit, day};
    if (!limits_.take(of_app, subject, now).allowed)
        return day_limit("APPLICATION");
    if (!limits_.take(of_member, subject ^ (caller.person * 0x9E3779B97F4A7C15U), now).allowed)
        return day_limit("MEMBER");
    return std::move(caller);
}

bool gate::still_too_fresh(std::string_view token, oauth::access const& caller, sys_ms now) {
    if (now >= caller.issued_at + freshness)
        return false;
    std::lock_guard const lock{mutex_};
    return ++refused_[std::string{token}] <= fresh_refusals_;
}

void gate::reset() {
    fresh_refusals_ = 0;
    std::lock_guard const lock{mutex_};
    refused_.clear();
}

} // namespace connectd::sandbox::linkedin
