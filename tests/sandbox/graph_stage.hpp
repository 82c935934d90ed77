// A sandbox that pretends one of Meta's platforms, with a client for it and one for the control API, and the
// steps that most tests of these begin with.
#pragma once

#include "tests/support/client.hpp"
#include "tools/sandbox/facebook/facebook_platform.hpp"
#include "tools/sandbox/sandbox.hpp"

#include <boost/json/object.hpp>

#include <map>
#include <string>
#include <string_view>

namespace connectd::tests {

using parameter_map = std::map<std::string, std::string>;

struct graph_stage {
    explicit graph_stage(std::string_view platform);

    static constexpr std::string_view redirect_uri = "https://app.example/cb?from=meta";

    sandbox::sandbox pretend;
    client at;
    client control;

    // A request for authorization of the sandbox's own app; an empty value leaves a parameter out.
    static std::string query(parameter_map const& replaced);
    // What the control API answers to a consent: `members` are those of its body.
    answer consent(std::string_view path, parameter_map const& replaced, boost::json::object members = {});

    // A JSON body for the control API; the test fails when it is refused.
    answer tell(std::string_view method, std::string_view target, boost::json::value const& body);
    // Registers the sandbox's own app anew, with flags and granted scopes.
    void reregister(std::vector<std::string> const& flags, std::vector<std::string> const& scopes = {});

    // These switches are on, all others off.
    void switch_on(std::vector<std::string> names) {
        pretend.get<sandbox::graph::graph_platform>().switches().set(std::move(names));
    }

    void ahead(std::chrono::milliseconds span) { pretend.clock().advance(span); }

    std::string const platform;
};

// The steps at Facebook.
struct facebook_stage : graph_stage {
    facebook_stage() : graph_stage{"facebook"} {}

    static constexpr std::string_view page_scopes =
        "pages_show_list,pages_read_engagement,pages_manage_posts";

    std::string code(parameter_map const& replaced = {}, boost::json::object members = {});
    // With the parameters of the sandbox's own app, some replaced.
    answer exchange(std::string_view code, parameter_map const& replaced = {});
    answer exchange_for_long(std::string_view token, parameter_map const& replaced = {});
    // A short and a long token of somebody.
    std::string short_token(std::string_view person = "ada", std::string_view scope = page_scopes);
    std::string long_token(std::string_view person = "ada", std::string_view scope = page_scopes);

    // GET of a path behind the version, with the token as a parameter.
    answer get(std::string_view path_and_query, std::string_view token);
    answer post(std::string_view path, std::string_view token, parameter_map const& form);
    answer remove(std::string_view path, std::string_view token);

    // The first page of /me/accounts with a long token of that person.
    std::string page_token(std::string_view person = "ada", std::string_view scope = page_scopes);
    std::string page_id(std::string_view person, std::size_t index = 0);

    sandbox::facebook::facebook_platform& facebook() {
        return pretend.get<sandbox::facebook::facebook_platform>();
    }
};

// The members of a Graph error, as "code/subcode", or "code" alone.
std::string error_of(answer const& got);

} // namespace connectd::tests
