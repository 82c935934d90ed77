// connectd as a whole beside the servers of Flock, where a consent reaches several pages, and the steps that
// tests of choosing begin with. Used from the test's thread.
#pragma once

#include "tests/server/flock_server.hpp"
#include "tests/server/whole_server.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::tests {

struct flock_world {
    flock_server flock;
    bool other_master_key = false;
};

struct choosing_server : flock_world, whole_server {
    choosing_server()
        : whole_server{[this](server::config& made) {
              made.platforms_dir = flock.platform_files();
              if (other_master_key) {
                  made.master_keys = {
                      {server::secret_source::kind::file, (made.data_dir / "new.key").string()},
                      {server::secret_source::kind::file, (made.data_dir / "master.key").string()}};
              }
          }} {
        add_app("flock", home.key);
    }

    void add_app(std::string_view platform, std::string_view key) {
        auto const made =
            ask_as(key, "POST", "/v1/credentials",
                   {{"platform", platform}, {"client_id", "client-1"}, {"client_secret", "s3cret"}});
        BOOST_REQUIRE_EQUAL(made.status, 201U);
    }
    answer begin(boost::json::object changed = {}) {
        boost::json::object body{{"platform", "flock"}, {"return_url", return_url}};
        for (auto const& [name, value] : changed) {
            if (value.is_null()) {
                body.erase(name);
            } else {
                body[name] = value;
            }
        }
        auto got = ask("POST", "/v1/connect/sessions", body);
        BOOST_REQUIRE_EQUAL(got.status, 201U);
        return got;
    }
    static std::string callback_of(answer const& begun, std::string const& platform = "flock") {
        return "/v1/connect/callback/" + platform +
               "?code=a-code&state=" + parameter(begun.text("/authorize_url"), "state");
    }
    // A session that waits for a choice among these pages; its id.
    std::string wait_among(std::vector<std::string> pages, boost::json::object changed = {}) {
        changed.emplace("choose", "api");
        flock.set_pages(std::move(pages));
        auto const begun = begin(changed);
        auto const got = visit(callback_of(begun));
        BOOST_TEST(parameter(got.header("location"), "status") == "choosing");
        return begun.text("/id");
    }
    static std::string path_of(std::string const& id) { return "/v1/connect/sessions/" + id + "/choose"; }
    answer choose(std::string const& id, std::vector<std::string> const& pages) {
        boost::json::array const list(pages.begin(), pages.end());
        return ask("POST", path_of(id), {{"candidate_ids", list}});
    }
    // The id of the account of that page, connected.
    std::string connect_page(std::string const& page) {
        auto const got = choose(wait_among({page, "98", "99"}), {page});
        BOOST_REQUIRE_EQUAL(got.status, 200U);
        return got.text("/account_id");
    }
};

} // namespace connectd::tests
