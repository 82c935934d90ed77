#include "server/config_settings.hpp"

#include "server/config_keys.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <utility>

namespace connectd::server {

namespace {

using namespace std::chrono_literals;

using problem = std::optional<std::string>;
// `name` is what stands for NAME in the key, empty where there is none.
using apply_function = std::function<problem(config&, std::string const& name, raw_value const&)>;

struct setting {
    std::string key;
    apply_function apply;
};

constexpr std::size_t kibi = 1024;
constexpr std::size_t mebi = 1024 * kibi;
constexpr std::size_t gibi = 1024 * mebi;

// Stores what `read` makes of the value in a member of the config.
template <class Member, class Read>
apply_function store(Member config::* member, Read read) {
    return [=](config& to, std::string const&, raw_value const& value) -> problem {
        auto const answer = read(value);
        if (!answer) {
            return answer.problem();
        }
        to.*member = static_cast<Member>(*answer);
        return std::nullopt;
    };
}

// The same for a member of one of its parts.
template <class Part, class Member, class Read>
apply_function store(Part config::* part, Member Part::* member, Read read) {
    return [=](config& to, std::string const&, raw_value const& value) -> problem {
        auto const answer = read(value);
        if (!answer) {
            return answer.problem();
        }
        to.*part.*member = static_cast<Member>(*answer);
        return std::nullopt;
    };
}

auto duration(std::chrono::milliseconds low, std::chrono::milliseconds high) {
    return [=](raw_value const& value) { return read_duration(value, low, high); };
}

auto size(std::size_t low, std::size_t high) {
    return [=](raw_value const& value) { return read_size(value, low, high); };
}

auto count(std::int64_t low, std::int64_t high) {
    return [=](raw_value const& value) { return read_integer(value, low, high); };
}

parsed<std::vector<boost::asio::ip::tcp::endpoint>> read_listen(raw_value const& value) {
    using endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
    auto read = read_members(value, R"(a list such as ["127.0.0.1:8080"])", parse_listen_address);
    return read && read->empty() ? parsed<endpoints>::problem("must name at least one address") : read;
}

// A wrong member is counted and not repeated: it may be a key pasted by mistake.
parsed<std::vector<secret_source>> read_key_sources(raw_value const& value) {
    using sources = parsed<std::vector<secret_source>>;
    auto const words = read_list(value, R"(a list such as ["file:/etc/connectd/master.key"])");
    if (!words) {
        return sources::problem(words.problem());
    }
    std::vector<secret_source> places;
    for (auto const& word : *words) {
        auto const place = parse_key_source(word);
        auto const which = "member " + std::to_string(places.size() + 1);
        if (!place) {
            return sources::problem(which + ' ' + place.problem());
        }
        if (std::find(places.begin(), places.end(), *place) != places.end()) {
            return sources::problem(which + " is there twice");
        }
        places.push_back(*place);
    }
    return places;
}

parsed<runtime::log::level> parse_log_level(std::string_view text) {
    auto const level = runtime::log::parse_level(text);
    return level ? parsed<runtime::log::level>{*level}
                 : parsed<runtime::log::level>::problem("is no level: debug, info, warning, error or off");
}

parsed<runtime::log::format> parse_log_format(std::string_view text) {
    auto const format = runtime::log::parse_format(text);
    return format ? parsed<runtime::log::format>{*format}
                  : parsed<runtime::log::format>::problem("is no format: auto, json or text");
}

parsed<std::string> parse_user_agent(std::string_view text) {
    bool const printable =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    bool const framed = !text.empty() && text.front() != ' ' && text.back() != ' ';
    return printable && framed && text.size() <= 200
               ? parsed<std::string>{std::string{text}}
               : parsed<std::string>::problem("is no user agent: 1 to 200 printable ASCII characters");
}

// Names of plans and platforms.
parsed<std::string> parse_name(std::string_view text) {
    bool const shaped = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
    return shaped && !text.empty() && text.size() <= 32
               ? parsed<std::string>{std::string{text}}
               : parsed<std::string>::problem(
                     R"(is no name: 1 to 32 lower case letters, digits, "_" and "-")");
}

parsed<std::string> parse_feature(std::string_view text) {
    std::string feature{text};
    if (plan_features().contains(feature)) {
        return feature;
    }
    std::string known;
    for (auto const& each : plan_features()) {
        known += (known.empty() ? "" : ", ") + each;
    }
    return parsed<std::string>::problem("is no feature: there are " + known);
}

parsed<std::string> parse_any_endpoint_url(std::string_view text) {
    return parse_endpoint_url(text, true); // whether http is allowed is known when everything is read
}

// Where a secret lies. What was written is not repeated: it may be the secret, pasted by mistake.
parsed<secret_source> read_secret_place(raw_value const& value, secret_source::kind kind) {
    auto const* text = std::get_if<std::string>(&value.data);
    auto place = text == nullptr ? std::nullopt : make_secret_source(kind, *text);
    if (place) {
        return *place;
    }
    bool const file = kind == secret_source::kind::file;
    return parsed<secret_source>::problem(
        file ? "must be the path of the file that holds the secret"
             : "must be a name of letters, digits, \"_\", \"-\" and \".\", never "
               "the secret itself");
}

problem apply_features(config& to, std::string const& name, raw_value const& value) {
    auto const features = read_members(value, R"(a list such as ["proxy"])", parse_feature);
    if (!features) {
        return features.problem();
    }
    to.plans[name].features = {features->begin(), features->end()};
    return std::nullopt;
}

problem apply_slots(config& to, std::string const& name, raw_value const& value) {
    if (auto const* text = std::get_if<std::string>(&value.data); text != nullptr && *text == "unlimited") {
        to.plans[name].credential_slots = std::nullopt;
        return std::nullopt;
    }
    if (std::holds_alternative<std::string>(value.data) && !value.is_words) {
        return must_be(R"(a whole number or "unlimited")", value);
    }
    auto const slots = read_integer(value, 0, 1'000'000);
    if (!slots) {
        return slots.problem();
    }
    to.plans[name].credential_slots = static_cast<std::uint32_t>(*slots);
    return std::nullopt;
}

problem apply_enabled(config& to, std::string const& name, raw_value const& value) {
    auto const enabled = read_boolean(value);
    if (!enabled) {
        return enabled.problem();
    }
    to.platforms[name].enabled = *enabled;
    return std::nullopt;
}

apply_function platform_endpoint(std::string endpoint) {
    return [=](config& to, std::string const& name, raw_value const& value) -> problem {
        auto const url = read_parsed(value, "a URL", parse_any_endpoint_url);
        if (!url) {
            return url.problem();
        }
        to.platforms[name].endpoints[endpoint] = *url;
        return std::nullopt;
    };
}

apply_function tls_file(std::filesystem::path tls_files::* member) {
    return [=](config& to, std::string const&, raw_value const& value) -> problem {
        auto const file = read_path(value);
        if (!file) {
            return file.problem();
        }
        if (!to.tls) {
            to.tls.emplace();
        }
        *to.tls.*member = *file;
        return std::nullopt;
    };
}

problem apply_client_id(config& to, std::string const& name, raw_value const& value) {
    auto const id = read_parsed(value, "a client id", parse_client_id);
    if (!id) {
        return id.problem();
    }
    to.quickstart[name].client_id = *id;
    return std::nullopt;
}

// A secret lies in one place: which of two would count?
apply_function client_secret_in(secret_source::kind kind) {
    return [=](config& to, std::string const& name, raw_value const& value) -> problem {
        auto const place = read_secret_place(value, kind);
        if (!place) {
            return place.problem();
        }
        auto& app = to.quickstart[name];
        if (app.client_secret && app.client_secret->from != kind) {
            return "names a second place of the secret; one of client_secret_file, client_secret_env and "
                   "client_secret_credential is enough";
        }
        app.client_secret = *place;
        return std::nullopt;
    };
}

template <class T>
auto word(std::string_view wanted, parsed<T> (*parse)(std::string_view)) {
    return [=](raw_value const& value) { return read_parsed(value, wanted, parse); };
}

std::vector<setting> general_settings() {
    return {
        {"data_dir", store(&config::data_dir, read_path)},
        {"listen", store(&config::listen, read_listen)},
        {"public_url", store(&config::public_url, word("a URL", parse_public_url))},
        {"io_threads", store(&config::io_threads, count(0, 256))},
        {"master_keys", store(&config::master_keys, read_key_sources)},
        {"platforms_dir", store(&config::platforms_dir, read_path)},
        {"tls.certificate", tls_file(&tls_files::certificate)},
        {"tls.key", tls_file(&tls_files::key)},
        {"log.level", store(&config::log, &log_settings::level, word("a level", parse_log_level))},
        {"log.format", store(&config::log, &log_settings::format, word("a format", parse_log_format))},
        {"log.access", store(&config::log, &log_settings::access, read_boolean)},
        {"shutdown.grace", store(&config::shutdown_grace, duration(0s, 10min))},
    };
}

std::vector<setting> limit_and_connect_settings() {
    using limits = limit_settings;
    using connect = connect_settings;
    auto const timeout = duration(100ms, 10min);
    auto const schemes = [](raw_value const& value) {
        return read_members(value, R"(a list such as ["com.example.app"])", parse_return_scheme);
    };
    return {
        {"api.requests_per_key", store(&config::api, &api_settings::requests_per_key, count(0, 10'000'000))},
        {"api.requests_window", store(&config::api, &api_settings::requests_window, duration(1s, 1h))},
        {"api.cors_origins",
         store(&config::api, &api_settings::cors_origins,
               [](raw_value const& value) {
                   return read_members(value, R"(a list such as ["https://app.example.com"])", parse_origin);
               })},
        {"limits.header_bytes", store(&config::limits, &limits::header_bytes, size(2 * kibi, 64 * kibi))},
        {"limits.body_bytes", store(&config::limits, &limits::body_bytes, size(1 * kibi, 64 * mebi))},
        {"limits.connections", store(&config::limits, &limits::connections, count(1, 1'000'000))},
        {"limits.header_timeout", store(&config::limits, &limits::header_timeout, timeout)},
        {"limits.body_timeout", store(&config::limits, &limits::body_timeout, timeout)},
        {"limits.request_timeout", store(&config::limits, &limits::request_timeout, timeout)},
        {"limits.write_timeout", store(&config::limits, &limits::write_timeout, timeout)},
        {"limits.idle_timeout", store(&config::limits, &limits::idle_timeout, duration(100ms, 1h))},
        {"connect.session_lifetime", store(&config::connect, &connect::session_lifetime, duration(1s, 24h))},
        {"connect.choice_lifetime", store(&config::connect, &connect::choice_lifetime, duration(1s, 24h))},
        {"connect.exchange_timeout",
         store(&config::connect, &connect::exchange_timeout, duration(100ms, 5min))},
        {"connect.return_http_loopback",
         store(&config::connect, &connect::return_http_loopback, read_boolean)},
        {"connect.return_schemes", store(&config::connect, &connect::return_schemes, schemes)},
    };
}

std::vector<setting> outbound_and_store_settings() {
    using outbound = outbound_settings;
    using refreshes = refresh_settings;
    using proxied = proxy_settings;
    using stored = store_settings;
    auto const agent = word("a user agent", parse_user_agent);
    return {
        {"outbound.ca_file", store(&config::outbound, &outbound::ca_file, read_path)},
        {"outbound.allow_private_addresses",
         store(&config::outbound, &outbound::allow_private_addresses, read_boolean)},
        {"outbound.allow_http", store(&config::outbound, &outbound::allow_http, read_boolean)},
        {"outbound.connect_timeout",
         store(&config::outbound, &outbound::connect_timeout, duration(100ms, 1min))},
        {"outbound.request_timeout",
         store(&config::outbound, &outbound::request_timeout, duration(100ms, 5min))},
        {"outbound.idle_timeout", store(&config::outbound, &outbound::idle_timeout, duration(100ms, 10min))},
        {"outbound.connections_per_origin",
         store(&config::outbound, &outbound::connections_per_origin, count(1, 10'000))},
        {"outbound.waiters_per_origin",
         store(&config::outbound, &outbound::waiters_per_origin, count(0, 1'000'000))},
        {"outbound.user_agent", store(&config::outbound, &outbound::user_agent, agent)},
        {"refresh.at_once", store(&config::refresh, &refreshes::at_once, count(1, 1'000))},
        {"refresh.interval", store(&config::refresh, &refreshes::interval, duration(10ms, 1min))},
        {"webhooks.allow_private_addresses",
         store(&config::webhooks, &webhook_settings::allow_private_addresses, read_boolean)},
        {"webhooks.allow_http", store(&config::webhooks, &webhook_settings::allow_http, read_boolean)},
        {"proxy.timeout", store(&config::proxy, &proxied::timeout, duration(100ms, 1h))},
        {"proxy.longest", store(&config::proxy, &proxied::longest, duration(1s, 24h))},
        {"proxy.audit", store(&config::proxy, &proxied::audit, read_boolean)},
        {"audit.retention", store(&config::audit, &audit_settings::retention, duration(24h, 24h * 3650))},
        {"store.cache_bytes", store(&config::store, &stored::cache_bytes, size(1 * mebi, 1024 * gibi))},
        {"store.queue_batches", store(&config::store, &stored::queue_batches, count(1, 1'000'000))},
        {"store.queue_bytes", store(&config::store, &stored::queue_bytes, size(1 * mebi, 16 * gibi))},
    };
}

problem apply_hosts(config& to, std::string const& name, raw_value const& value) {
    auto const hosts = read_members(value, R"(a list such as ["api.example.com"])", parse_host);
    if (!hosts) {
        return hosts.problem();
    }
    to.dialects[name].hosts = *hosts;
    return std::nullopt;
}

std::vector<setting> named_settings() {
    std::vector<setting> settings{
        {"plans.default", store(&config::default_plan, word("the name of a plan", parse_name))},
        {"plans.NAME.features", apply_features},
        {"plans.NAME.credential_slots", apply_slots},
        {"platforms.NAME.enabled", apply_enabled},
        {"dialects.NAME.hosts", apply_hosts},
        {"quickstart.NAME.client_id", apply_client_id},
        {"quickstart.NAME.client_secret_file", client_secret_in(secret_source::kind::file)},
        {"quickstart.NAME.client_secret_env", client_secret_in(secret_source::kind::environment)},
        {"quickstart.NAME.client_secret_credential", client_secret_in(secret_source::kind::credential)},
    };
    for (auto const& endpoint : platform_endpoint_names()) {
        settings.push_back({"platforms.NAME." + endpoint, platform_endpoint(endpoint)});
    }
    return settings;
}

std::vector<setting> const& table() {
    static std::vector<setting> const all = [] {
        std::vector<setting> joined;
        for (auto&& part : {general_settings(), limit_and_connect_settings(), outbound_and_store_settings(),
                            named_settings()}) {
            joined.insert(joined.end(), part.begin(), part.end());
        }
        return joined;
    }();
    return all;
}

} // namespace

std::vector<std::string> const& known_keys() {
    static std::vector<std::string> const keys = [] {
        std::vector<std::string> names;
        for (auto const& each : table()) {
            names.push_back(each.key);
        }
        return names;
    }();
    return keys;
}

std::optional<std::string> apply_setting(config& to, std::string_view key, raw_value const& value) {
    auto const [wanted, name] = pattern_of(key);
    if (!name.empty()) {
        if (auto const checked = parse_name(name); !checked) {
            return in_quotes(name) + ' ' + checked.problem();
        }
    }
    for (auto const& each : table()) {
        if (each.key == wanted) {
            return each.apply(to, name, value);
        }
    }
    throw std::logic_error{"no such setting: " + wanted};
}

} // namespace connectd::server
