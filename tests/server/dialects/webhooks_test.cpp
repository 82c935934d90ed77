// The vendors' webhook routes: endpoints made, changed and tested as their customers do it, up to a receiver
// that verifies with the secret they were given.
#include "tests/server/dialects/webhook_vendors.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

std::string in_quotes(std::string_view text) {
    return "\"" + std::string{text} + "\"";
}

std::string with_id(std::string_view id, std::string_view rest) {
    return R"({"id":")" + std::string{id} + "\"," + std::string{rest} + "}";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(webhooks_test, webhook_vendors)

BOOST_AUTO_TEST_CASE(endpoints_of_unipost) {
    auto const url = receiver.url("/a");
    auto const shown = [&](std::string_view name, std::string_view active) {
        return R"("name":")" + std::string{name} + R"(","url":")" + url +
               R"(","events":["account.connected","post.failed"],"active":)" + std::string{active} +
               R"(,"secret_preview":"<any>","created_at":"<time>")";
    };
    auto const made =
        unipost.ask("POST", "/v1/webhooks",
                    R"({"name":"Shop","events":["account.connected","post.failed"],"url":")" + url + "\"}");
    BOOST_TEST(difference({"POST", "", "", 201,
                           R"({"data":{"id":"<any>",)" + shown("Shop", "true") +
                               R"(,"secret":"<any>"},"request_id":"<id>"})"},
                          made) == "");
    auto const id = made.text("/data/id");
    auto const secret = made.text("/data/secret");
    BOOST_TEST(secret.size() == 38U); // whsec_ and 32 digits
    BOOST_TEST(made.text("/data/secret_preview") == secret.substr(0, 8) + "\u2026");
    connect_x("ada");
    BOOST_REQUIRE(arrives("/a", 1));
    BOOST_TEST(verify_unipost(receiver.got("/a").front(), secret));

    auto const path = "/v1/webhooks/" + id;
    auto const one = R"({"data":)" + with_id(id, shown("Shop", "true")) + R"(,"request_id":"<id>"})";
    auto const off = R"({"data":)" + with_id(id, shown("Till", "false")) + R"(,"request_id":"<id>"})";
    auto const list = R"({"data":[)" + with_id(id, shown("Shop", "true")) +
                      R"(],"meta":{"total":1,"limit":1},"request_id":"<id>"})";
    constexpr std::string_view invalid =
        R"({"error":{"code":"VALIDATION_ERROR","normalized_code":"validation_error","message":"<any>",
            "issues":[{"field":"<any>","message":"<any>"}]},"request_id":"<id>"})";
    constexpr std::string_view not_found =
        R"({"error":{"code":"NOT_FOUND","normalized_code":"not_found","message":"<any>"},"request_id":"<id>"})";
    auto const unnamed = R"({"events":["account.connected"],"url":)" + in_quotes(url) + "}";
    auto const eventless = R"({"name":"a","events":[],"url":)" + in_quotes(url) + "}";
    auto const unknown = R"({"name":"a","events":["account.gone"],"url":)" + in_quotes(url) + "}";
    auto const short_secret =
        R"({"name":"a","events":["post.failed"],"secret":"1234567","url":)" + in_quotes(url) + "}";
    play(unipost, {{"GET", "/v1/webhooks?limit=10", "", 200, list},
                   {"GET", path, "", 200, one},
                   {"PATCH", path, R"({"name":"Till","active":false})", 200, off},
                   {"PATCH", path, R"({"secret":"another-secret"})", 422, invalid},
                   {"PATCH", path, R"({"events":[]})", 422, invalid},
                   {"POST", "/v1/webhooks", unnamed, 422, invalid},
                   {"POST", "/v1/webhooks", eventless, 422, invalid},
                   {"POST", "/v1/webhooks", unknown, 422, invalid},
                   {"POST", "/v1/webhooks", short_secret, 422, invalid}});
    // What happens while it is off is not sent later.
    connect_x("ben");
    unipost.ask("PATCH", path, R"({"active":true})");
    auto const rotated = unipost.ask("POST", path + "/rotate");
    BOOST_TEST(rotated.status == 200U);
    BOOST_TEST(rotated.text("/data/secret") != secret);
    auto const cleo = connect_x("cleo");
    BOOST_REQUIRE(arrives("/a", 2));
    auto const got = receiver.got("/a").back();
    BOOST_TEST(verify_unipost(got, rotated.text("/data/secret")));
    BOOST_TEST(text(boost::json::parse(got.body), "/data/social_account_id") == cleo);
    play(unipost, {{"DELETE", path, "", 200, R"({"data":{"deleted":true},"request_id":"<id>"})"},
                   {"GET", path, "", 404, not_found},
                   {"DELETE", path, "", 404, not_found}});
}

