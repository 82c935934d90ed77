#include "tests/server/whole_server.hpp"

#include "crypto/random.hpp"
#include "server/config_load.hpp"
#include "server/key_files.hpp"
#include "server/runtime/log.hpp"
#include "tests/server/exchange_log.hpp"
#include "tools/sandbox/form.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace connectd::tests {
namespace {

sandbox::sandbox_options sandbox_settings(std::vector<std::string> const& more) {
    sandbox::sandbox_options options;
    options.only = {"x", "bluesky", "mastodon"};
    std::ranges::copy_if(more, std::back_inserter(options.only), [&](std::string const& name) {
        return std::ranges::find(options.only, name) == options.only.end();
    });
    options.enforce_rate_limits = false;
    return options;
}

answer expect(unsigned status, std::string_view step, answer got) {
    if (got.status != status) {
        throw std::runtime_error{std::string{step} + ": " + std::to_string(got.status) + " " + got.body};
    }
    return got;
}

std::string read_file(std::filesystem::path const& file) {
    std::ifstream in{file};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    while (!text.empty() && text.back() == '\n') {
        text.pop_back();
    }
    return text;
}

std::string target_of(std::string_view url) {
    auto const origin = url.find("://");
    auto const path = origin == std::string_view::npos ? 0 : url.find('/', origin + 3);
    return std::string{url.substr(path)};
}

void write_parameter(std::string& form, std::string_view name, std::string_view value) {
    form += form.empty() ? "" : "&";
    form += sandbox::percent_encode(name) + "=" + sandbox::percent_encode(value);
}

} // namespace

whole_server::whole_server(adjustment adjust, std::vector<std::string> const& more_platforms)
    : pretend{sandbox_settings(more_platforms)},
      adjust_{std::move(adjust)},
      folder_{std::filesystem::temp_directory_path() / ("connectd-test-" + crypto::random_token(9))} {
    // As `connectd serve` does: a peer that is gone is an error of the write.
    std::signal(SIGPIPE, SIG_IGN);
    server::runtime::log::set_level(server::runtime::log::level::error);
    try {
        start();
        root_key = read_file(folder_ / server::root_key_name);
        home = make_tenant("home");
    } catch (...) {
        app_.reset();
        std::filesystem::remove_all(folder_);
        throw;
    }
}

