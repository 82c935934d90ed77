// Autoposting's clients against connectd: what its pages show, request by request.
#include "tests/server/dialects/vendor_client.hpp"

#include <boost/test/unit_test.hpp>

namespace connectd::tests {
namespace {

struct autoposting_server : whole_server {
    vendor_client autoposting{*this, "/compat/autoposting/api-proxy", "x-api-key", ""};
    vendor_client with_bearer{*this, "/compat/autoposting", "Authorization", "Bearer "};

    // Ada's token at X as another program would hold it.
    std::string token(std::string_view kind) {
        for (auto const& grant : pretend.x().grants().list(10, pretend.clock().now())) {
            for (auto const& each : grant.tokens) {
                if (each.kind == kind && each.state == "live") {
                    return each.token;
                }
            }
        }
        return {};
    }
};

std::string error(std::string_view code) {
    std::string const word{code};
    return R"({"success":false,"error":")" + word + R"(","code":")" + word + R"(","message":"<any>"})";
}

constexpr std::string_view shown_token =
    R"({"tokenId":"<any>","platformUserId":"<any>","username":"@ada_marlow","scopes":"<list>","expiresAt":"<time>","lastUsedAt":null,
        "status":"active"})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(autoposting_test, autoposting_server)

BOOST_AUTO_TEST_CASE(brands_have_slugs) {
    constexpr std::string_view made =
        R"({"success":true,"data":{"id":"<any>","name":"North Star","slug":"north-star","description":"",
            "logoUrl":null,"order":0,"timezone":"UTC","connectedPlatforms":[],"platforms":[],
            "createdAt":"<time>","updatedAt":"<time>"}})";
    auto const conflict = error("conflict");
    auto const invalid = error("validation_error");
    auto const not_found = error("not_found");
    play(autoposting, {{"POST", "/brands", R"({"name":"North Star","timezone":"UTC"})", 200, made},
                       {"POST", "/brands", R"({"name":"Other","slug":"north-star"})", 409, conflict},
                       {"POST", "/brands", R"({"name":"Other","slug":"Not A Slug"})", 400, invalid},
                       {"POST", "/brands", R"({"slug":"nameless"})", 400, invalid},
                       {"GET", "/brands/north-star", "", 200, made},
                       {"GET", "/brands/nowhere", "", 404, not_found},
                       {"GET", "/brands/north-star/auth/status", "", 200, R"({"success":true,"data":[]})"}});
    auto const all = with_bearer.ask("GET", "/brands");
    BOOST_TEST(all.text("/data/0/slug") == "default");
    BOOST_TEST(all.text("/data/1/slug") == "north-star");
}

BOOST_AUTO_TEST_CASE(a_token_from_elsewhere_is_stored) {
    connect_x();
    auto const user = text(accounts().front(), "/platform_user_id");
    auto next = autoposting.with_key(make_tenant("next").key);
    auto const with = [&](std::string_view platform, std::string_view access, std::string_view owner) {
        return R"({"platform":")" + std::string{platform} + R"(","accessToken":")" + std::string{access} +
               R"(","refreshToken":")" + token("refresh") + R"(","platformUserId":")" + std::string{owner} +
               R"(","expiresAt":"2999-01-01T00:00:00.000000+00:00"})";
    };
    constexpr std::string_view path = "/brands/acme-corp/tokens";
    auto const good = with("x", token("access"), user);
    auto const of_another = with("x", token("access"), "x_12345");
    auto const made_up = with("x", "ya29.a0", user);
    auto const old_name = with("twitter", token("access"), user);
    auto const invalid = error("validation_error");
    auto const not_found = error("not_found");
    auto const unauthorized = error("unauthorized");
    constexpr std::string_view stored =
        R"({"success":true,"data":{"tokenId":"<any>","platformUserId":"<any>","username":"@ada_marlow",
            "scopes":[],"expiresAt":"2999-01-01T00:00:00.000Z","lastUsedAt":null,"status":"active"}})";
    play(next, {{"POST", path, good, 404, not_found},
                {"POST", "/brands", R"({"name":"Acme Corp"})", 200, R"({"success":true,"data":{"id":"<any>",
                "name":"Acme Corp","slug":"acme-corp","description":"","logoUrl":null,"order":0,
                "timezone":"UTC","connectedPlatforms":[],"platforms":[],"createdAt":"<time>",
                "updatedAt":"<time>"}})"},
                {"POST", path, of_another, 400, invalid},
                {"POST", path, made_up, 400, invalid},
                {"POST", path, old_name, 400, invalid},
                {"POST", path, R"({"platform":"x","accessToken":"a"})", 400, invalid},
                {"POST", path, good, 200, stored},
                {"POST", path, good, 200, stored}});
    play(next.with_key("sk-social-wrong"), {{"POST", path, good, 401, unauthorized}});
    BOOST_TEST(next.ask("GET", "/brands/acme-corp/tokens/x").json().at("data").as_array().size() == 1U);
}

