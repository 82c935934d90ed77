// Servers found by their issuer: where the metadata is looked for, and what answers mean.
#include "platforms/discovery.hpp"
#include "tests/platforms/http_fixture.hpp"
#include "tests/platforms/metadata_fixture.hpp"
#include "tests/platforms/scripted_client.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;
using connectd::tests::found_by_issuer;
using connectd::tests::header;
using connectd::tests::http_fixture;
using connectd::tests::metadata_with;
using connectd::tests::run;
using connectd::tests::scripted_client;
using connectd::tests::usual_issuer;
using connectd::tests::usual_metadata;

using words = std::vector<std::string>;

char const* const no_issuers[] = {"",
                                  "id.example",
                                  "http://id.example",
                                  "https://",
                                  "https://id.example?tenant=1",
                                  "https://id.example/?",
                                  "https://id.example/#x",
                                  "https://user@id.example",
                                  "https://id.example/ten ant",
                                  " https://id.example",
                                  "https://id.example\n",
                                  "ftp://id.example",
                                  "{instance}/x",
                                  "http://localhost.evil.example",
                                  "http://10.0.0.1"};

struct fixture {
    boost::asio::io_context context{1};
    scripted_client client;
    descriptor platform = found_by_issuer();
    deadline until = deadline(std::chrono::hours(1000));