BOOST_AUTO_TEST_CASE(unipost_takes_a_secret_that_receivers_know) {
    constexpr std::string_view known = "the-secret-of-the-old-receiver";
    auto const made =
        unipost.ask("POST", "/v1/webhooks",
                    R"({"name":"Shop","events":["account.connected"],"secret":")" + std::string{known} +
                        R"(","url":)" + in_quotes(receiver.url("/a")) + "}");
    BOOST_TEST(made.text("/data/secret") == known);
    BOOST_TEST(made.text("/data/secret_preview") == "the-sec\u2026");
    connect_x("ada");
    BOOST_REQUIRE(arrives("/a", 1));
    BOOST_TEST(verify_unipost(receiver.got("/a").front(), known));
}

BOOST_AUTO_TEST_CASE(endpoints_of_letmepost) {
    auto const url = receiver.url("/a");
    auto const shown = [&](std::string_view events, std::string_view active, std::string_view delivered) {
        return R"("url":")" + url + R"(","events":)" + std::string{events} +
               R"(,"description":"Shop","active":)" + std::string{active} + R"(,"lastDeliveryAt":)" +
               std::string{delivered} +
               R"(,"lastFailureReason":null,"createdAt":"<time>","updatedAt":"<time>")";
    };
    auto const made = letmepost.ask("POST", "/v1/webhook-endpoints",
                                    R"({"description":"Shop","events":[],"url":)" + in_quotes(url) + "}");
    BOOST_TEST(difference({"POST", "", "", 201,
                           with_id("<any>", shown("[]", "true", "null") + R"(,"signingSecret":"<any>")")},
                          made) == "");
    auto const id = made.text("/id");
    auto const secret = made.text("/signingSecret");
    auto const path = "/v1/webhook-endpoints/" + id;
    auto const tested =
        letmepost.ask("POST", path + "/test", R"({"type":"token.expiring","data":{"accountId":"acc_1"}})");
    BOOST_REQUIRE(tested.status == 200U);
    BOOST_TEST(tested.json().at("delivered") == true);
    BOOST_TEST(tested.json().at("status") == 200);
    BOOST_TEST(!tested.text("/deliveryId").empty());
    auto const got = receiver.got("/a").front(); // the answer came after the delivery
    BOOST_TEST(verify_letmepost(got, secret));
    BOOST_TEST(got.header("X-Letmepost-Event") == "token.expiring");
    BOOST_TEST((boost::json::parse(got.body) == tested.json().at("sentEvent")));
    BOOST_TEST(text(boost::json::parse(got.body), "/data/accountId") == "acc_1");
    end_grant(connect_x("ada"), "ada");
    BOOST_REQUIRE(arrives("/a", 2));
    BOOST_TEST(verify_letmepost(receiver.got("/a").back(), secret));

    auto const all = with_id(id, shown("[]", "true", "\"<time>\""));
    auto const some = with_id(id, shown(R"(["token.expiring"])", "false", "\"<time>\""));
    auto const error = [](std::string_view code) {
        return R"({"error":{"code":")" + std::string{code} +
               R"(","message":"<any>","rule":"<any>","docUrl":"<any>","requestId":"<id>"}})";
    };
    auto const invalid = error("validation_failed");
    auto const not_found = error("not_found");
    auto const unknown = R"({"events":["token.gone"],"url":)" + in_quotes(url) + "}";
    auto const gone = with_id(id, R"("deleted":true)");
    auto const list = R"({"data":[)" + all + "]}";
    play(letmepost, {{"GET", "/v1/webhook-endpoints", "", 200, list},
                     {"GET", path, "", 200, all},
                     {"PATCH", path, "{}", 400, invalid},
                     {"PATCH", path, R"({"events":["token.expiring"],"active":false})", 200, some},
                     {"POST", "/v1/webhook-endpoints", unknown, 400, invalid},
                     {"POST", path + "/test", R"({"type":"token.gone"})", 400, invalid},
                     {"DELETE", path, "", 200, gone},
                     {"GET", path, "", 404, not_found},
                     {"POST", path + "/test", "", 404, not_found}});
}

