// A visit to the pretend YouTube: its app, and connecting as anybody.
#pragma once

#include "tests/sandbox/visit.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::tests {

struct youtube_visit : visit {
    youtube_visit() : visit{"youtube"} {}

    static constexpr std::string_view base = "https://www.googleapis.com/auth/";
    static std::string scope(std::string_view name) { return std::string{base}.append(name); }

    static parameters credentials() {
        return {{"client_id", std::string{sandbox::sandbox::default_client_id}},
                {"client_secret", std::string{sandbox::sandbox::default_client_secret}}};
    }
    static std::string authorize_target(parameters const& replaced = {}) {
        return "/o/oauth2/v2/auth?" +
               query_of(with({{"response_type", "code"},
                              {"client_id", std::string{sandbox::sandbox::default_client_id}},
                              {"redirect_uri", std::string{stage::redirect_uri}},
                              {"scope", scope("youtube.upload") + " " + scope("youtube.readonly")},
                              {"state", "s 1"},
                              {"access_type", "offline"},
                              {"prompt", "consent"}},
                             replaced));
    }
    answer token(parameters form, parameters const& replaced = {}) {
        form.merge(credentials());
        return site.post_form("/token", query_of(with(std::move(form), replaced)));
    }
    answer exchange(std::string const& with_code, parameters const& replaced = {}) {
        return token({{"grant_type", "authorization_code"},
                      {"code", with_code},
                      {"redirect_uri", std::string{stage::redirect_uri}}},
                     replaced);
    }
    answer refresh(std::string const& refresh_token, parameters const& replaced = {}) {
        return token({{"grant_type", "refresh_token"}, {"refresh_token", refresh_token}}, replaced);
    }
    answer connect(parameters const& replaced = {}, std::string_view person = "ada") {
        return exchange(code(authorize_target(replaced), person));
    }
    std::string access_token(std::string_view scope_name, std::string_view person = "ada") {
        return connect({{"scope", scope(scope_name)}}, person).text("/access_token");
    }
    answer revoke(std::string const& token) {
        return site.post_form("/revoke", query_of({{"token", token}}));
    }
    answer channels(std::string_view token) {
        return site.get("/youtube/v3/channels?part=snippet&mine=true", {bearer(token)});
    }

    // The app with these flags, in place of the one without.
    void flag_app(std::string_view flag) {
        put_app(R"({"client_id":"sandbox-app","client_secret":"sandbox-app-secret","redirect_uris":[")" +
                std::string{stage::redirect_uri} + R"("],"flags":[")" + std::string{flag} + R"("]})");
    }
    void set_trait(std::string_view person, std::string_view trait) {
        auto const done = control.send("PATCH", "/people/" + std::string{person}, {},
                                       R"({"traits":[")" + std::string{trait} + R"("]})");
        BOOST_REQUIRE_MESSAGE(done.status == 200, done.body);
    }
};

} // namespace connectd::tests
