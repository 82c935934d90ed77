#include "tools/sandbox/pinterest/gate.hpp"

#include "tools/sandbox/pinterest/errors.hpp"
#include "tools/sandbox/pinterest/rules.hpp"
#include "tools/sandbox/time_text.hpp"

namespace connectd::sandbox::pinterest {
namespace {

constexpr std::chrono::seconds second{1};
constexpr std::chrono::seconds minute{60};
constexpr std::chrono::seconds day{86'400};

// Trial access: per day and app. Standard access: per user and app.
constexpr rate_limit trial_all{1, 1000, day};
constexpr rate_limit trial_read{2, 1000, day};
constexpr rate_limit trial_write{3, 300, day};
constexpr rate_limit standard_all{4, 100, second};
constexpr rate_limit standard_read{5, 1000, minute};
constexpr rate_limit standard_write{6, 100, minute};

} // namespace

std::optional<passed> gate::authenticate(call const& request, sys_ms now) const {
    auto const token = request.bearer();
    auto caller = token ? grants_.check(*token, now) : std::nullopt;
    if (!caller)
        return std::nullopt;
    auto client = apps_.find(caller->client_id);
    // An app that is gone takes its tokens with it.
    return client ? std::optional{passed{std::move(*caller), std::move(client)}} : std::nullopt;
}

rate_standing gate::take(oauth::app const& client, person_ref user, category kind, sys_ms now) {
    bool const trial = client.has_flag(trial_flag);
    auto const subject =
        subject_of(client.client_id) ^ (trial ? 0 : (user + 1) * std::uint64_t{0x9E3779B97F4A7C15});
    auto const all = limits_.take(trial ? trial_all : standard_all, subject, now);
    if (!all.allowed)
        return all;
    bool const read = kind == category::org_read;
    return limits_.take(trial ? (read ? trial_read : trial_write) : (read ? standard_read : standard_write),
                        subject, now);
}

reply gate::announce(reply answer, rate_standing const& standing, sys_ms now) {
    answer.headers.emplace_back("x-ratelimit-limit", std::to_string(standing.limit));
    answer.headers.emplace_back("x-ratelimit-remaining", std::to_string(standing.remaining));
    answer.headers.emplace_back("x-ratelimit-reset", std::to_string(standing.reset - unix_seconds(now)));
    return answer;
}

reply gate::refuse_stranger() {
    return authentication_failed();
}

reply gate::refuse_hasty() {
    return rate_limited();
}

reply gate::refuse_narrow() {
    return not_permitted();
}

} // namespace connectd::sandbox::pinterest