BOOST_AUTO_TEST_CASE(a_test_says_what_went_wrong) {
    receiver.answer_with("/a", "503 Service Unavailable");
    auto const made = letmepost.ask("POST", "/v1/webhook-endpoints",
                                    R"({"events":[],"url":)" + in_quotes(receiver.url("/a")) + "}");
    auto const path = "/v1/webhook-endpoints/" + made.text("/id");
    auto const tested = letmepost.ask("POST", path + "/test");
    BOOST_TEST(tested.json().at("delivered") == false);
    BOOST_TEST(tested.json().at("status") == 503);
    BOOST_TEST(letmepost.ask("GET", path).text("/lastFailureReason") == "The endpoint answered 503.");
    // It is in the native log, and in nobody's way.
    auto const sent = ask("GET", "/v1/webhooks/" + made.text("/id") + "/deliveries");
    BOOST_TEST(sent.text("/data/0/status") == "failed");
    BOOST_TEST(sent.text("/data/0/event_type") == "webhook.test");
    BOOST_TEST(ask("GET", "/v1/webhooks/" + made.text("/id")).text("/status") == "active");
}

BOOST_AUTO_TEST_CASE(endpoints_of_autoposting) {
    auto const url = receiver.url("/a");
    auto const shown = [&](std::string_view on) {
        return R"("name":null,"url":")" + url + R"(","events":["token.expired","clip.render.*"],"enabled":)" +
               std::string{on} + R"(,"active":)" + std::string{on} +
               R"(,"createdAt":"<time>","updatedAt":"<time>")";
    };
    auto const told = shown("true") + R"(,"secret":"<any>")";
    auto const made = autoposting.ask(
        "POST", "/webhooks", R"({"events":["token.expired","clip.render.*"],"url":)" + in_quotes(url) + "}");
    BOOST_TEST(difference({"POST", "", "", 200,
                           R"({"success":true,"data":)" +
                               with_id("<any>", told + R"(,"webhook":)" + with_id("<any>", told)) + "}"},
                          made) == "");
    auto const id = made.text("/data/id");
    auto const path = "/webhooks/" + id;
    BOOST_TEST(made.text("/data/webhook/secret") == made.text("/data/secret"));
    end_grant(connect_x("ada"), "ada");
    BOOST_REQUIRE(arrives("/a", 1));
    BOOST_TEST(verify_autoposting(receiver.got("/a").front(), made.text("/data/secret")));

    auto const list = R"({"success":true,"data":[)" + with_id(id, shown("true")) + "]}";
    auto const one = R"({"success":true,"data":)" + with_id(id, shown("true")) + "}";
    auto const off = R"({"success":true,"data":)" + with_id(id, shown("false")) + "}";
    constexpr std::string_view invalid =
        R"({"success":false,"error":"validation_error","code":"validation_error","message":"<any>"})";
    constexpr std::string_view not_found =
        R"({"success":false,"error":"not_found","code":"not_found","message":"<any>"})";
    auto const unknown = R"({"events":["token.gone"],"url":)" + in_quotes(url) + "}";
    play(autoposting, {{"GET", "/webhooks", "", 200, list},
                       {"GET", path, "", 200, one},
                       {"PATCH", path, R"({"active":false})", 200, off},
                       {"PATCH", path, R"({"enabled":true})", 200, one},
                       {"PATCH", path, R"({"events":[]})", 400, invalid},
                       {"POST", "/webhooks", unknown, 400, invalid},
                       {"POST", "/webhooks", R"({"events":["*"]})", 400, invalid},
                       {"POST", path + "/test", "", 200,
                        R"({"success":true,"data":{"delivered":true,"httpStatus":200}})"}});
    BOOST_TEST(autoposting.ask("PATCH", path, R"({"secret":"one-of-our-own"})").status == 200U);
    autoposting.ask("POST", path + "/test");
    BOOST_TEST(verify_autoposting(receiver.got("/a").back(), "one-of-our-own"));
    BOOST_TEST(receiver.got("/a").back().header("X-Autoposting-Event") == "webhook.test");
    play(autoposting, {{"DELETE", path, "", 200, R"({"success":true,"data":{"deleted":true}})"},
                       {"GET", path, "", 404, not_found}});
}

