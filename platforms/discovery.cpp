#include "platforms/discovery.hpp"

#include "platforms/call.hpp"
#include "platforms/http/target.hpp"
#include "platforms/json_answer.hpp"
#include "platforms/retry_after.hpp"
#include "platforms/server_metadata.hpp"

#include <optional>
#include <utility>

namespace connectd::platforms {
namespace {

constexpr std::size_t largest_metadata = 256 * 1024;
constexpr std::size_t longest_issuer = 512;

http::request metadata_request(std::string url, bool user_given) {
    http::request request;
    request.url = std::move(url);
    request.headers = {{"Accept", "application/json"}};
    request.max_response_body = largest_metadata;
    request.user_given_url = user_given;
    return request;
}

// What it means that no answer came.
failure unreachable(boost::system::error_code const& error) {
    auto failed = network_failure(call_kind::identity, error);
    if (error == errc::address_refused) {
        failed.what = verdict::operator_fault;
    }
    return failed;
}

failure not_metadata(http::response const& answer) {
    failure failed;
    failed.what = verdict::operator_fault;
    failed.code = errc::metadata_refused;
    failed.http_status = answer.status;
    if (answer.status == 429 || answer.status >= 500) {
        failed.what = verdict::temporary;
        failed.code = answer.status == 429 ? errc::rate_limited : errc::platform_unavailable;
        failed.retry_after = retry_after(answer);
    }
    return failed;
}

} // namespace

result<std::string> parse_issuer(std::string_view typed) {
    if (typed.size() > longest_issuer || !is_usable_endpoint(typed, is_local_http(typed)) ||
        typed.find('?') != std::string_view::npos) {
        return errc::invalid_instance;
    }
    return std::string(typed);
}

std::vector<std::string> metadata_urls(std::string_view issuer) {
    constexpr std::string_view openid = "/.well-known/openid-configuration";
    constexpr std::string_view oauth = "/.well-known/oauth-authorization-server";
    if (issuer.ends_with('/')) {
        issuer.remove_suffix(1);
    }
    auto const path_at = std::min(issuer.find('/', issuer.find("://") + 3), issuer.size());
    std::string const origin(issuer.substr(0, path_at));
    std::string const path(issuer.substr(path_at));
    std::vector<std::string> urls = {origin + path + std::string(openid), origin + std::string(oauth) + path};
    if (!path.empty()) {
        urls.push_back(origin + std::string(openid) + path);
    }
    return urls;
}

outcome<descriptor> apply_metadata(descriptor const& platform, std::string_view issuer,
                                   http::response const& answer) {
    json_answer const body(answer.body);
    auto const* members = body.root() == nullptr ? nullptr : body.root()->if_object();
    if (answer.status < 200 || answer.status >= 300 || members == nullptr) {
        return not_metadata(answer);
    }
    auto made = descriptor_from(platform, issuer, *members);
    if (!made) {
        auto failed = made.error();
        failed.http_status = answer.status;
        return failed;
    }
    return made;
}

task<outcome<descriptor>> discover(http::client& client, descriptor const& platform, std::string issuer,
                                   bool user_given, deadline until) {
    std::optional<failure> why;
    for (auto& url : metadata_urls(issuer)) {
        auto const answer = co_await client.send(metadata_request(std::move(url), user_given), until);
        if (!answer) {
            co_return unreachable(answer.error());
        }
        auto made = apply_metadata(platform, issuer, *answer);
        if (made) {
            made->user_given = user_given;
            co_return made;
        }
        // What is wrong with a document says more than where there is none, and that nothing while the server
        // is in trouble.
        if (!why || (why->what != verdict::temporary && why->platform_error.empty())) {
            why = made.error();
        }
    }
    co_return *why;
}

} // namespace connectd::platforms
