// From a handle to the account's server, answer by answer.
#include "platforms/quirks/bluesky_location.hpp"
#include "tests/platforms/support.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace connectd::platforms;
using namespace connectd::platforms::bluesky;
using connectd::tests::built_in;
using connectd::tests::reply;

constexpr auto did = "did:plc:q7k2exampleexample";

std::string document(std::string service_id, std::string type = "AtprotoPersonalDataServer",
                     std::string endpoint = "https://morel.us-east.host.bsky.network") {
    return R"({"id":"did:plc:q7k2exampleexample","alsoKnownAs":["at://bakery.example"],
        "service":[{"id":"#other","type":"Other","serviceEndpoint":"https://other.example"},{"id":")" +
           service_id + R"(","type":")" + type + R"(","serviceEndpoint":")" + endpoint + R"("}]})";
}

outcome<std::string> server(std::string body, unsigned status = 200) {
    return parse_document(built_in("bluesky"), did, reply(status, std::move(body)));
}

std::string const documents_without_a_server[] = {
    "[]",
    "{}",
    R"({"id":"did:plc:q7k2exampleexample"})",
    R"({"id":"did:plc:q7k2exampleexample","service":{}})",
    R"({"id":"did:plc:q7k2exampleexample","service":[7]})",
    R"({"id":"did:plc:other","service":[{"id":"#atproto_pds","type":"AtprotoPersonalDataServer",
        "serviceEndpoint":"https://evil.example"}]})",
    document("#atproto_labeler"),
    document("did:plc:other#atproto_pds"),
    document("x#atproto_pds"),
    document("#atproto_pds", "AtprotoLabeler"),
    document("#atproto_pds", "AtprotoPersonalDataServer", "https://pds.example/path"),
    document("#atproto_pds", "AtprotoPersonalDataServer", "https://pds.example?x=1"),
    document("#atproto_pds", "AtprotoPersonalDataServer", "https://user:pw@pds.example"),
    document("#atproto_pds", "AtprotoPersonalDataServer", "ftp://pds.example"),
    document("#atproto_pds", "AtprotoPersonalDataServer", "pds.example"),
    document("#atproto_pds", "AtprotoPersonalDataServer", ""),
};

} // namespace

BOOST_AUTO_TEST_SUITE(bluesky_location_test)

BOOST_AUTO_TEST_CASE(handles_are_resolved_by_the_service_first) {
    auto const& bluesky = built_in("bluesky");
    auto const request = resolve_handle_request(bluesky, "bakery.example");
    BOOST_TEST(request.url ==
               "https://public.api.bsky.app/xrpc/com.atproto.identity.resolveHandle?handle=bakery.example");
    BOOST_TEST(!request.user_given_url);
    BOOST_TEST(parse_resolved_handle(bluesky, reply(200, R"({"did":"did:plc:abc"})")).value() ==
               "did:plc:abc");
}

BOOST_AUTO_TEST_CASE(an_unknown_handle_is_told_apart_from_a_service_in_trouble) {
    auto const& bluesky = built_in("bluesky");
    for (auto const body : {R"({"error":"HandleNotFound","message":"x"})",
                            R"({"error":"InvalidRequest","message":"Unable to resolve handle"})"}) {
        auto const unknown = parse_resolved_handle(bluesky, reply(400, body));
        BOOST_TEST(unknown.error().what == verdict::refused);
        BOOST_TEST(unknown.error().code == errc::identifier_not_found);
    }
    BOOST_TEST(parse_resolved_handle(bluesky, reply(503, "")).error().what == verdict::temporary);
    BOOST_TEST(parse_resolved_handle(bluesky, reply(200, "<html>")).error().what == verdict::temporary);
    BOOST_TEST(parse_resolved_handle(bluesky, reply(200, R"({"did":"did:evil:x"})")).error().what ==
               verdict::temporary);
}

BOOST_AUTO_TEST_CASE(the_handles_own_server_is_a_strangers_url) {
    auto const request = well_known_request("bakery.example");
    BOOST_TEST(request.url == "https://bakery.example/.well-known/atproto-did");
    BOOST_TEST(request.user_given_url);
    BOOST_TEST(parse_well_known(reply(200, " did:plc:abc\n")).value() == "did:plc:abc");
    for (auto const& answer : {reply(404, "did:plc:abc"), reply(301, ""), reply(200, ""),
                               reply(200, "<html>"), reply(200, "did:plc:abc did:plc:def")}) {
        BOOST_TEST(parse_well_known(answer).error().code == errc::identifier_not_found);
    }
}

BOOST_AUTO_TEST_CASE(documents_come_from_the_directory_or_from_the_host) {
    auto const& bluesky = built_in("bluesky");
    auto const plc = document_request(bluesky, did);
    BOOST_TEST(plc.url == "https://plc.directory/did:plc:q7k2exampleexample");
    BOOST_TEST(!plc.user_given_url);
    auto const web = document_request(bluesky, "did:web:bakery.example");
    BOOST_TEST(web.url == "https://bakery.example/.well-known/did.json");
    BOOST_TEST(web.user_given_url);
}

BOOST_AUTO_TEST_CASE(both_forms_of_the_service_id_name_the_server) {
    BOOST_TEST(server(document("#atproto_pds")).value() == "https://morel.us-east.host.bsky.network");
    BOOST_TEST(server(document("did:plc:q7k2exampleexample#atproto_pds")).value() ==
               "https://morel.us-east.host.bsky.network");
    BOOST_TEST(
        server(document("#atproto_pds", "AtprotoPersonalDataServer", "https://pds.example:8443/")).value() ==
        "https://pds.example:8443");
}

BOOST_DATA_TEST_CASE(a_document_that_does_not_fit_is_refused, documents_without_a_server, body) {
    auto const found = server(body);
    BOOST_TEST_REQUIRE(!found.has_value());
    BOOST_TEST(found.error().what == verdict::refused);
    BOOST_TEST(found.error().code == errc::malformed_answer);
}

BOOST_AUTO_TEST_CASE(unknown_and_tombstoned_dids_are_not_found) {
    BOOST_TEST(server(R"({"message":"DID not registered"})", 404).error().code == errc::identifier_not_found);
    BOOST_TEST(server("", 410).error().code == errc::identifier_not_found);
    BOOST_TEST(server("", 502).error().what == verdict::temporary);
    BOOST_TEST(server("<html>").error().what == verdict::temporary);
}

BOOST_AUTO_TEST_SUITE_END()