BOOST_AUTO_TEST_CASE(endpoints_of_postpeer) {
    auto const url = receiver.url("/a");
    auto const profile = ask("POST", "/v1/profiles", {{"name", "North"}}).text("/id");
    auto const shown = [&](std::string_view of, std::string_view enabled, std::string_view tested) {
        return R"("channel":"webhook","profileId":)" + std::string{of} +
               R"(,"eventTypes":["post.failed"],"onlyScheduledPosts":false,"enabled":)" +
               std::string{enabled} + R"(,"webhook":{"url":")" + url + R"(","secret":"<any>"},)" +
               std::string{tested} + R"(,"createdAt":"<time>","updatedAt":"<time>")";
    };
    constexpr std::string_view never = R"("lastTestAt":null,"lastTestStatus":null)";
    constexpr std::string_view once = R"("lastTestAt":"<time>","lastTestStatus":"success")";
    auto const target = R"({"channel":"webhook","webhook":{"url":)" + in_quotes(url) + "}";
    auto const before = postpeer.ask("POST", "/v1/notifications/test", target + "}");
    BOOST_TEST(difference({"POST", "", "", 200, R"({"success":true,"message":"<any>"})"}, before) == "");
    auto const made = postpeer.ask("POST", "/v1/notifications/",
                                   target + R"(,"eventTypes":["post.failed"],"profileId":")" + profile +
                                       R"(","onlyScheduledPosts":true})");
    auto const bound = in_quotes(profile);
    BOOST_TEST(difference({"POST", "", "", 201,
                           R"({"success":true,"notification":)" +
                               with_id("<any>", shown(bound, "true", never)) + "}"},
                          made) == "");
    auto const id = made.text("/notification/id");
    auto const secret = made.text("/notification/webhook/secret");
    connect_x("ada"); // the vendor has no word for that
    BOOST_TEST(postpeer.ask("POST", "/v1/notifications/test", target + "}").status == 200U);
    auto const got = receiver.got("/a").back();
    BOOST_TEST(receiver.count("/a") == 2U);
    BOOST_TEST(verify_postpeer(got, secret));
    BOOST_TEST(
        difference(R"({"id":"<any>","type":"webhook.test","data":{"webhook_id":")" + id + "\"}}", got) == "");

    auto const path = "/v1/notifications/" + id;
    auto const named = [&](std::string_view of, std::string_view enabled) {
        return R"({"success":true,"notification":)" + with_id(id, shown(of, enabled, once)) + "}";
    };
    auto const list = R"({"success":true,"notifications":[)" + with_id(id, shown(bound, "true", once)) + "]}";
    auto const one = named(bound, "true");
    auto const freed = named("null", "false");
    constexpr std::string_view refused = R"({"success":false,"message":"<any>"})";
    auto const by_mail =
        R"({"channel":"email","eventTypes":["post.failed"],"email":{"recipients":["a@shop.example"]}})";
    auto const unknown = target + R"(,"eventTypes":["account.connected"]})";
    play(postpeer, {{"GET", "/v1/notifications/", "", 200, list},
                    {"GET", path, "", 200, one},
                    {"PATCH", path, R"({"profileId":null,"enabled":false})", 200, freed},
                    {"PATCH", path, R"({"channel":"email"})", 400, refused},
                    {"POST", "/v1/notifications", by_mail, 400, refused},
                    {"POST", "/v1/notifications", unknown, 400, refused},
                    {"DELETE", path, "", 200, R"({"success":true,"message":"<any>"})"},
                    {"GET", path, "", 404, refused}});
    BOOST_TEST(postpeer.ask("GET", path).body.find(secret) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(endpoints_of_postato) {
    auto const url = receiver.url("/a");
    auto const where = ask("POST", "/v1/profiles", {{"name", "North"}}).text("/id");
    auto const all = "/v1/workspaces/" + where + "/webhooks";
    auto const shown = R"("url":")" + url + R"(","events":["account.disconnected"],"createdAt":"<time>")";
    auto const wanted = R"({"events":["account.disconnected"],"url":)" + in_quotes(url) + "}";
    auto const made = postato.ask("POST", all, wanted);
    BOOST_TEST(difference({"POST", "", "", 201, with_id("<any>", shown + R"(,"secret":"<any>")")}, made) ==
               "");
    auto const elsewhere = connect_x("ada");
    auto const here = connect_x("ben", {{"profile_id", where}});
    ask("DELETE", "/v1/accounts/" + elsewhere);
    ask("DELETE", "/v1/accounts/" + here);
    BOOST_REQUIRE(arrives("/a", 1));
    auto const got = receiver.got("/a").front();
    BOOST_TEST(verify_postato(got, made.text("/secret")));
    BOOST_TEST(text(boost::json::parse(got.body), "/data/accountId") == here);

    auto const id = made.text("/id");
    auto const other = ask("POST", "/v1/profiles", {{"name", "South"}}).text("/id");
    auto const list = R"({"items":[)" + with_id(id, shown) + "]}";
    constexpr std::string_view not_found = R"({"error":"not_found","message":"<any>"})";
    auto const nowhere = std::string{"/v1/workspaces/prof_1/webhooks"};
    auto const of_other = "/v1/workspaces/" + other + "/webhooks";
    play(postato, {{"GET", all, "", 200, list},
                   {"GET", of_other, "", 200, R"({"items":[]})"},
                   {"POST", nowhere, wanted, 404, not_found},
                   {"DELETE", of_other + "/" + id, "", 404, not_found},
                   {"DELETE", all + "/" + id, "", 204, ""},
                   {"GET", all, "", 200, R"({"items":[]})"}});
    BOOST_TEST(postato.ask("POST", all, R"({"url":"ftp://shop.example","events":["post.failed"]})")
                   .text("/details/url/0") != "");
}

BOOST_AUTO_TEST_CASE(each_sees_its_own_and_the_native_api_all) {
    auto const hook =
        R"({"name":"a","events":["account.connected"],"url":)" + in_quotes(receiver.url("/a")) + "}";
    auto const made = unipost.ask("POST", "/v1/webhooks", hook);
    auto const id = made.text("/data/id");
    auto const native = ask("POST", "/v1/webhooks", {{"url", receiver.url("/b")}}).text("/id");
    BOOST_TEST(letmepost.ask("GET", "/v1/webhook-endpoints").json().at("data").as_array().empty());
    BOOST_TEST(letmepost.ask("GET", "/v1/webhook-endpoints/" + id).status == 404U);
    BOOST_TEST(autoposting.ask("PATCH", "/webhooks/" + id, R"({"active":false})").status == 404U);
    BOOST_TEST(autoposting.ask("POST", "/webhooks/" + id + "/test").status == 404U);
    BOOST_TEST(postpeer.ask("DELETE", "/v1/notifications/" + id).status == 404U);
    BOOST_TEST(unipost.ask("POST", "/v1/webhooks/" + native + "/rotate").status == 404U);
    auto const all = ask("GET", "/v1/webhooks");
    BOOST_TEST(all.text("/data/0/form") == "unipost");
    BOOST_TEST(all.text("/data/1/form") == "native");
    BOOST_TEST(all.body.find(made.text("/data/secret")) == std::string::npos);
    auto const logged = ask("GET", "/v1/audit?action=webhooks.create");
    BOOST_TEST(logged.text("/data/0/target") == id);
    play(
        unipost.with_key(make_key(home, {"accounts:read"})),
        {{"GET", "/v1/webhooks", "", 403,
          R"({"error":{"code":"FORBIDDEN","normalized_code":"forbidden","message":"<any>"},"request_id":"<id>"})"}});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
