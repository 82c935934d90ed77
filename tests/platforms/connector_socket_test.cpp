// The connector over the real client and real sockets: one whole connection, and what broken servers come to.
#include "platforms/connector.hpp"
#include "platforms/http/pool.hpp"
#include "platforms/quirks/bluesky.hpp"
#include "tests/platforms/support.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/scripted_server.hpp"

#include <boost/test/unit_test.hpp>

#include <mutex>

namespace {

using namespace connectd::platforms;
using connectd::crypto::secret;
using connectd::tests::answer;
using connectd::tests::run;
using connectd::tests::scripted_server;
using peer = connectd::tests::scripted_server::peer;

constexpr auto tokens_body =
    R"({"token_type":"bearer","expires_in":7200,"access_token":"acc","refresh_token":"ref"})";
constexpr auto user_body = R"({"data":{"id":"1450000000000000001","name":"Ada","username":"ada"}})";

struct fixture {
    boost::asio::io_context context{1};
    http::resolver names;
    http::pool client{context, names};
    connector calls{client};
    secret key = secret::copy_of("secret-1");
    app_credentials app{"client-id-1", key};

    static deadline in(std::chrono::steady_clock::duration span) {
        return std::chrono::steady_clock::now() + span;
    }

    descriptor x_at(scripted_server const& server) const {
        catalog_sources sources;
        for (std::string const name : {"token_url", "identity_url", "revoke_url"}) {
            sources.endpoint_overrides["x"][name] = server.url("/" + name);
        }
        auto load = load_catalog(sources);
        return *load.loaded.value().find("x");
    }

    // Facebook with all of its Graph API at that server.
    descriptor facebook_at(scripted_server const& server) const {
        catalog_sources sources;
        auto& endpoints = sources.endpoint_overrides["facebook"];
        endpoints["api_base"] = server.url("/v26.0");
        endpoints["token_url"] = server.url("/v26.0/oauth/access_token");
        endpoints["long_lived_url"] = server.url("/v26.0/oauth/access_token");
        auto load = load_catalog(sources);
        return *load.loaded.value().find("facebook");
    }

    outcome<connected> connect(descriptor const& platform, deadline until) {
        return run(context, calls.connect(platform, app, "code-1", "https://app.example/cb",
                                          secret::copy_of("v"), until));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(connector_socket_test, fixture)

BOOST_AUTO_TEST_CASE(a_whole_connection_uses_one_kept_connection) {
    std::mutex guard;
    std::vector<std::string> seen;
    scripted_server server([&](peer& who) {
        for (auto const body : {tokens_body, user_body, "{}", "{}"}) {
            auto request = who.read_request();
            std::lock_guard const lock(guard);
            seen.push_back(std::move(request));
            who.write(answer(body));
        }
        who.wait_for_close();
    });
    auto const x = x_at(server);
    auto const made = connect(x, in(std::chrono::seconds(30)));
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->tokens.refresh_token.value().reveal() == "ref");
    BOOST_TEST(made->who.value().username == "ada");
    BOOST_TEST(run(context, calls.revoke(x, app, made->tokens, in(std::chrono::seconds(30)))).has_value());
    BOOST_TEST(server.connections() == 1u);
    std::lock_guard const lock(guard);
    BOOST_TEST_REQUIRE(seen.size() == 4u);
    BOOST_TEST(seen[0].starts_with("POST /token_url HTTP/1.1\r\n"));
    BOOST_TEST(seen[0].ends_with("\r\n\r\ngrant_type=authorization_code&code=code-1"
                                 "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&code_verifier=v"));
    BOOST_TEST(
        seen[1].starts_with("GET /identity_url?user.fields=profile_image_url%2Cverified HTTP/1.1\r\n"));
    BOOST_TEST(seen[1].find("Authorization: Bearer acc\r\n") != std::string::npos);
    BOOST_TEST(seen[2].ends_with("token=ref&token_type_hint=refresh_token"));
    BOOST_TEST(seen[3].ends_with("token=acc&token_type_hint=access_token"));
}

BOOST_AUTO_TEST_CASE(pages_are_read_over_the_same_connection_to_the_last) {
    std::mutex guard;
    std::vector<std::string> seen;
    std::string next_page;
    scripted_server server([&](peer& who) {
        std::string const bodies[] = {
            R"({"access_token":"EAAshort"})",
            R"({"access_token":"EAAlong","expires_in":5183901})",
            R"({"data":[{"permission":"pages_show_list","status":"granted"}]})",
            R"({"id":"1","name":"Ada"})",
            R"({"data":[{"id":"204060801030507","name":"One","access_token":"EAA1"}],"paging":{"next":")" +
                next_page + R"("}})",
            R"({"data":[{"id":"204060801030508","name":"Two","access_token":"EAA2"}]})",
        };
        for (auto const& body : bodies) {
            auto request = who.read_request();
            std::lock_guard const lock(guard);
            seen.push_back(request.substr(0, request.find(" HTTP/1.1")));
            who.write(answer(body));
        }
        who.wait_for_close();
    });
    next_page = server.url("/v26.0/1/accounts?access_token=EAAlong&after=x");
    auto const made = connect(facebook_at(server), in(std::chrono::seconds(30)));
    BOOST_TEST_REQUIRE(made.has_value());
    auto const& pages = made->candidates.value().value();
    BOOST_TEST_REQUIRE(pages.size() == 2u);
    BOOST_TEST(pages[1].access_token.reveal() == "EAA2");
    BOOST_TEST(server.connections() == 1u);
    std::lock_guard const lock(guard);
    std::vector<std::string> const expected = {
        "POST /v26.0/oauth/access_token",
        "GET /v26.0/oauth/access_token?grant_type=fb_exchange_token&client_id=client-id-1"
        "&client_secret=secret-1&fb_exchange_token=EAAshort",
        "GET /v26.0/me/permissions?limit=200",
        "GET /v26.0/me?fields=id%2Cname%2Cpicture",
        "GET /v26.0/me/accounts?fields=id%2Cname%2Cusername%2Caccess_token%2Ctasks%2Cpicture.type%28large%29"
        "&limit=100",
        "GET /v26.0/1/accounts?access_token=EAAlong&after=x"};
    BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_server_that_hangs_or_breaks_leaves_the_outcome_unknown) {
    scripted_server silent([](peer& who) {
        who.read_request();
        who.wait_for_close();
    });
    // A loaded machine may let a short deadline pass before the request has left: then a longer one.
    auto const x = x_at(silent);
    auto patience = std::chrono::milliseconds(50);
    auto hung = connect(x, in(patience));
    while (!hung && hung.error().code == errc::timed_out_unsent) {
        patience *= 2;
        hung = connect(x, in(patience));
    }
    BOOST_TEST_REQUIRE(!hung.has_value());
    BOOST_TEST(hung.error().what == verdict::unknown_outcome);
    BOOST_TEST(hung.error().code == errc::timed_out);
    scripted_server resetting([](peer& who) {
        who.read_request();
        who.reset();
    });
    auto const lost = connect(x_at(resetting), in(std::chrono::seconds(30)));
    BOOST_TEST(lost.error().what == verdict::unknown_outcome);
    BOOST_TEST(lost.error().code == errc::connection_lost);
}

