#include "server/api/token_import.hpp"

#include "server/api/accounts.hpp"
#include "server/api/body.hpp"
#include "server/api/problem.hpp"
#include "server/api/time_input.hpp"
#include "server/services/token_import.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace connectd::server::api {
namespace {

constexpr std::chrono::days longest_life{3660};

struct import_body {
    std::string platform;
    std::string access_token;
    std::optional<std::string> refresh_token;
    std::optional<std::string> expires_at;
    std::optional<std::int64_t> expires_in;
    std::optional<std::string> refresh_expires_at;
    std::optional<std::vector<std::string>> scopes;
    std::optional<std::string> profile_id;
    std::optional<std::string> credentials_id;
    std::optional<std::string> instance;
    std::optional<std::string> platform_user_id;
    std::optional<std::string> username;
    std::optional<std::string> display_name;
    std::optional<boost::json::object> metadata;
    std::optional<bool> verify;
};
BOOST_DESCRIBE_STRUCT(import_body, (),
                      (platform, access_token, refresh_token, expires_at, expires_in, refresh_expires_at,
                       scopes, profile_id, credentials_id, instance, platform_user_id, username, display_name,
                       metadata, verify))

services::failure invalid(std::string field, std::string detail) {
    return {services::errc::field_invalid, std::move(detail), std::move(field)};
}

using moment = std::optional<runtime::sys_ms>;

services::outcome<moment> read_moment(std::optional<std::string> const& text, std::string_view field) {
    if (!text) {
        return moment{};
    }
    auto const when = read_time(*text);
    if (!when) {
        return invalid(std::string{field}, "A time in UTC such as 2026-09-01T07:00:00Z.");
    }
    return moment{*when};
}

services::outcome<moment> read_end(import_body const& body, runtime::sys_ms now) {
    if (!body.expires_in) {
        return read_moment(body.expires_at, "expires_at");
    }
    if (body.expires_at) {
        return invalid("expires_in", "Either this or expires_at.");
    }
    std::chrono::seconds const left{*body.expires_in};
    if (left < left.zero() || left > longest_life) {
        return invalid("expires_in", "Seconds from now, ten years at most.");
    }
    return moment{now + left};
}

std::optional<crypto::secret> to_secret(std::optional<std::string> text) {
    return text ? std::optional{crypto::secret::take(*std::move(text))} : std::nullopt;
}

} // namespace

runtime::task<http::response> import_account(call of) {
    auto body = read_body<import_body>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    auto access_token = crypto::secret::take(std::move(body->access_token));
    auto refresh_token = to_secret(std::exchange(body->refresh_token, std::nullopt));
    auto const ends = read_end(*body, of.with.clock.now());
    if (ends.has_error()) {
        co_return refuse(ends.error(), of.asked);
    }
    auto const refresh_ends = read_moment(body->refresh_expires_at, "refresh_expires_at");
    if (refresh_ends.has_error()) {
        co_return refuse(refresh_ends.error(), of.asked);
    }
    auto const imported = co_await of.services().token_import.import(
        of.workspace(), {.platform = std::move(body->platform),
                         .access_token = std::move(access_token),
                         .refresh_token = std::move(refresh_token),
                         .access_expires_at = *ends,
                         .refresh_expires_at = *refresh_ends,
                         .scopes = std::move(body->scopes).value_or(std::vector<std::string>{}),
                         .profile_id = std::move(body->profile_id),
                         .credentials_id = std::move(body->credentials_id),
                         .instance = std::move(body->instance),
                         .platform_user_id = std::move(body->platform_user_id).value_or(""),
                         .username = std::move(body->username).value_or(""),
                         .display_name = std::move(body->display_name).value_or(""),
                         .metadata = body->metadata ? boost::json::serialize(*body->metadata) : std::string{},
                         .verify = body->verify.value_or(true)});
    co_return answer_account(imported, 201, of.asked);
}

} // namespace connectd::server::api
