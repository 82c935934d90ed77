#include "tools/sandbox/sandbox.hpp"

#include <algorithm>

namespace connectd::sandbox {
namespace {

// Where connectd listens when nobody tells it otherwise, under both names a browser may know it by.
std::vector<std::string> default_redirect_uris() {
    std::vector<std::string> uris;
    for (auto const* const host : {"127.0.0.1", "localhost"}) {
        uris.push_back(std::string{"http://"} + host + ":8080/v1/connect/callback/x");
        uris.push_back(std::string{"http://"} + host + ":8080/v1/connect/callback/twitter");
    }
    return uris;
}

std::string origin(std::string const& address, std::uint16_t port) {
    bool const v6 = address.find(':') != std::string::npos;
    return "http://" + (v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

} // namespace

sandbox::sandbox(sandbox_options const& options) : journal_{options.journal_size} {
    bind(options);
    x_ = std::make_unique<x::x_platform>(people_, journal_,
                                         x::x_options{x_url(), options.auto_approve, options.most_grants});
    bluesky_ = std::make_unique<bluesky::bluesky_platform>(
        people_, journal_, bluesky::bluesky_options{bluesky_url(), options.most_grants});
    x_->limits().enforce(options.enforce_rate_limits);
    bluesky_->limits().enforce(options.enforce_rate_limits);
    register_apps(options);
    control_ = std::make_unique<control::control_api>(control::parts{
        clock_, people_, *x_, *bluesky_, faults_, journal_, {x_url(), bluesky_url(), control_url()}});
    faults_.on_clear([this] {
        for (auto const& each : workers_)
            each->look_again();
    });
    personality* const rules[] = {x_.get(), bluesky_.get(), control_.get()};
    for (auto* const each : rules)
        services_.push_back({*each, faults_, journal_, clock_, options.latency});
    for (auto const& each : workers_) {
        for (std::size_t i = 0; i < services_.size(); ++i)
            each->serve(i, services_[i]);
        each->start();
    }
}

sandbox::~sandbox() {
    stop();
}

void sandbox::stop() {
    for (auto const& each : workers_)
        each->stop();
}

void sandbox::bind(sandbox_options const& options) {
    std::array<std::uint16_t, 3> ports{options.x_port, options.bluesky_port, options.control_port};
    auto const threads = std::max(1U, options.threads);
    for (unsigned i = 0; i < threads; ++i) {
        auto& each = *workers_.emplace_back(std::make_unique<wire::worker>());
        for (auto& port : ports)
            port = each.bind(options.address, port, threads > 1);
    }
    for (std::size_t i = 0; i < ports.size(); ++i)
        urls_[i] = origin(options.address, ports[i]);
}

void sandbox::register_apps(sandbox_options const& options) {
    auto const uris = options.redirect_uris.empty() ? default_redirect_uris() : options.redirect_uris;
    auto problem = x_->apps().put(
        {std::string{default_client_id}, std::string{default_client_secret}, "Sandbox App", true, uris});
    if (problem.empty())
        problem = x_->apps().put({std::string{public_client_id}, {}, "Sandbox Native App", false, uris});
    if (!problem.empty())
        throw std::invalid_argument{problem};
}

std::string sandbox::config_snippet() const {
    auto const& x = x_url();
    auto const& bluesky = bluesky_url();
    auto const xrpc = bluesky + "/xrpc";
    std::string text = "# Makes connectd talk to the sandbox instead of the world. Never for production.\n";
    auto const line = [&](std::string_view key, std::string_view value) {
        text.append(key).append(" = \"").append(value).append("\"\n");
    };
    text += "[platforms.x]\n";
    line("authorize_url", x + "/i/oauth2/authorize");
    line("token_url", x + "/2/oauth2/token");
    line("refresh_url", x + "/2/oauth2/token");
    line("revoke_url", x + "/2/oauth2/revoke");
    line("identity_url", x + "/2/users/me");
    line("api_base", x + "/2");
    text += "\n[platforms.bluesky]\n";
    line("entryway_url", bluesky);
    line("plc_url", bluesky + "/plc");
    line("resolve_handle_url", xrpc + "/com.atproto.identity.resolveHandle");
    line("profile_url", xrpc + "/app.bsky.actor.getProfile");
    text += "\n[outbound]\nallow_private_addresses = true\nallow_http = true\n";
    return text;
}

} // namespace connectd::sandbox