BOOST_AUTO_TEST_CASE(a_huge_answer_is_cut_off) {
    scripted_server server([](peer& who) {
        who.read_request();
        who.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        who.write_bulk(50 * 1024 * 1024, "10000\r\n", "\r\n");
    });
    auto const made = connect(x_at(server), in(std::chrono::seconds(30)));
    BOOST_TEST_REQUIRE(!made.has_value());
    BOOST_TEST(made.error().what == verdict::unknown_outcome);
    BOOST_TEST(made.error().code == errc::response_too_large);
}

BOOST_AUTO_TEST_CASE(tokens_survive_an_identity_call_that_is_reset) {
    scripted_server server([](peer& who) {
        who.read_request();
        who.write(answer(tokens_body));
        who.read_request();
        who.reset();
    });
    auto const made = connect(x_at(server), in(std::chrono::seconds(30)));
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST_REQUIRE(!made->who.has_value());
    BOOST_TEST(made->who.error().what == verdict::temporary);
    BOOST_TEST(made->tokens.access_token.reveal() == "acc");
}

BOOST_AUTO_TEST_CASE(nobody_listening_is_temporary) {
    descriptor x;
    {
        scripted_server gone([](peer&) {});
        x = x_at(gone);
    }
    auto const made = connect(x, in(std::chrono::seconds(30)));
    BOOST_TEST(made.error().what == verdict::temporary);
    BOOST_TEST(made.error().code == errc::connect_failed);
}

BOOST_AUTO_TEST_CASE(a_did_document_cannot_send_us_to_our_own_network) {
    scripted_server inner([](peer& who) { who.read_request(); });
    scripted_server directory([&](peer& who) {
        who.read_request();
        who.write(
            answer(R"({"id":"did:plc:abc","service":[{"id":"#atproto_pds","type":"AtprotoPersonalDataServer",
            "serviceEndpoint":")" +
                   inner.url("") + "\"}]}"));
        who.wait_for_close();
    });
    catalog_sources sources;
    sources.endpoint_overrides["bluesky"]["plc_url"] = directory.url("");
    auto const load = load_catalog(sources);
    auto const made =
        run(context, bluesky::connect(client, *load.loaded.value().find("bluesky"),
                                      bluesky::parse_identifier("did:plc:abc").value(),
                                      secret::copy_of("abcd-efgh-2345-wxyz"), in(std::chrono::seconds(30))));
    BOOST_TEST(made.error().what == verdict::refused);
    BOOST_TEST(made.error().code == errc::address_refused);
    BOOST_TEST(inner.connections() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
