#include "server/services/proxy/pauses.hpp"

#include "platforms/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace connectd::server::services::proxy {
namespace {

constexpr std::chrono::milliseconds longest = std::chrono::days{1};
// A number above this is a moment, below it a span: 2001 as the one, 31 years as the other.
constexpr std::int64_t least_moment = 1'000'000'000;
constexpr std::string_view remaining = "remaining";

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t value = 0;
    auto const* const end = text.data() + text.size();
    auto const [at, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && at == end && value >= 0 ? std::optional{value} : std::nullopt;
}

// "2026-11-26T05:00:00.000Z", to the second.
std::optional<runtime::sys_ms> moment_of(std::string_view text) {
    std::array<int, 6> part{};
    constexpr std::string_view form = "dddd-dd-ddTdd:dd:dd";
    if (text.size() < form.size() || !text.ends_with('Z')) {
        return std::nullopt;
    }
    std::size_t which = 0;
    for (std::size_t at = 0; at < form.size(); ++at) {
        if (form[at] != 'd') {
            if (text[at] != form[at]) {
                return std::nullopt;
            }
            ++which;
        } else if (text[at] < '0' || text[at] > '9') {
            return std::nullopt;
        } else {
            part[which] = part[which] * 10 + (text[at] - '0');
        }
    }
    std::chrono::year_month_day const date{std::chrono::year{part[0]},
                                           std::chrono::month{static_cast<unsigned>(part[1])},
                                           std::chrono::day{static_cast<unsigned>(part[2])}};
    if (!date.ok()) {
        return std::nullopt;
    }
    return std::chrono::sys_days{date} + std::chrono::hours{part[3]} + std::chrono::minutes{part[4]} +
           std::chrono::seconds{part[5]};
}

std::optional<std::chrono::milliseconds> span_until(std::string_view reset, runtime::sys_ms now) {
    if (auto const number = number_of(reset)) {
        std::chrono::seconds const span{std::min<std::int64_t>(*number, std::int64_t{1} << 40)};
        return *number >= least_moment ? runtime::sys_ms{span} - now : std::chrono::milliseconds{span};
    }
    auto const moment = moment_of(reset);
    return moment ? std::optional{*moment - now} : std::nullopt;
}

std::string of_call(storage::account const& row, std::string_view method, std::string_view path) {
    return row.id.to_string().append(" ").append(method).append(" ").append(path);
}

std::string of_app(storage::account const& row) {
    return row.quickstart ? "quickstart " + row.platform : row.credentials.to_string();
}

} // namespace

std::optional<stated_wait> read_wait(platforms::proxy_rules const& rules,
                                     platforms::http::response const& answer, runtime::sys_ms now) {
    if (answer.status != 429 && answer.status != 503) {
        return std::nullopt;
    }
    std::optional<std::chrono::milliseconds> wait = platforms::retry_after(answer);
    bool const said = wait.has_value();
    bool whole_app = false;
    for (std::string_view const name : rules.rate_limit_headers) {
        if (answer.status != 429 || !name.ends_with(remaining) || answer.header(name) != "0") {
            continue;
        }
        std::string const partner = std::string{name.substr(0, name.size() - remaining.size())} + "reset";
        auto const span = span_until(answer.header(partner), now);
        whole_app = whole_app || name.find("-app-") != name.npos;
        if (span && !said && (!wait || *span > *wait)) {
            wait = span;
        }
    }
    if (!wait || wait->count() <= 0) {
        return std::nullopt;
    }
    return stated_wait{std::min(*wait, longest), whole_app};
}

std::optional<std::chrono::milliseconds> pauses::left(storage::account const& row, std::string_view method,
                                                      std::string_view path, runtime::sys_ms now) {
    std::lock_guard const lock{guard_};
    if (until_.empty()) {
        return std::nullopt;
    }
    std::optional<std::chrono::milliseconds> longest_left;
    for (auto const& key : {of_app(row), of_call(row, method, path)}) {
        auto const found = until_.find(key);
        if (found == until_.end()) {
            continue;
        }
        if (found->second <= now) {
            until_.erase(found);
        } else if (!longest_left || found->second - now > *longest_left) {
            longest_left = found->second - now;
        }
    }
    return longest_left;
}

void pauses::set(storage::account const& row, std::string_view method, std::string_view path,
                 stated_wait wait, runtime::sys_ms now) {
    auto key = wait.whole_app ? of_app(row) : of_call(row, method, path);
    std::lock_guard const lock{guard_};
    if (until_.size() >= most) {
        std::erase_if(until_, [now](auto const& each) { return each.second <= now; });
    }
    if (until_.size() < most) {
        until_[std::move(key)] = now + wait.how_long;
    }
}

} // namespace connectd::server::services::proxy
