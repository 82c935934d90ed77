// Who is who at the pretend Bluesky: handles, DID documents, profiles.
#include "tests/sandbox/stage.hpp"
#include "tools/sandbox/form.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

BOOST_AUTO_TEST_SUITE(identity_methods_test)

BOOST_AUTO_TEST_CASE(handles_resolve_or_are_a_400) {
    stage on;
    auto const did = on.sign_in().text("/did");
    auto const found = on.xrpc_get("com.atproto.identity.resolveHandle?handle=ada.sandbox.test");
    BOOST_TEST(found.status == 200);
    BOOST_TEST(found.body == R"({"did":")" + did + R"("})");
    BOOST_TEST(found.header("ratelimit-policy") == "3000;w=300");
    auto const unknown = on.xrpc_get("com.atproto.identity.resolveHandle?handle=nobody.sandbox.test");
    BOOST_TEST(unknown.status == 400);
    BOOST_TEST(unknown.body == R"({"error":"InvalidRequest","message":"Unable to resolve handle"})");
    for (auto const* const query :
         {"", "?handle=", "?handle=ada", "?handle=%40ada.sandbox.test", "?handle=%zz"})
        BOOST_TEST(on.xrpc_get("com.atproto.identity.resolveHandle" + std::string{query}).status == 400,
                   query);
}

BOOST_AUTO_TEST_CASE(the_directory_gives_documents_404_and_tombstones) {
    stage on;
    auto const ada = on.sign_in().text("/did");
    auto const document = on.bluesky.get("/plc/" + ada);
    BOOST_TEST(document.status == 200);
    BOOST_TEST(document.text("/id") == ada);
    BOOST_TEST(document.text("/alsoKnownAs/0") == "at://ada.sandbox.test");
    BOOST_TEST(document.text("/service/0/id") == "#atproto_pds");
    BOOST_TEST(document.text("/service/0/type") == "AtprotoPersonalDataServer");
    BOOST_TEST(document.text("/service/0/serviceEndpoint") == on.pretend.bluesky_url());
    BOOST_TEST(on.bluesky.get("/plc/" + sandbox::percent_encode(ada)).body == document.body);

    auto const cleo = on.sign_in("cleo.sandbox.test", "cle2-demo-pass-word").text("/did");
    BOOST_TEST(on.bluesky.get("/plc/" + cleo).text("/service/0/id") == cleo + "#atproto_pds");

    BOOST_TEST(on.bluesky.get("/plc/did:plc:aaaaaaaaaaaaaaaaaaaaaaaa").status == 404);
    BOOST_TEST(on.bluesky.get("/plc/nonsense").status == 404);
    on.control.send("PATCH", "/people/ada", {}, R"({"bluesky_state":"deleted"})");
    BOOST_TEST(on.bluesky.get("/plc/" + ada).status == 410);
}

BOOST_AUTO_TEST_CASE(a_did_web_document_is_found_by_its_host) {
    stage on;
    auto const made = on.control.post_json(
        "/people", R"({"name":"web","did":"did:web:web.example%3A8443","handle":"web.example"})");
    BOOST_TEST(made.status == 201);
    auto const document = on.bluesky.get("/.well-known/did.json", {{"Host", "web.example:8443"}});
    BOOST_TEST(document.status == 200);
    BOOST_TEST(document.text("/id") == "did:web:web.example%3A8443");
    BOOST_TEST(on.bluesky.get("/.well-known/did.json").status == 404);
    auto const file = on.bluesky.get("/.well-known/atproto-did", {{"Host", "web.example"}});
    BOOST_TEST(file.body == "did:web:web.example%3A8443\n");
    BOOST_TEST(on.bluesky.get("/.well-known/atproto-did").status == 404);
}

BOOST_AUTO_TEST_CASE(profiles_are_public_and_only_did_and_handle_are_sure) {
    stage on;
    auto const profile = on.xrpc_get("app.bsky.actor.getProfile?actor=ada.sandbox.test");
    BOOST_TEST(profile.status == 200);
    BOOST_TEST(profile.text("/displayName") == "Ada Marlow");
    auto const avatar = profile.text("/avatar");
    BOOST_TEST(avatar.starts_with(on.pretend.bluesky_url()));
    BOOST_TEST(on.bluesky.get(avatar.substr(on.pretend.bluesky_url().size())).header("content-type") ==
               "image/svg+xml");
    auto const by_did = on.xrpc_get("app.bsky.actor.getProfile?actor=" + profile.text("/did"));
    BOOST_TEST(by_did.body == profile.body);
    auto const bare = on.xrpc_get("app.bsky.actor.getProfile?actor=ben.sandbox.test");
    BOOST_TEST(bare.status == 200);
    BOOST_TEST(!bare.json().as_object().contains("displayName"));
    BOOST_TEST(!bare.json().as_object().contains("avatar"));
}

BOOST_AUTO_TEST_CASE(a_profile_that_cannot_be_shown_is_a_400) {
    stage on;
    constexpr auto target = "app.bsky.actor.getProfile?actor=ada.sandbox.test";
    BOOST_TEST(on.xrpc_get("app.bsky.actor.getProfile?actor=nobody.sandbox.test").text("/message") ==
               "Profile not found");
    BOOST_TEST(on.xrpc_get("app.bsky.actor.getProfile?actor=a").status == 400);
    BOOST_TEST(on.xrpc_get("app.bsky.actor.getProfile").status == 400);
    BOOST_TEST(on.xrpc_get(target, "not-a-token").text("/error") == "InvalidToken");
    on.control.send("PATCH", "/people/ada", {}, R"({"bluesky_state":"takendown"})");
    BOOST_TEST(on.xrpc_get(target).text("/error") == "AccountTakedown");
    on.control.send("PATCH", "/people/ada", {}, R"({"bluesky_state":"deactivated"})");
    BOOST_TEST(on.xrpc_get(target).text("/error") == "AccountDeactivated");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace connectd::tests