    outcome<descriptor> find(std::string_view at = usual_issuer, bool user_given = false) {
        return run(context, discover(client, platform, std::string(at), user_given, until));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(discovery_test, fixture)

BOOST_AUTO_TEST_CASE(an_issuer_is_kept_to_the_byte) {
    for (std::string const text :
         {"https://id.example", "https://id.example/", "https://ID.Example/Tenant/", "https://id.example:443",
          "http://localhost:8080/realms/one", "http://127.0.0.1:4000", "http://[::1]:4000/"}) {
        BOOST_TEST(parse_issuer(text).value() == text);
    }
    BOOST_TEST(!parse_issuer("https://id.example/" + std::string(600, 'x')).has_value());
}

BOOST_DATA_TEST_CASE_F(fixture, what_is_no_issuer_is_refused, no_issuers, text) {
    auto const parsed = parse_issuer(text);
    BOOST_TEST_REQUIRE(!parsed.has_value());
    BOOST_TEST(parsed.error() == errc::invalid_instance);
}

BOOST_AUTO_TEST_CASE(metadata_is_looked_for_where_the_standards_put_it) {
    words const at_root = {"https://id.example/.well-known/openid-configuration",
                           "https://id.example/.well-known/oauth-authorization-server"};
    BOOST_TEST(metadata_urls("https://id.example") == at_root, boost::test_tools::per_element());
    BOOST_TEST(metadata_urls("https://id.example/") == at_root, boost::test_tools::per_element());
    words const at_path = {"https://id.example:8443/a/b/.well-known/openid-configuration",
                           "https://id.example:8443/.well-known/oauth-authorization-server/a/b",
                           "https://id.example:8443/.well-known/openid-configuration/a/b"};
    BOOST_TEST(metadata_urls("https://id.example:8443/a/b") == at_path, boost::test_tools::per_element());
    BOOST_TEST(metadata_urls("https://id.example:8443/a/b/") == at_path, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_first_place_that_answers_decides) {
    client.answer(200, std::string(usual_metadata));
    BOOST_TEST(find().has_value());
    BOOST_TEST_REQUIRE(client.sent.size() == 1u);
    BOOST_TEST(client.sent[0].method == "GET");
    BOOST_TEST(client.sent[0].url == "https://id.example/tenant/.well-known/openid-configuration");
    BOOST_TEST(header(client.sent[0], "Accept") == "application/json");
    BOOST_TEST(client.sent[0].max_response_body <= 1024u * 1024u);
    BOOST_TEST(!client.sent[0].user_given_url);
    BOOST_TEST((client.deadlines[0] == until));
}

BOOST_AUTO_TEST_CASE(further_places_are_asked_in_turn) {
    client.answer(404, "Not Found");
    client.answer(200, "<html>A page for every path</html>");
    client.answer(200, std::string(usual_metadata));
    BOOST_TEST(find().has_value());
    BOOST_TEST(client.sent[2].url == "https://id.example/.well-known/openid-configuration/tenant");
}

BOOST_AUTO_TEST_CASE(a_document_of_another_issuer_is_passed_over_and_named) {
    client.answer(200, metadata_with("issuer", "\"https://id.example\""));
    client.answer(200, std::string(usual_metadata));
    BOOST_TEST(find().has_value());
    client.answer(404, "");
    client.answer(200, metadata_with("issuer", "\"https://evil.example\""));
    client.answer(404, "");
    auto const found = find();
    BOOST_TEST_REQUIRE(!found.has_value());
    BOOST_TEST(found.error().code == errc::metadata_refused);
    BOOST_TEST(found.error().platform_error == "issuer");
    BOOST_TEST(client.done());
}

BOOST_AUTO_TEST_CASE(a_server_without_metadata_is_an_operator_fault_and_one_in_trouble_is_not) {
    for (int i = 0; i < 3; ++i) {
        client.answer(404, "");
    }
    BOOST_TEST(find().error().what == verdict::operator_fault);
    for (int i = 0; i < 3; ++i) {
        client.answer(503, "", {{"Retry-After", "7"}});
    }
    auto const busy = find();
    BOOST_TEST(busy.error().what == verdict::temporary);
    BOOST_TEST((busy.error().retry_after == std::chrono::seconds(7)));
    for (std::size_t troubled = 0; troubled < 3; ++troubled) {
        for (std::size_t place = 0; place < 3; ++place) {
            client.answer(place == troubled ? 503 : 404, "");
        }
        BOOST_TEST(find().error().what == verdict::temporary);
    }
    for (int i = 0; i < 3; ++i) {
        client.answer(302, "", {{"Location", "https://elsewhere.example/"}});
    }
    BOOST_TEST(find().error().code == errc::metadata_refused);
}

BOOST_AUTO_TEST_CASE(a_silent_server_is_asked_once) {
    client.fail(errc::timed_out);
    auto const found = find();
    BOOST_TEST(found.error().what == verdict::temporary);
    BOOST_TEST(found.error().code == errc::timed_out);
    BOOST_TEST(client.sent.size() == 1u);
    client.fail(errc::address_refused);
    BOOST_TEST(find().error().what == verdict::operator_fault);
}

BOOST_AUTO_TEST_CASE(an_issuer_that_a_customer_typed_stays_under_the_address_policy) {
    client.answer(404, "");
    client.answer(200, std::string(usual_metadata));
    auto const found = find(usual_issuer, true);
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->user_given);
    BOOST_TEST(client.sent[0].user_given_url);
    BOOST_TEST(client.sent[1].user_given_url);
    client.answer(200, std::string(usual_metadata));
    BOOST_TEST(!find(usual_issuer, false).value().user_given);
}

BOOST_FIXTURE_TEST_CASE(an_issuer_inside_our_own_network_is_never_asked, http_fixture) {
    connectd::tests::scripted_server inner([](auto& who) { who.read_request(); });
    http::pool by(context, names);
    auto const platform = found_by_issuer();
    auto const port = std::to_string(inner.port());
    for (std::string const& at : {"https://inner.example:" + port, "https://127.0.0.1:" + port,
                                  "http://127.0.0.1:" + port, "http://localhost:" + port}) {
        auto const found =
            run(context, discover(by, platform, parse_issuer(at).value(), true, connectd::tests::late()));
        BOOST_TEST_REQUIRE(!found.has_value());
        BOOST_TEST(found.error().code == errc::address_refused);
    }
    BOOST_TEST(inner.connections() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
