#include "platforms/error_table.hpp"

#include "platforms/json_answer.hpp"
#include "platforms/platform_text.hpp"
#include "platforms/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace connectd::platforms {
namespace {

struct judgement {
    verdict what;
    errc meaning;
};

// What the body says, by the descriptor's pointers. Views into the body.
struct complaint {
    std::string_view code;
    std::string_view subcode;
    std::string_view message;
    bool transient = false;
};

bool is_true(boost::json::value const& root, pointers const& places) {
    for (auto const& pointer : places) {
        boost::system::error_code error;
        auto const* found = root.find_pointer(pointer, error);
        if (found != nullptr && found->is_bool()) {
            return found->get_bool();
        }
    }
    return false;
}

complaint read_complaint(error_rules const& rules, boost::json::value const* body) {
    if (body == nullptr) {
        return {};
    }
    complaint said{find_text(*body, rules.code), find_text(*body, rules.subcode),
                   find_text(*body, rules.message), is_true(*body, rules.transient)};
    auto const& good = rules.success_codes;
    if (std::find(good.begin(), good.end(), said.code) != good.end()) {
        said.code = {};
    }
    return said;
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    auto const same = [&](char a, char b) { return lower(a) == lower(b); };
    return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

std::optional<std::uint64_t> to_number(std::string_view text) {
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool const whole = error == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional{value} : std::nullopt;
}

// "190" is itself, "200-299" every number from the first to the last.
bool names_code(std::string_view entry, std::string_view code) {
    if (entry == code) {
        return true;
    }
    auto const dash = entry.find('-');
    if (dash == std::string_view::npos) {
        return false;
    }
    auto const first = to_number(entry.substr(0, dash));
    auto const last = to_number(entry.substr(dash + 1));
    auto const said = to_number(code);
    return first && last && said && *first <= *said && *said <= *last;
}

bool contains(std::vector<std::string> const& list, std::string_view code) {
    return std::any_of(list.begin(), list.end(), [&](auto const& entry) { return names_code(entry, code); });
}

bool matches(error_match const& match, unsigned status, complaint const& said) {
    auto const in_range = [&](auto const& range) { return status >= range.first && status <= range.second; };
    if (!match.statuses.empty() && std::none_of(match.statuses.begin(), match.statuses.end(), in_range)) {
        return false;
    }
    if (!match.codes.empty() && !contains(match.codes, said.code)) {
        return false;
    }
    if (!match.subcodes.empty() && !contains(match.subcodes, said.subcode)) {
        return false;
    }
    return match.message_contains.empty() || contains_ignoring_case(said.message, match.message_contains);
}

bool any_matches(std::vector<error_match> const& list, unsigned status, complaint const& said) {
    return std::any_of(list.begin(), list.end(),
                       [&](error_match const& match) { return matches(match, status, said); });
}

std::optional<judgement> by_rules(error_rules const& rules, call_kind call, unsigned status,
                                  complaint const& said) {
    for (auto const& rule : rules.rules) {
        bool const applies =
            rule.calls.empty() || std::find(rule.calls.begin(), rule.calls.end(), call) != rule.calls.end();
        if (applies && matches(rule.match, status, said)) {
            return judgement{rule.outcome, rule.meaning};
        }
    }
    return std::nullopt;
}

// RFC 6749 sections 4.1.2.1 and 5.2, RFC 8628 section 3.5 (slow_down), RFC 6750 section 3.1.
std::optional<judgement> by_standard_code(std::string_view code) {
    constexpr std::array<std::pair<std::string_view, judgement>, 12> codes = {{
        {"invalid_grant", {verdict::refused, errc::grant_refused}},
        {"invalid_token", {verdict::refused, errc::grant_refused}},
        {"access_denied", {verdict::refused, errc::access_denied}},
        {"invalid_client", {verdict::operator_fault, errc::client_refused}},
        {"unauthorized_client", {verdict::operator_fault, errc::client_refused}},
        {"invalid_scope", {verdict::operator_fault, errc::request_refused}},
        {"insufficient_scope", {verdict::operator_fault, errc::scope_missing}},
        {"unsupported_grant_type", {verdict::operator_fault, errc::request_refused}},
        {"invalid_request", {verdict::operator_fault, errc::request_refused}},
        {"slow_down", {verdict::temporary, errc::rate_limited}},
        {"server_error", {verdict::temporary, errc::platform_unavailable}},
        {"temporarily_unavailable", {verdict::temporary, errc::platform_unavailable}},
    }};
    auto const found =
        std::find_if(codes.begin(), codes.end(), [&](auto const& item) { return item.first == code; });
    return found == codes.end() ? std::nullopt : std::optional{found->second};
}

judgement by_status(call_kind call, unsigned status) {
    bool const with_token = call == call_kind::identity || call == call_kind::api;
    if (status >= 200 && status < 300) {
        return {verdict::temporary, errc::malformed_answer};
    }
    if (status == 401) {
        return with_token ? judgement{verdict::refused, errc::grant_refused}
                          : judgement{verdict::operator_fault, errc::client_refused};
    }
    return {verdict::operator_fault, errc::request_refused};
}

judgement judge(descriptor const& platform, call_kind call, http::response const& answer,
                complaint const& said, bool is_json) {
    auto const status = answer.status;
    auto const ruled = by_rules(platform.errors, call, status, said);
    if (said.transient && (!ruled || ruled->what != verdict::temporary)) {
        return {verdict::temporary, errc::platform_unavailable};
    }
    if (ruled) {
        return *ruled;
    }
    if (status == 429) {
        return {verdict::temporary, errc::rate_limited};
    }
    if (status >= 500 || status == 408 || status == 425) {
        return {verdict::temporary, errc::platform_unavailable};
    }
    // A page instead of JSON comes from whatever stands in front of the platform, which knows nothing of the
    // account.
    bool const redirect = status >= 300 && status < 400;
    if (!is_json && !answer.body.empty() && !redirect) {
        return {verdict::temporary, errc::platform_unavailable};
    }
    if (auto const found = by_standard_code(said.code)) {
        return *found;
    }
    return by_status(call, status);
}

} // namespace

failure classify(descriptor const& platform, call_kind call, http::response const& answer,
                 boost::json::value const* body) {
    auto const said = read_complaint(platform.errors, body);
    auto const judged = judge(platform, call, answer, said, body != nullptr);
    failure failed;
    failed.what = judged.what;
    failed.code = judged.meaning;
    failed.retry_after = retry_after(answer);
    failed.platform_error = platform_text(said.code, longest_platform_code);
    failed.platform_message = platform_text(said.message, longest_platform_message);
    failed.http_status = answer.status;
    return failed;
}

std::optional<failure> revoke_failure(descriptor const& platform, http::response const& answer) {
    if (answer.status >= 200 && answer.status < 300) {
        return std::nullopt;
    }
    json_answer const body(answer.body);
    auto failed = classify(platform, call_kind::revoke, answer, body.root());
    return failed.what == verdict::refused ? std::nullopt : std::optional{std::move(failed)};
}

bool says_dead_token(descriptor const& platform, http::response const& answer) {
    auto const& rules = platform.proxy;
    if (answer.status < 400) {
        return false;
    }
    if (rules.dead_token.empty() && rules.living_token.empty()) {
        return answer.status == 401;
    }
    json_answer const body(answer.body);
    auto const said = read_complaint(platform.errors, body.root());
    if (any_matches(rules.living_token, answer.status, said)) {
        return false;
    }
    return rules.dead_token.empty() ? answer.status == 401
                                    : any_matches(rules.dead_token, answer.status, said);
}

bool says_fresh_token(descriptor const& platform, http::response const& answer) {
    auto const& rules = platform.identity.fresh_token;
    if (rules.empty()) {
        return false;
    }
    json_answer const body(answer.body);
    return any_matches(rules, answer.status, read_complaint(platform.errors, body.root()));
}

} // namespace connectd::platforms