whole_server::~whole_server() {
    app_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

server::config whole_server::settings() const {
    auto made = server::make_config(server::config_text{"sandbox.toml", pretend.config_snippet()}, {}, {});
    made.data_dir = folder_;
    made.listen = {{boost::asio::ip::address_v4::loopback(), 0}};
    made.io_threads = 2;
    made.log.access = false;
    made.limits.header_timeout = std::chrono::seconds{60};
    made.shutdown_grace = std::chrono::seconds{60};
    if (adjust_) {
        adjust_(made);
    }
    return made;
}

void whole_server::start() {
    app_ = std::make_unique<server::app>(settings(), pretend.clock());
    app_->start();
    std::vector<std::string> const uris{url() + "/v1/connect/callback/x"};
    auto& apps = pretend.x().apps();
    apps.put({std::string{sandbox::sandbox::default_client_id},
              std::string{sandbox::sandbox::default_client_secret}, "Sandbox App", true, uris});
    apps.put({std::string{sandbox::sandbox::public_client_id}, {}, "Sandbox Native App", false, uris});
}

void whole_server::restart() {
    app_.reset();
    start();
}

tenant whole_server::make_tenant(std::string_view slug) {
    tenant made;
    made.workspace = expect(201, "workspace",
                            ask_as(root_key, "POST", "/v1/workspaces",
                                   {{"slug", slug}, {"name", "Workspace " + std::string{slug}}}))
                         .text("/id");
    auto const key =
        expect(201, "key",
               ask_as(root_key, "POST", "/v1/workspaces/" + made.workspace + "/api-keys", {{"name", "all"}}));
    made.key_id = key.text("/id");
    made.key = key.text("/key");
    made.credentials = expect(201, "credentials",
                              ask_as(made.key, "POST", "/v1/credentials",
                                     {{"platform", "x"},
                                      {"client_id", sandbox::sandbox::default_client_id},
                                      {"client_secret", sandbox::sandbox::default_client_secret}}))
                           .text("/id");
    return made;
}

std::string whole_server::make_key(tenant const& of, std::vector<std::string> const& scopes) {
    boost::json::array list(scopes.begin(), scopes.end());
    return expect(201, "key",
                  ask_as(root_key, "POST", "/v1/workspaces/" + of.workspace + "/api-keys",
                         {{"name", "narrow"}, {"scopes", list}}))
        .text("/key");
}

answer whole_server::ask(std::string_view method, std::string_view target, boost::json::object const& body) {
    return ask_as(home.key, method, target, body);
}

answer whole_server::ask_as(std::string_view key, std::string_view method, std::string_view target,
                            boost::json::object const& body, header_list const& more) {
    header_list headers{{"Accept", "application/json"}};
    if (!key.empty()) {
        headers.emplace_back("Authorization", "Bearer " + std::string{key});
    }
    for (auto const& each : more) {
        headers.push_back(each);
    }
    bool const has_body = method == "POST" || method == "PATCH" || !body.empty();
    if (has_body) {
        headers.emplace_back("Content-Type", "application/json");
    }
    return send(method, target, headers, has_body ? boost::json::serialize(body) : std::string{});
}

answer whole_server::ask_raw(std::string_view method, std::string_view target, std::string_view body,
                             std::string_view content_type) {
    header_list headers{{"Authorization", "Bearer " + home.key}};
    if (!content_type.empty()) {
        headers.emplace_back("Content-Type", content_type);
    }
    return send(method, target, headers, body);
}

answer whole_server::send(std::string_view method, std::string_view target, header_list const& headers,
                          std::string_view body) {
    auto got = fetch(url(), method, target, headers, body);
    log_exchange(method, target, headers, body, got);
    return got;
}

answer whole_server::visit(std::string_view target, std::string_view cookie) {
    header_list headers{{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}};
    if (!cookie.empty()) {
        headers.emplace_back("Cookie", cookie);
    }
    return send("GET", target, headers);
}

answer whole_server::submit(std::string_view target, std::map<std::string, std::string> const& form,
                            std::string_view cookie) {
    std::string body;
    for (auto const& [name, value] : form) {
        write_parameter(body, name, value);
    }
    header_list headers{{"Accept", "text/html"}, {"Content-Type", "application/x-www-form-urlencoded"}};
    if (!cookie.empty()) {
        headers.emplace_back("Cookie", cookie);
    }
    return send("POST", target, headers, body);
}

answer whole_server::begin_x(boost::json::object const& changed) {
    boost::json::object body{{"platform", "x"}, {"return_url", return_url}};
    for (auto const& [name, value] : changed) {
        if (value.is_null()) {
            body.erase(name);
        } else {
            body[name] = value;
        }
    }
    return expect(201, "session", ask("POST", "/v1/connect/sessions", body));
}

std::string whole_server::consent(std::string_view authorize_url, std::string_view person,
                                  std::string_view decision, std::string_view platform) {
    boost::json::object const wanted{
        {"authorize_url", authorize_url}, {"person", person}, {"decision", decision}};
    auto const got = expect(200, "consent",
                            client{pretend.control_url()}.post_json("/" + std::string{platform} + "/consent",
                                                                    boost::json::serialize(wanted)));
    return target_of(got.text("/location"));
}

answer whole_server::try_connect_x(std::string_view person, boost::json::object const& changed) {
    return visit(consent(begin_x(changed).text("/authorize_url"), person));
}

std::string whole_server::connect_x(std::string_view person, boost::json::object const& changed) {
    auto const got = expect(302, "callback", try_connect_x(person, changed));
    auto const location = got.header("location");
    if (parameter(location, "status") != "connected") {
        throw std::runtime_error{"callback: " + location};
    }
    return parameter(location, "account_id");
}

std::string whole_server::connect_bluesky(std::string_view person) {
    auto const ref = pretend.persons().find(person);
    auto const who = pretend.persons().at(ref.value());
    return expect(201, "app password",
                  ask("POST", "/v1/connect/bluesky",
                      {{"identifier", who->handle}, {"app_password", who->app_passwords.front().password}}))
        .text("/id");
}

boost::json::value whole_server::account(std::string_view id) {
    return expect(200, "account", ask("GET", "/v1/accounts/" + std::string{id})).json();
}

boost::json::value whole_server::session(std::string_view id) {
    return expect(200, "session", ask("GET", "/v1/connect/sessions/" + std::string{id})).json();
}

boost::json::array whole_server::accounts() {
    return expect(200, "accounts", ask("GET", "/v1/accounts?limit=100")).json().at("data").as_array();
}

std::size_t whole_server::rows(storage::family of) {
    storage::scan_range const all{.from = {}, .to = {}, .limit = storage::max_page_rows, .reverse = false};
    auto const page = app_->home().run_now(app_->home().store().scan(of, all));
    return page.value().rows.size();
}

std::vector<storage::event> whole_server::events_of(std::string_view account) {
    auto const workspace = crypto::workspace_id::parse(home.workspace).value();
    auto all = app_->home().run_now(storage::events::list_after(app_->home().store(), workspace, {}, 1000));
    std::erase_if(all.value().items, [&](storage::event const& each) {
        return !each.account || each.account->to_string() != account;
    });
    return std::move(all.value().items);
}

std::vector<std::string> whole_server::told_of(std::string_view account) {
    std::vector<std::string> types;
    for (auto const& each : events_of(account)) {
        types.push_back(each.type);
    }
    return types;
}

boost::json::value whole_server::last_told_of(std::string_view account) {
    return boost::json::parse(events_of(account).back().data);
}

std::size_t whole_server::events(std::string_view kind) {
    auto const all = pretend.log().events(0, 10'000);
    return static_cast<std::size_t>(std::ranges::count(all, kind, &sandbox::event_record::kind));
}

std::size_t whole_server::requests(std::string_view endpoint) {
    auto const all = pretend.log().requests(0, 10'000);
    return static_cast<std::size_t>(std::ranges::count(all, endpoint, &sandbox::request_record::endpoint));
}

std::uint64_t whole_server::held() {
    std::uint64_t hits = 0;
    for (auto const& each : pretend.faults().list()) {
        hits += each.hits;
    }
    return hits;
}

std::vector<std::string> whole_server::issued_secrets() {
    std::vector<std::string> secrets;
    auto const now = pretend.clock().now();
    for (auto const& each : pretend.x().grants().codes(1000, now)) {
        secrets.push_back(each.code);
    }
    for (auto const& grant : pretend.x().grants().list(1000, now)) {
        std::ranges::transform(grant.tokens, std::back_inserter(secrets), &sandbox::oauth::token_view::token);
    }
    return secrets;
}

std::string refusal(answer const& got) {
    auto const status = std::to_string(got.status);
    if (got.header("content-type") != "application/problem+json") {
        return status + " as " + got.header("content-type") + ": " + got.body;
    }
    auto const body = got.json();
    auto const* document = body.if_object();
    if (document == nullptr || !document->contains("status") || document->at("status") != got.status) {
        return status + " with a body that says otherwise: " + got.body;
    }
    for (auto const* member : {"/type", "/title", "/code", "/detail", "/request_id"}) {
        if (got.text(member).empty()) {
            return status + " without " + member + ": " + got.body;
        }
    }
    if (got.text("/request_id") != got.header("x-request-id")) {
        return status + " with two request ids";
    }
    return status + " " + got.text("/code");
}

std::string field_errors(answer const& got) {
    std::string list;
    auto const body = got.json();
    auto const* document = body.if_object();
    if (document == nullptr || !document->contains("errors")) {
        return "no errors: " + got.body;
    }
    for (auto const& each : document->at("errors").as_array()) {
        list += list.empty() ? "" : ", ";
        list += text(each, "/pointer") + " " + text(each, "/code");
    }
    return list;
}

std::string parameter(std::string_view url, std::string_view name) {
    auto const query = sandbox::form::parse(url.substr(std::min(url.find('?'), url.size() - 1) + 1));
    return query ? std::string{query->get(name)} : std::string{};
}

bool has_parameter(std::string_view url, std::string_view name) {
    auto const query = sandbox::form::parse(url.substr(std::min(url.find('?'), url.size() - 1) + 1));
    return query && query->has(name);
}

std::string cookie_of(answer const& got) {
    auto const line = got.header("set-cookie");
    return line.substr(0, line.find(';'));
}

std::string text(boost::json::value const& of, std::string_view pointer) {
    boost::system::error_code error;
    auto const* found = of.find_pointer(pointer, error);
    return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

} // namespace connectd::tests
