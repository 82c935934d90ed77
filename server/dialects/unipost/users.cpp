// /v1/users: the customer's end users, of the workspace or of one profile, as their accounts' metadata tell
// them.
#include "server/dialects/reading.hpp"
#include "server/dialects/unipost/unipost.hpp"
#include "server/dialects/views.hpp"
#include "server/http/render.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace connectd::server::dialects::unipost {
namespace {

using accounts = std::vector<services::account_view>;
using users = std::map<std::string, accounts>; // by external_user_id, none without an account

bool is_connected(services::account_view const& shown) {
    return shown.status != "disconnected";
}

// Of the profile in the path, where there is one; disconnected accounts too. Errors: profile_not_found.
runtime::task<services::outcome<users>> find_users(call of, bool of_profile) {
    services::account_filter filter{.platform = {}, .status = "all", .profile_id = {}, .instance = {}};
    if (of_profile) {
        auto const profile =
            co_await of.services().profiles.get(of.workspace(), of.asked.path_parameter("profile"));
        if (profile.has_error()) {
            co_return profile.error();
        }
        filter.profile_id = profile->id.to_string();
    }
    auto const all = co_await all_accounts(of, std::move(filter));
    if (all.has_error()) {
        co_return all.error();
    }
    users found;
    for (auto const& each : *all) {
        if (auto user = metadata_text(each.metadata, "external_user_id")) {
            found[*std::move(user)].push_back(each);
        }
    }
    co_return found;
}

runtime::task<services::outcome<accounts>> find_user(call of, bool of_profile) {
    auto found = co_await find_users(of, of_profile);
    if (found.has_error()) {
        co_return found.error();
    }
    auto const user = found->find(of.asked.path_parameter("user"));
    if (user == found->end()) {
        co_return services::failure{services::errc::account_not_found, "There is no such user."};
    }
    co_return std::move(user->second);
}

// The vendor's client wants counts as integers and optional texts absent rather than null.
boost::json::object row_of(std::string const& user, accounts const& owned) {
    boost::json::object counts;
    std::int64_t connected = 0;
    std::int64_t reconnect = 0;
    auto first = owned.front().connected_at;
    for (auto const& each : owned) {
        first = std::min(first, each.connected_at);
        if (is_connected(each)) {
            auto& count = counts[with_twitter(each.platform)];
            count = count.is_null() ? 1 : count.as_int64() + 1;
            connected += 1;
            reconnect += each.status == "active" ? 0 : 1;
        }
    }
    boost::json::object row{{"external_user_id", user},
                            {"account_count", connected},
                            {"platform_counts", std::move(counts)},
                            {"reconnect_count", reconnect},
                            {"disconnected_count", static_cast<std::int64_t>(owned.size()) - connected},
                            {"first_connected_at", http::render_time(first)}};
    if (auto const email = metadata_text(owned.front().metadata, "external_user_email")) {
        row["external_user_email"] = *email;
    }
    return row;
}

// How many are wanted; all where the caller does not say. Errors: field_invalid.
services::outcome<std::size_t> read_limit(call const& of, std::size_t there) {
    constexpr std::size_t most = 100;
    auto const text = of.query("limit");
    if (!text) {
        return there;
    }
    std::size_t limit = 0;
    auto const* end = text->data() + text->size();
    auto const [stop, error] = std::from_chars(text->data(), end, limit);
    if (error != std::errc{} || stop != end || limit == 0 || limit > most) {
        return services::failure{services::errc::field_invalid, "limit is a number from 1 to 100.", "limit"};
    }
    return limit;
}

runtime::task<http::response> show_users(call of, bool of_profile) {
    auto const found = co_await find_users(of, of_profile);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    auto const limit = read_limit(of, found->size());
    if (limit.has_error()) {
        co_return of.refuse(limit.error());
    }
    boost::json::array data;
    for (auto const& [user, owned] : *found) {
        if (data.size() < *limit) {
            data.push_back(row_of(user, owned));
        }
    }
    co_return answer_list(std::move(data), of, found->size());
}

runtime::task<http::response> show_user(call of, bool of_profile) {
    auto const found = co_await find_user(of, of_profile);
    auto const profiles = co_await all_profiles(of);
    if (found.has_error() || profiles.has_error()) {
        co_return of.refuse(found.has_error() ? found.error() : profiles.error());
    }
    boost::json::array owned;
    for (auto const& each : *found) {
        if (is_connected(each)) {
            owned.push_back(to_json(each, *profiles));
        }
    }
    boost::json::object user{{"external_user_id", of.asked.path_parameter("user")},
                             {"account_count", owned.size()}};
    if (auto const email = metadata_text(found->front().metadata, "external_user_email")) {
        user["external_user_email"] = *email;
    }
    user["accounts"] = std::move(owned);
    co_return answer(200, std::move(user), of);
}

// Disconnected accounts go out of sight, as with /v1/accounts/{id}/dismiss.
runtime::task<http::response> dismiss_rows(call of, bool of_profile) {
    auto const found = co_await find_user(of, of_profile);
    if (found.has_error()) {
        co_return of.refuse(found.error());
    }
    for (auto const& each : *found) {
        if (is_connected(each)) {
            continue;
        }
        auto const gone = co_await of.services().disconnects.disconnect(of.workspace(), each.id.to_string(),
                                                                        {.row = services::row_wish::drop});
        if (gone.has_error()) {
            co_return of.refuse(gone.error());
        }
    }
    co_return answer(200, boost::json::object{{"dismissed", true}}, of);
}

} // namespace

runtime::task<http::response> list_users(call of) {
    co_return co_await show_users(of, false);
}

runtime::task<http::response> list_profile_users(call of) {
    co_return co_await show_users(of, true);
}

runtime::task<http::response> get_user(call of) {
    co_return co_await show_user(of, false);
}

runtime::task<http::response> get_profile_user(call of) {
    co_return co_await show_user(of, true);
}

runtime::task<http::response> dismiss_user(call of) {
    co_return co_await dismiss_rows(of, false);
}

runtime::task<http::response> dismiss_profile_user(call of) {
    co_return co_await dismiss_rows(of, true);
}

} // namespace connectd::server::dialects::unipost
