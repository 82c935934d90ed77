#include "tools/sandbox/youtube/gate.hpp"

#include "tools/sandbox/youtube/errors.hpp"
#include "tools/sandbox/youtube/rules.hpp"

namespace connectd::sandbox::youtube {
namespace {

constexpr std::chrono::seconds day{86'400};
// Since 1 June 2026 uploads have a bucket of their own.
constexpr rate_limit units_of_project{1, 10'000, day};
constexpr rate_limit uploads_of_project{2, 100, day};

// Daylight saving time in California: from the second Sunday of March to the first of November, at 2 o'clock.
bool is_summer_in_california(sys_ms time) {
    using namespace std::chrono;
    auto const year = year_month_day{floor<days>(time)}.year();
    auto const begins = sys_days{year / March / Sunday[2]} + hours{10};
    auto const ends = sys_days{year / November / Sunday[1]} + hours{9};
    return time >= begins && time < ends;
}

// A time whose midnight in UTC is California's.
sys_ms pacific(sys_ms time) {
    return time - std::chrono::hours{is_summer_in_california(time) ? 7 : 8};
}

reply limited(std::string_view reason, std::string_view message) {
    return error_reply(
        {.code = 403, .reason = reason, .message = std::string{message}, .domain = "usageLimits"});
}

bool may(oauth::scope_set allowed, oauth::scope_set any_of) {
    return any_of.has_any(allowed);
}

} // namespace

std::variant<caller, reply> gate::enter(call const& request, method_rule const& rule, sys_ms now) {
    auto const token = request.bearer();
    auto allowed = token ? grants_.check(*token, now) : std::nullopt;
    if (!allowed)
        return unauthenticated();
    caller entered{people_.at(allowed->person), std::move(*allowed), {}};
    entered.client = apps_.find(entered.allowed.client_id);
    if (auto refusal = refuse_project(entered))
        return std::move(*refusal);
    auto const project = subject_of(project_of(entered.allowed.client_id));
    if (!limits_.take(units_of_project, project, pacific(now)).allowed)
        return quota_exceeded();
    if (!may(entered.allowed.scopes, rule.any_of))
        return insufficient_permissions();
    bool const nobody = entered.who->has_trait("youtube_signup_required") ||
                        (rule.needs_channel && entered.who->has_trait("youtube_no_channel"));
    if (nobody)
        return signup_required();
    return entered;
}

std::optional<reply> gate::refuse_project(caller const& who) const {
    if (!who.client)
        return std::nullopt;
    if (who.client->has_flag("api_disabled"))
        return limited("accessNotConfigured", "YouTube Data API v3 has not been used in project " +
                                                  std::string{project_of(who.client->client_id)} +
                                                  " before or it is disabled.");
    if (who.client->has_flag("quota_exceeded"))
        return quota_exceeded();
    if (who.client->has_flag("rate_limited"))
        return limited("rateLimitExceeded", "Rate Limit Exceeded");
    if (who.client->has_flag("user_rate_limited"))
        return limited("userRateLimitExceeded", "User Rate Limit Exceeded");
    return std::nullopt;
}

std::optional<reply> gate::charge(caller const& who, method_rule const& rule, sys_ms now) {
    auto const project = subject_of(project_of(who.allowed.client_id));
    auto const standing = rule.uploads
                              ? limits_.take(uploads_of_project, project, pacific(now))
                              : limits_.take(units_of_project, project, pacific(now), rule.units - 1);
    return standing.allowed ? std::nullopt : std::optional{quota_exceeded()};
}

} // namespace connectd::sandbox::youtube
