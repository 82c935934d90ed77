#include "platforms/descriptor_sections.hpp"
#include "platforms/descriptor_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace connectd::platforms {
namespace {

namespace json = boost::json;

constexpr std::array<word<call_kind>, 6> calls = {{
    {"exchange", call_kind::exchange},
    {"refresh", call_kind::refresh},
    {"revoke", call_kind::revoke},
    {"identity", call_kind::identity},
    {"api", call_kind::api},
    {"registration", call_kind::registration},
}};
constexpr std::array<word<verdict>, 3> verdicts = {{
    {"refused", verdict::refused},
    {"operator_fault", verdict::operator_fault},
    {"temporary", verdict::temporary},
}};
constexpr std::array<word<errc>, 12> meanings = {{
    {"grant_refused", errc::grant_refused},
    {"access_denied", errc::access_denied},
    {"credentials_refused", errc::credentials_refused},
    {"second_factor_required", errc::second_factor_required},
    {"account_suspended", errc::account_suspended},
    {"identifier_not_found", errc::identifier_not_found},
    {"client_refused", errc::client_refused},
    {"request_refused", errc::request_refused},
    {"rate_limited", errc::rate_limited},
    {"platform_unavailable", errc::platform_unavailable},
    {"scope_missing", errc::scope_missing},
    {"nothing_to_connect", errc::nothing_to_connect},
}};

errc default_meaning(verdict what) {
    switch (what) {
    case verdict::refused:
        return errc::grant_refused;
    case verdict::operator_fault:
        return errc::client_refused;
    case verdict::temporary:
    case verdict::unknown_outcome:
        break;
    }
    return errc::platform_unavailable;
}

// 400, or "4xx".
std::optional<std::pair<unsigned, unsigned>> status_range(json::value const& value) {
    if (auto const* number = value.if_int64(); number != nullptr && *number >= 100 && *number <= 599) {
        return std::pair{static_cast<unsigned>(*number), static_cast<unsigned>(*number)};
    }
    auto const* text = value.if_string();
    if (text == nullptr || text->size() != 3 || !std::string_view(*text).ends_with("xx")) {
        return std::nullopt;
    }
    char const digit = (*text)[0];
    if (digit < '1' || digit > '5') {
        return std::nullopt;
    }
    auto const first = static_cast<unsigned>(digit - '0') * 100;
    return std::pair{first, first + 99};
}

void read_match(object_reader& section, error_match& into) {
    if (section.members() == nullptr) {
        return;
    }
    if (auto const* value = section.member("status")) {
        json::array const single(1, *value);
        auto const& list = value->is_array() ? value->get_array() : single;
        for (auto const& item : list) {
            if (auto const range = status_range(item)) {
                into.statuses.push_back(*range);
            } else {
                section.problem("status",
                                "must be a status such as 401, a class such as \"5xx\", or a list of them");
            }
        }
    }
    section.read("code", into.codes);
    section.read("subcode", into.subcodes);
    section.read("message_contains", into.message_contains);
    if (into.statuses.empty() && into.codes.empty() && into.subcodes.empty() &&
        into.message_contains.empty()) {
        section.problem("status", "or code, subcode or message_contains must say what the rule matches");
    }
}

void read_rule(object_reader section, std::vector<error_rule>& into) {
    error_rule rule;
    std::vector<std::string> names;
    section.read("calls", names);
    for (std::size_t index = 0; index < names.size(); ++index) {
        auto const found = std::find_if(calls.begin(), calls.end(),
                                        [&](auto const& call) { return call.first == names[index]; });
        if (found != calls.end()) {
            rule.calls.push_back(found->second);
            continue;
        }
        section.problems().add(join_pointer(section.path("calls"), std::to_string(index)),
                               "must be one of \"exchange\", \"refresh\", \"revoke\", \"identity\", \"api\" "
                               "and \"registration\"");
    }
    read_match(section, rule.match);
    if (section.members() != nullptr && !section.members()->contains("verdict")) {
        section.problem("verdict", "is required: what the answer means for the account");
    }
    section.read_choice<verdict>("verdict", rule.outcome, verdicts);
    rule.meaning = default_meaning(rule.outcome);
    section.read_choice<errc>("meaning", rule.meaning, meanings);
    section.finish();
    into.push_back(std::move(rule));
}

// Of letters, digits and "-._" between single slashes, so that what begins with it can be told byte by byte.
bool is_plain_path(std::string_view path) {
    bool const plain = std::ranges::all_of(path, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
               c == '-' || c == '_' || c == '.';
    });
    return plain && path.size() > 1 && path.front() == '/' && path.back() != '/' &&
           path.find("//") == path.npos && path.find("/.") == path.npos;
}

} // namespace

void read_matches(object_reader& section, std::string_view name, std::vector<error_match>& into) {
    auto const* value = section.member(name);
    if (value == nullptr) {
        return;
    }
    if (!value->is_array()) {
        return section.problem(name, "must be a list of rules");
    }
    std::size_t index = 0;
    for (auto const& item : value->get_array()) {
        object_reader rule(&item, join_pointer(section.path(name), std::to_string(index++)),
                           section.problems());
        read_match(rule, into.emplace_back());
        rule.finish();
    }
}

void read_errors(object_reader& file, error_rules& into) {
    auto section = file.object("errors");
    section.read_pointers("code", into.code);
    section.read_pointers("subcode", into.subcode);
    section.read_pointers("message", into.message);
    section.read_pointers("transient", into.transient);
    section.read("success_codes", into.success_codes);
    if (auto const* rules = section.member("rules")) {
        if (!rules->is_array()) {
            section.problem("rules", "must be a list of rules");
        } else {
            for (std::size_t index = 0; index < rules->get_array().size(); ++index) {
                read_rule({&rules->get_array()[index],
                           join_pointer(section.path("rules"), std::to_string(index)), section.problems()},
                          into.rules);
            }
        }
    }
    section.finish();
}

void read_proxy(object_reader& file, proxy_rules& into) {
    auto section = file.object("proxy");
    section.read_headers("headers", into.headers);
    read_matches(section, "dead_token", into.dead_token);
    read_matches(section, "living_token", into.living_token);
    section.read("rate_limit_headers", into.rate_limit_headers);
    section.read("origin_paths", into.origin_paths);
    for (auto const& path : into.origin_paths) {
        if (!is_plain_path(path)) {
            section.problem("origin_paths",
                            "must be paths such as \"/upload/v3\", without a slash at the end");
        }
    }
    section.finish();
}

} // namespace connectd::platforms
