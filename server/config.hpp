#pragma once

// The settings of one connectd process as one plain struct with its defaults. It is made once, at start, by
// `config_load`, and does not change afterwards. `connectd.example.toml` beside this file explains every key.
//
// No secret is ever a setting: master keys and the secrets of apps are named by where they lie.

#include "server/runtime/log.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace connectd::server {

struct tls_files {
    std::filesystem::path certificate; // PEM, the chain included
    std::filesystem::path key;         // PEM
    bool operator==(tls_files const&) const = default;
};

struct log_settings {
    runtime::log::level level = runtime::log::level::info;
    runtime::log::format format = runtime::log::format::automatic;
    bool access = true; // one line a request
    bool operator==(log_settings const&) const = default;
};

// Where one secret lies.
struct secret_source {
    enum class kind {
        file,        // a file by its path
        environment, // the value of an environment variable
        credential,  // a file of that name in systemd's $CREDENTIALS_DIRECTORY
    };
    kind from;
    std::string name;
    bool operator==(secret_source const&) const = default;
};

struct limit_settings {
    std::size_t header_bytes = 16 * 1024;
    std::size_t body_bytes = 1024 * 1024;
    std::size_t connections = 20'000;
    std::chrono::milliseconds header_timeout{10'000};
    std::chrono::milliseconds body_timeout{30'000};
    std::chrono::milliseconds request_timeout{60'000};
    std::chrono::milliseconds write_timeout{30'000};
    std::chrono::milliseconds idle_timeout{75'000};
    bool operator==(limit_settings const&) const = default;
};

struct api_settings {
    std::size_t requests_per_key = 0; // in the window; 0: any number
    std::chrono::milliseconds requests_window{60'000};
    // Pages of these origins may call /v1 from the browser, or of all with "*". None: no page may.
    std::vector<std::string> cors_origins{};
    bool operator==(api_settings const&) const = default;
};

struct connect_settings {
    std::chrono::milliseconds session_lifetime{15 * 60'000};
    // From the consent on, for choosing among the accounts it reaches.
    std::chrono::milliseconds choice_lifetime{30 * 60'000};
    // For the whole callback: code exchange and identity. X's codes live 30 seconds.
    std::chrono::milliseconds exchange_timeout{25'000};
    // Return URLs are https, or http on a loopback host where allowed, or of one of these schemes (for mobile
    // apps).
    bool return_http_loopback = true;
    std::vector<std::string> return_schemes{};
    bool operator==(connect_settings const&) const = default;
};

struct outbound_settings {
    std::optional<std::filesystem::path> ca_file{}; // trusted beside the system's authorities
    bool allow_private_addresses = false;           // for URLs that users give us
    bool allow_http = false;
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds request_timeout{20'000};
    std::chrono::milliseconds idle_timeout{30'000};
    std::size_t connections_per_origin = 64; // of each I/O thread
    std::size_t waiters_per_origin = 1024;   // calls waiting for one of those connections
    std::string user_agent = "connectd";
    bool operator==(outbound_settings const&) const = default;
};

struct refresh_settings {
    std::size_t at_once = 32; // refreshes at one platform
    std::chrono::milliseconds interval{1'000};
    bool operator==(refresh_settings const&) const = default;
};

struct webhook_settings {
    bool allow_private_addresses = false;
    bool allow_http = false;
    bool operator==(webhook_settings const&) const = default;
};

struct proxy_settings {
    std::chrono::milliseconds timeout{60'000};    // for each wait for a platform
    std::chrono::milliseconds longest{3'600'000}; // for a whole call
    bool audit = false;
    bool operator==(proxy_settings const&) const = default;
};

struct audit_settings {
    std::chrono::milliseconds retention{std::chrono::days{400}};
    bool operator==(audit_settings const&) const = default;
};

struct store_settings {
    std::size_t cache_bytes = 64 * 1024 * 1024;
    std::size_t queue_batches = 4096; // writes waiting for the commit writer
    std::size_t queue_bytes = 64 * 1024 * 1024;
    bool operator==(store_settings const&) const = default;
};

struct plan_settings {
    std::set<std::string> features{};
    std::optional<std::uint32_t> credential_slots{}; // nothing: as many as they like
    bool operator==(plan_settings const&) const = default;
};

// Everything a plan can switch on.
std::set<std::string> const& plan_features();

std::map<std::string, plan_settings> default_plans();

struct platform_settings {
    bool enabled = true;
    std::map<std::string, std::string> endpoints{}; // by the names of `platform_endpoint_names`
    bool operator==(platform_settings const&) const = default;
};

std::vector<std::string> const& platform_endpoint_names();

// The operator's own app on a platform, for connect sessions that allow it.
struct quickstart_settings {
    std::string client_id{};
    std::optional<secret_source> client_secret{}; // nothing: a public client
    bool operator==(quickstart_settings const&) const = default;
};

// Another vendor's API, served beside the native one.
struct dialect_settings {
    std::vector<std::string> hosts{}; // of its own, in lower case; without a port: on any
    bool operator==(dialect_settings const&) const = default;
};

struct config {
    std::filesystem::path data_dir = "connectd-data";
    std::vector<boost::asio::ip::tcp::endpoint> listen{{boost::asio::ip::address_v4::loopback(), 8080}};
    // An origin without a slash at its end, as browsers and platforms see us. Nothing: ask `public_url_of`,
    // because a port given as 0 is known only after binding.
    std::optional<std::string> public_url{};
    unsigned io_threads = 0; // 0: one a processor
    std::optional<tls_files> tls{};
    log_settings log{};
    // The first wraps, the others only unwrap. Empty: one is made in data_dir at first start.
    std::vector<secret_source> master_keys{};
    limit_settings limits{};
    api_settings api{};
    connect_settings connect{};
    outbound_settings outbound{};
    refresh_settings refresh{};
    webhook_settings webhooks{};
    proxy_settings proxy{};
    audit_settings audit{};
    store_settings store{};
    std::string default_plan = "team";
    std::map<std::string, plan_settings> plans = default_plans();
    // By name as written; whether there is such a platform only the catalog knows.
    std::map<std::string, platform_settings> platforms{};
    std::map<std::string, quickstart_settings> quickstart{}; // by platform, as above
    std::map<std::string, dialect_settings> dialects{};      // by name as written
    std::optional<std::filesystem::path> platforms_dir{};
    std::chrono::milliseconds shutdown_grace{15'000};
    bool operator==(config const&) const = default;
};

// The configured public URL, or the one that follows from the address the server is bound to: loopback when
// it listens on every address.
std::string public_url_of(config const& settings, boost::asio::ip::tcp::endpoint const& bound);

} // namespace connectd::server
