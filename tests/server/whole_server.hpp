// connectd as a whole, in the test's own process: the real composition root on a port of its own over a
// data folder that is removed in the end, the sandbox behind it, and the steps that most tests begin with.
//
// One clock for both sides: moving the sandbox's moves the server's. Used from the test's thread; the server
// and the sandbox run theirs.
#pragma once

#include "server/app.hpp"
#include "server/config.hpp"
#include "storage/family.hpp"
#include "storage/tables/events.hpp"
#include "tests/support/client.hpp"
#include "tools/sandbox/sandbox.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::tests {

// A workspace and what its owner holds.
struct tenant {
    std::string workspace;
    std::string key_id;
    std::string key;
    std::string credentials; // of the sandbox's app at X
};

class whole_server {
  public:
    using adjustment = std::function<void(server::config&)>;

    // With one tenant, `home`, who has credentials for X. The sandbox plays X, Bluesky and those named here.
    explicit whole_server(adjustment adjust = {}, std::vector<std::string> const& more_platforms = {});
    whole_server(whole_server const&) = delete;
    whole_server& operator=(whole_server const&) = delete;
    ~whole_server();

    // Ends the server and starts another on the same folder; its port changes.
    void restart();
    void stop() { app_->stop(); }
    // Without starting: what has to happen while no server runs.
    void leave() { app_.reset(); }
    void start();

    std::filesystem::path const& folder() const { return folder_; }
    server::config settings() const;

    std::string const& url() const { return app_->public_url(); }
    tenant make_tenant(std::string_view slug);
    // An API key with these scopes only.
    std::string make_key(tenant const& of, std::vector<std::string> const& scopes);

    // One request on a connection of its own, with the home tenant's key or another one ("" sends none).
    answer ask(std::string_view method, std::string_view target, boost::json::object const& body = {});
    answer ask_as(std::string_view key, std::string_view method, std::string_view target,
                  boost::json::object const& body = {}, header_list const& more = {});
    // The same with a body as it is.
    answer ask_raw(std::string_view method, std::string_view target, std::string_view body,
                   std::string_view content_type = "application/json");
    // Any request. What goes through here or through those above and below is checked against openapi.yaml.
    answer send(std::string_view method, std::string_view target, header_list const& headers,
                std::string_view body = {});
    // As a browser does it.
    answer visit(std::string_view target, std::string_view cookie = {});
    answer submit(std::string_view target, std::map<std::string, std::string> const& form,
                  std::string_view cookie = {});

    // POST /v1/connect/sessions for X with a return URL, with members added or replaced; null removes one.
    answer begin_x(boost::json::object const& changed = {});
    // What the person decides at the platform: the path and query of the callback.
    std::string consent(std::string_view authorize_url, std::string_view person = "ada",
                        std::string_view decision = "approve", std::string_view platform = "x");
    // begin_x, consent and the callback; the callback's answer.
    answer try_connect_x(std::string_view person = "ada", boost::json::object const& changed = {});
    // The same where it must work: the account's id.
    std::string connect_x(std::string_view person = "ada", boost::json::object const& changed = {});
    std::string connect_bluesky(std::string_view person = "ada");

    // GET of it, as JSON.
    boost::json::value account(std::string_view id);
    boost::json::value session(std::string_view id);
    // All accounts of the home tenant; at most a page of 100.
    boost::json::array accounts();

    // Rows of a family in the store, all tenants together.
    std::size_t rows(storage::family of);

    // The types of the events about an account of the home tenant, oldest first, and the data of the last
    // one.
    std::vector<std::string> told_of(std::string_view account);
    boost::json::value last_told_of(std::string_view account);

    // What the sandbox saw.
    std::size_t events(std::string_view kind);
    std::size_t requests(std::string_view endpoint);
    // How many requests met a fault that is still in the plan.
    std::uint64_t held();
    // Every secret that X has given out: codes and tokens.
    std::vector<std::string> issued_secrets();

    tenant home;
    sandbox::sandbox pretend;
    std::string root_key;

    static constexpr std::string_view return_url = "https://shop.example/done?cart=7";

  private:
    std::vector<storage::event> events_of(std::string_view account);

    adjustment adjust_;
    std::filesystem::path folder_;
    std::unique_ptr<server::app> app_;
};

// "404 account_not_found" for an answer that is a well-formed problem document; otherwise what is wrong.
std::string refusal(answer const& got);
// "/slug unknown_member, /name wrong_type" of a problem's errors.
std::string field_errors(answer const& got);

// The value of a parameter in a URL's query, decoded.
std::string parameter(std::string_view url, std::string_view name);
bool has_parameter(std::string_view url, std::string_view name);
// `name=value` of an answer's Set-Cookie.
std::string cookie_of(answer const& got);
std::string text(boost::json::value const& of, std::string_view pointer);

} // namespace connectd::tests