BOOST_AUTO_TEST_CASE(tokens_are_listed_refreshed_and_deleted) {
    connect_x();
    auto const one = R"({"success":true,"data":[)" + std::string{shown_token} + "]}";
    auto const user = text(accounts().front(), "/platform_user_id");
    auto const path = "/brands/default/tokens/x/" + user;
    auto const move = path + "/move";
    auto const back = "/brands/north/tokens/x/" + user + "/move";
    constexpr std::string_view none = R"({"success":true,"data":[]})";
    with_bearer.ask("POST", "/brands", R"({"name":"North"})");
    auto const moved = R"({"success":true,"data":)" + std::string{shown_token} + "}";
    auto const not_found = error("not_found");
    auto const conflict = error("conflict");
    play(with_bearer,
         {{"GET", "/brands/default/tokens/x", "", 200, one},
          {"GET", "/brands/default/tokens/twitter", "", 404, not_found},
          {"GET", "/brands/nowhere/tokens/x", "", 404, not_found},
          {"GET", "/brands/default/auth/status", "", 200,
           R"({"success":true,"data":[{"platform":"x","connected":true,"platformUsername":"ada_marlow",
           "platformUserId":"<any>","platformAccountType":"personal","profileImageUrl":"<any>",
           "expiresAt":"<time>"}]})"},
          {"PATCH", "/brands/default/tokens/linkedin", "", 409, conflict},
          {"POST", move, R"({"brandSlug":"nowhere"})", 404, not_found},
          {"POST", move, R"({"brandSlug":"north"})", 200, moved},
          {"GET", "/brands/default/tokens/x", "", 200, none},
          {"POST", back, R"({"brandSlug":"default"})", 200, moved},
          {"POST", "/brands/default/tokens/x/nobody/move", R"({"brandSlug":"default"})", 404, not_found},
          {"PATCH", "/brands/default/tokens/x", "", 200,
           R"({"success":true,"data":{"tokenId":"<any>","expiresAt":"<time>","refreshedAt":"<time>"}})"},
          {"DELETE", "/brands/default/tokens/x/nobody", "", 404, not_found},
          {"DELETE", path, "", 200, R"({"success":true,"data":{"deleted":true}})"},
          {"DELETE", path, "", 404, not_found},
          {"GET", "/brands/default/tokens/x", "", 200, none}});
    BOOST_TEST(requests("refresh") + requests("token") > 1U);
}

BOOST_AUTO_TEST_CASE(errors_have_the_vendors_form) {
    auto const unauthorized = error("unauthorized");
    for (std::string_view const key : {"", "sk-social-0123456789"}) {
        play(autoposting.with_key(std::string{key}), {{"GET", "/brands", "", 401, unauthorized}});
        play(with_bearer.with_key(std::string{key}), {{"GET", "/brands", "", 401, unauthorized}});
    }
    auto const forbidden = error("forbidden");
    auto const own = R"({"organizationId":")" + home.workspace + "\"}";
    auto const not_found = error("not_found");
    play(autoposting.with_key(make_key(home, {"proxy"})), {{"GET", "/brands", "", 403, forbidden}});
    play(autoposting,
         {{"GET", "/nowhere", "", 404, not_found},
          {"GET", "/health", "", 200, R"({"success":true})"},
          {"GET", "/orgs", "", 200,
           R"({"success":true,"data":{"organizations":"<list>","activeOrgId":"<any>"}})"},
          {"PUT", "/orgs/active", R"({"organizationId":"wsp_nobody"})", 404, not_found},
          {"PUT", "/orgs/active", own, 200, R"({"success":true,"data":{"activeOrgId":"<any>"}})"},
          {"GET", "/auth/profile", "", 200,
           R"({"success":true,"data":{"id":"<any>","orgId":"<any>","name":"<any>","email":null,
                        "authType":"api_key"}})"}});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::tests
