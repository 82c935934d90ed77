#include "tools/sandbox/sandbox.hpp"

#include <algorithm>
#include <stdexcept>

namespace connectd::sandbox {
namespace {

// Where connectd listens when nobody tells it otherwise, under both names a browser may know it by.
std::vector<std::string> default_redirect_uris(oauth::oauth_platform const& at) {
    std::vector<std::string> uris;
    for (auto const* const host : {"127.0.0.1", "localhost"}) {
        for (auto const name : at.callback_names())
            uris.push_back(std::string{"http://"} + host + ":8080/v1/connect/callback/" + std::string{name});
    }
    return uris;
}

std::string origin(std::string const& address, std::uint16_t port) {
    bool const v6 = address.find(':') != std::string::npos;
    return "http://" + (v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

std::vector<known_platform> choose(std::vector<std::string> const& only) {
    std::vector<known_platform> chosen;
    for (auto const& name : only) {
        if (std::ranges::find(known_platforms(), name, &known_platform::name) == known_platforms().end())
            throw std::invalid_argument{"there is no platform " + name};
    }
    for (auto const& each : known_platforms()) {
        if (only.empty() || std::ranges::find(only, each.name) != only.end())
            chosen.push_back(each);
    }
    return chosen;
}

} // namespace

sandbox::sandbox(sandbox_options const& options) : journal_{options.journal_size} {
    auto const chosen = choose(options.only);
    std::vector<std::string_view> names;
    for (auto const& each : chosen)
        names.push_back(each.name);
    names.push_back("control");
    bind(names, options);
    make_platforms(chosen, options);
    faults_.on_clear([this] {
        for (auto const& each : workers_)
            each->look_again();
    });
    for (auto const& each : platforms_)
        services_.push_back({*each, faults_, journal_, clock_, options.latency});
    services_.push_back({*control_, faults_, journal_, clock_, options.latency});
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

void sandbox::bind(std::vector<std::string_view> const& names, sandbox_options const& options) {
    std::vector<std::uint16_t> ports;
    for (auto const name : names) {
        auto const wanted = options.ports.find(name);
        ports.push_back(wanted == options.ports.end() ? std::uint16_t{0} : wanted->second);
    }
    auto const threads = std::max(1U, options.threads);
    for (unsigned i = 0; i < threads; ++i) {
        auto& each = *workers_.emplace_back(std::make_unique<wire::worker>());
        for (auto& port : ports)
            port = each.bind(options.address, port, threads > 1);
    }
    for (std::size_t i = 0; i < ports.size(); ++i)
        urls_.emplace(names[i], origin(options.address, ports[i]));
}

void sandbox::make_platforms(std::vector<known_platform> const& chosen, sandbox_options const& options) {
    std::vector<platform*> controlled;
    for (auto const& each : chosen) {
        auto& made = *platforms_.emplace_back(
            each.make({people_, journal_, url(each.name), options.auto_approve, options.most_grants}));
        made.limits().enforce(options.enforce_rate_limits);
        if (auto* const with_apps = made.as_oauth())
            register_apps(*with_apps, options);
        controlled.push_back(&made);
    }
    control_ = std::make_unique<control::control_api>(
        control::parts{clock_, people_, std::move(controlled), faults_, journal_, urls_});
}

void sandbox::register_apps(oauth::oauth_platform& at, sandbox_options const& options) {
    auto const uris = options.redirect_uris.empty() ? default_redirect_uris(at) : options.redirect_uris;
    for (auto& each : at.first_apps(uris)) {
        if (auto const problem = at.apps().put(std::move(each)); !problem.empty())
            throw std::invalid_argument{problem};
    }
}

std::string const& sandbox::url(std::string_view name) const {
    auto const found = urls_.find(name);
    if (found == urls_.end())
        throw std::invalid_argument{"this sandbox has no " + std::string{name}};
    return found->second;
}

std::string sandbox::config_snippet() const {
    std::string text = "# Makes connectd talk to the sandbox instead of the world. Never for production.\n";
    for (auto const& each : platforms_) {
        for (auto const& table : each->configuration_tables()) {
            text.append("[platforms.").append(table.name).append("]\n");
            for (auto const& [key, value] : table.lines)
                text.append(key).append(" = \"").append(value).append("\"\n");
            text += "\n";
        }
    }
    text += "[outbound]\nallow_private_addresses = true\nallow_http = true\n";
    return text;
}

} // namespace connectd::sandbox
