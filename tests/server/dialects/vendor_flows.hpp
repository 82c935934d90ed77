// The three vendors whose APIs begin a connection, each as its pages show it, on platforms beside X: what its
// client is told at the customer's return URL.
#pragma once

#include "platforms/embedded_catalog.hpp"
#include "tests/server/dialects/vendor_client.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tools/sandbox/oauth/oauth_platform.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace connectd::tests {

struct platform_files {
    scratch_folder files;

    platform_files() {
        replace("tiktok.json", R"("pkce": "none")",
                R"("pkce": "S256-hex")"); // desktop apps return to this machine
        replace("linkedin.json", R"(["openid", "profile", "w_member_social"])",
                R"(["openid", "profile", "w_member_social", "rw_organization_admin"])");
    }
    void replace(std::string_view name, std::string_view what, std::string_view by) {
        for (auto const& each : platforms::embedded_catalog()) {
            if (each.name == name) {
                std::string text{each.content};
                text.replace(text.find(what), what.size(), by);
                files.write(name, text);
            }
        }
    }
};

// In paths and bodies "{p}" stands for the platform.
struct vendor_flow {
    std::string_view vendor;
    vendor_client client;
    std::string_view method;
    std::string_view path;
    std::string_view body;
    std::string_view url; // where in the answer
    std::string_view callback;

    static std::string fill(std::string_view pattern, std::string_view platform) {
        std::string text{pattern};
        if (auto const at = text.find("{p}"); at != std::string::npos) {
            text.replace(at, 3, platform);
        }
        return text;
    }
    answer begin(std::string_view platform) const {
        return client.ask(method, fill(path, platform), fill(body, platform));
    }
};

struct flows_server : platform_files, whole_server {
    flows_server()
        : whole_server{[this](server::config& made) { made.platforms_dir = files.path(); },
                       {"facebook", "linkedin", "tiktok"}} {
        register_callbacks("x", "twitter");
    }

    vendor_flow letmepost{"letmepost",
                          {*this, "/compat/letmepost", "Authorization", "Bearer "},
                          "POST",
                          "/v1/accounts/connect/{p}",
                          R"({"returnTo":"https://shop.example/done"})",
                          "/redirectUrl",
                          "/v1/accounts/connect/{p}/complete"};
    vendor_flow postpeer{"postpeer",
                         {*this, "/compat/postpeer", "x-access-key", ""},
                         "GET",
                         "/v1/connect/{p}?redirectUri=https%3A%2F%2Fshop.example%2Fdone",
                         "",
                         "/url",
                         "/v1/connect/{p}/callback"};
    vendor_flow unipost{"unipost",
                        {*this, "/compat/unipost", "Authorization", "Bearer "},
                        "POST",
                        "/v1/oauth/connect",
                        R"({"platform":"{p}","redirect_url":"https://shop.example/done"})",
                        "/data/auth_url",
                        "/v1/oauth/callback/{p}"};

    // `word` is what the vendors call it.
    void register_callbacks(std::string_view platform, std::string_view word) {
        std::vector<std::string> uris;
        for (auto const* each : {&letmepost, &postpeer, &unipost}) {
            uris.push_back(url() + each->client.base + vendor_flow::fill(each->callback, word));
        }
        for (auto const& each : pretend.platforms()) {
            if (each->name() == platform) {
                each->as_oauth()->apps().put({std::string{sandbox::sandbox::default_client_id},
                                              std::string{sandbox::sandbox::default_client_secret},
                                              "Sandbox App", true, uris,
                                              platform == "tiktok" ? std::vector<std::string>{"desktop"}
                                                                   : std::vector<std::string>{}});
            }
        }
    }
    void give_app(std::string_view platform) {
        register_callbacks(platform, platform);
        auto const stored = ask("POST", "/v1/credentials",
                                {{"platform", platform},
                                 {"client_id", sandbox::sandbox::default_client_id},
                                 {"client_secret", sandbox::sandbox::default_client_secret}});
        BOOST_REQUIRE_EQUAL(stored.status, 201U);
    }
    // The person's decision at the platform, and where the browser is sent to from our callback.
    answer come_back(vendor_flow const& by, std::string_view word, std::string_view person = "ada",
                     std::string_view decision = "approve") {
        auto const begun = by.begin(word);
        BOOST_REQUIRE_EQUAL(begun.status, 200U);
        auto const target = consent(begun.text(by.url), person, decision, word == "twitter" ? "x" : word);
        return visit(target.substr(0, target.find('#'))); // Facebook's comes with a fragment
    }
    std::string told(vendor_flow const& by, std::string_view word, std::string_view person = "ada",
                     std::string_view decision = "approve") {
        return come_back(by, word, person, decision).header("location");
    }
    // The choice on our page; where the browser is sent to from there.
    std::string choose(answer const& came_back, std::string const& candidate) {
        return submit(came_back.header("location"), {{"candidate", candidate}}, cookie_of(came_back))
            .header("location");
    }
};

} // namespace connectd::tests
