#include "server/services/platform_resolver.hpp"

#include "platforms/descriptor_words.hpp"
#include "platforms/discovery.hpp"
#include "platforms/instance.hpp"
#include "server/runtime/deadline.hpp"
#include "server/runtime/log.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace connectd::server::services {
namespace {

using platforms::errc;

// "mastodon.example" of "https://mastodon.example"; an issuer keeps its path.
std::string_view bare(std::string_view url) {
    auto const scheme = url.find("://");
    return scheme == std::string_view::npos ? url : url.substr(scheme + 3);
}

bool is(platforms::failure const& cause, errc code) {
    return cause.code == make_error_code(code);
}

shared_platform with_pkce(shared_platform platform, std::string_view wanted) {
    auto const* word =
        std::ranges::find(platforms::pkce_method_words, wanted, [](auto const& each) { return each.first; });
    if (word == platforms::pkce_method_words.end() || word->second == platform->pkce) {
        return platform;
    }
    auto changed = *platform;
    changed.pkce = word->second;
    return std::make_shared<platforms::descriptor const>(std::move(changed));
}

shared_platform named_after(platforms::descriptor found, std::string_view server) {
    found.title += " (" + std::string{bare(server)} + ")";
    return std::make_shared<platforms::descriptor const>(std::move(found));
}

failure metadata_failure(platforms::failure const& cause, std::string const& server) {
    using services::errc;
    if (cause.platform_error == "issuer") {
        return {errc::field_invalid,
                "The metadata of " + server +
                    " names another issuer. Write the issuer exactly as the server does, "
                    "slash at the end or not."};
    }
    if (cause.platform_error.empty()) {
        return {errc::field_invalid,
                server + " says nothing about itself under /.well-known/openid-configuration or "
                         "/.well-known/oauth-authorization-server."};
    }
    return {errc::field_invalid, "The metadata of " + server + " cannot be used: " + cause.platform_error +
                                     " is missing, or nothing that connectd can work with."};
}

} // namespace

runtime::task<platforms::outcome<shared_platform>>
platform_resolver::resolve(platforms::descriptor const& platform, platform_place at) {
    // Of the catalog, which outlives everything: nobody has to own it.
    shared_platform found{shared_platform{}, &platform};
    if (platform.instances == platforms::instance_kind::host) {
        found = named_after(platforms::at_instance(platform, at.instance), at.instance);
    } else if (platform.instances == platforms::instance_kind::issuer) {
        auto discovered = co_await discover(platform, std::move(at.instance));
        if (discovered.has_error()) {
            co_return discovered.error();
        }
        found = std::move(*discovered);
    }
    co_return with_pkce(std::move(found), at.pkce);
}

runtime::task<platforms::outcome<shared_platform>>
platform_resolver::discover(platforms::descriptor const& platform, std::string issuer) {
    auto const key = platform.name + " " + issuer;
    auto const known = known_.find(key, clock_.now());
    if (known && known->fresh) {
        co_return known->platform;
    }
    bool const user_given = issuer != platform.issuer;
    auto answer = co_await platforms::discover(client_, platform, issuer, user_given,
                                               runtime::deadline_in(settings_.discovery_timeout));
    if (answer.has_value()) {
        auto made = named_after(std::move(*answer), issuer);
        known_.store(key, made, clock_.now());
        co_return made;
    }
    bool const down = answer.error().what == platforms::verdict::temporary ||
                      answer.error().what == platforms::verdict::unknown_outcome;
    if (!known || !down) {
        co_return answer.error();
    }
    runtime::log::warning("an issuer did not answer; what it said before is used",
                          {{"platform", platform.name}, {"reason", answer.error().code.message()}});
    known_.postpone(key, clock_.now());
    co_return known->platform;
}

failure describe_server_failure(platforms::failure const& cause, std::string const& server) {
    using services::errc;
    using cause_code = platforms::errc;
    auto const to_blame = [&](std::string text) {
        return failure{errc::field_invalid, server + std::move(text)};
    };
    if (is(cause, cause_code::metadata_refused)) {
        return metadata_failure(cause, server);
    }
    if (is(cause, cause_code::address_refused)) {
        return to_blame(
            " is at an address inside a private network or on this machine, or not https; connectd does "
            "not call it.");
    }
    if (is(cause, cause_code::resolve_failed)) {
        return to_blame(" has no address: there is no server of this name.");
    }
    if (is(cause, cause_code::certificate_refused)) {
        return to_blame(" has a certificate that is not trusted.");
    }
    if (is(cause, cause_code::invalid_instance) || is(cause, cause_code::invalid_url)) {
        return to_blame(" is not a server of this kind: it lets no applications register.");
    }
    if (is(cause, cause_code::timed_out) || is(cause, cause_code::timed_out_unsent)) {
        return {errc::platform_timeout, server + " did not answer in time. Try again later."};
    }
    if (cause.what == platforms::verdict::temporary || cause.what == platforms::verdict::unknown_outcome) {
        return {errc::platform_unavailable, server + " cannot be reached or is in trouble. Try again later."};
    }
    return to_blame(" refused to work with connectd.");
}

failure unreachable_server(platforms::failure const& cause, std::string const& server) {
    auto why = describe_server_failure(cause, server);
    if (why.code == make_error_code(services::errc::field_invalid)) {
        why.code = make_error_code(services::errc::platform_unavailable);
    }
    return why;
}

} // namespace connectd::server::services
