#include "server/api/problem.hpp"
#include "storage/error.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/json/parse.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/test/unit_test.hpp>

#include <set>
#include <stdexcept>

namespace connectd::server::api {
namespace {

using services::errc;

boost::json::object body_of(http::response const& answer) {
    BOOST_TEST(answer.headers.find("Content-Type").value_or("") == "application/problem+json");
    auto const body = boost::json::parse(answer.body).as_object();
    BOOST_TEST(body.at("status").to_number<unsigned>() == answer.status);
    BOOST_TEST(!body.at("title").as_string().empty());
    BOOST_TEST(!body.at("detail").as_string().empty());
    BOOST_TEST(std::string{body.at("type").as_string()} ==
               "urn:connectd:problem:" + std::string{body.at("code").as_string()});
    return body;
}

// Those that say that we ourselves are at fault; all others must be somebody else's.
std::set<errc> const our_own{errc::sealed_value_damaged, errc::wrong_master_key};

} // namespace

BOOST_AUTO_TEST_SUITE(problem_test)

BOOST_AUTO_TEST_CASE(every_refusal_has_a_status_a_code_and_a_sentence) {
    std::set<std::string> codes;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<errc>>([&](auto one) {
        auto const what = describe(services::failure{one.value});
        BOOST_TEST_CONTEXT(one.name) {
            if (our_own.contains(one.value)) {
                BOOST_TEST(what.status == 500U);
            } else {
                BOOST_TEST(what.status >= 400U);
                BOOST_TEST(what.status != 500U);
                BOOST_TEST(what.status <= 504U);
            }
            BOOST_TEST(codes.insert(what.code).second);
            BOOST_TEST(what.code != "unknown");
            BOOST_TEST(what.detail != "Unknown error.");
            BOOST_TEST(what.errors.empty());
            body_of(to_response(what, "req_1"));
        }
    });
}

BOOST_AUTO_TEST_CASE(the_statuses_that_callers_branch_on) {
    struct line {
        errc code;
        unsigned status;
    };
    constexpr line lines[] = {
        {errc::api_key_missing, 401},      {errc::api_key_expired, 401},   {errc::scope_missing, 403},
        {errc::root_key_required, 403},    {errc::account_not_found, 404}, {errc::slug_taken, 409},
        {errc::session_used, 409},         {errc::session_expired, 410},   {errc::feature_not_in_plan, 402},
        {errc::field_invalid, 422},        {errc::state_unknown, 400},     {errc::identity_mismatch, 409},
        {errc::platform_unavailable, 502}, {errc::platform_timeout, 504},  {errc::login_refused, 422},
        {errc::credentials_in_use, 409},   {errc::changed_meanwhile, 409},
    };
    for (auto const& one : lines) {
        BOOST_TEST(describe(services::failure{one.code}).status == one.status, services::name_of(one.code));
    }
    BOOST_TEST(describe(services::failure{errc::feature_not_in_plan}).code == "plan_feature_not_available");
}

BOOST_AUTO_TEST_CASE(a_platforms_own_word_is_the_code) {
    services::failure why{errc::platform_account_missing, "Tick a page in Facebook's window."};
    why.word = "facebook.pages.none";
    auto const answer = to_response(describe(why), "req_1");
    BOOST_TEST(answer.status == 422U);
    BOOST_TEST(body_of(answer).at("code").as_string() == "facebook.pages.none");
    why.word.clear();
    BOOST_TEST(describe(why).code == "platform_account_missing");
}

BOOST_AUTO_TEST_CASE(a_field_at_fault_is_named_by_a_pointer) {
    auto const what = describe(services::failure{errc::field_invalid, "Must not be empty.", "scopes/1"});
    auto const body = body_of(to_response(what, "req_1"));
    auto const& error = body.at("errors").as_array().at(0).as_object();
    BOOST_TEST(error.at("pointer").as_string() == "/scopes/1");
    BOOST_TEST(error.at("code").as_string() == "field_invalid");
    BOOST_TEST(error.at("message").as_string() == "Must not be empty.");
    BOOST_TEST(body.at("request_id").as_string() == "req_1");
}

BOOST_AUTO_TEST_CASE(trouble_of_the_store_is_told_without_its_cause) {
    for (auto const code : {storage::errc::store_failed, storage::errc::store_closed}) {
        auto const answer = to_response(describe(services::failure{storage::make_error_code(code)}), "req_1");
        BOOST_TEST(answer.status == 503U);
        BOOST_TEST(body_of(answer).at("code").as_string() == "store_unavailable");
        BOOST_TEST(answer.headers.find("Retry-After").has_value());
    }
    for (auto const code : {storage::errc::corrupt_record, storage::errc::read_failed,
                            storage::errc::guard_failed, storage::errc::limit_exceeded}) {
        auto const error = storage::make_error_code(code);
        auto const answer = to_response(describe(services::failure{error}), "req_1");
        BOOST_TEST(answer.status == 500U);
        BOOST_TEST(body_of(answer).at("code").as_string() == "internal_error");
        BOOST_TEST(answer.body.find(error.message()) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_body_that_is_not_json_is_told_from_one_with_wrong_fields) {
    auto const broken = describe(http::body_errors{{{"", "invalid_json", "Not JSON at byte 3."}}});
    BOOST_TEST(broken.status == 400U);
    BOOST_TEST(broken.code == "invalid_json");
    auto const wrong = describe(http::body_errors{
        {{"/name", "required", "This field is required."}, {"/extra", "unknown", "No such field."}}});
    BOOST_TEST(wrong.status == 422U);
    BOOST_TEST(wrong.code == "body_invalid");
    auto const body = body_of(to_response(wrong, "req_1"));
    BOOST_TEST(body.at("errors").as_array().size() == 2U);
    BOOST_TEST(body.at("errors").as_array().at(1).as_object().at("pointer").as_string() == "/extra");
}

BOOST_AUTO_TEST_CASE(who_is_not_known_is_asked_for_a_bearer_key) {
    auto const answer = to_response(describe(services::failure{errc::api_key_missing}), "req_1");
    BOOST_TEST(answer.headers.find("WWW-Authenticate").value_or("").starts_with("Bearer"));
    auto const other = to_response(describe(services::failure{errc::scope_missing}), "req_1");
    BOOST_TEST(!other.headers.find("WWW-Authenticate").has_value());
}

BOOST_AUTO_TEST_CASE(refusals_of_the_http_layer_look_like_all_others) {
    using http::error_kind;
    for (auto const kind : {error_kind::malformed_request, error_kind::not_found, error_kind::request_timeout,
                            error_kind::body_too_large, error_kind::target_too_long,
                            error_kind::expectation_failed, error_kind::headers_too_large,
                            error_kind::internal_error, error_kind::transfer_encoding_unsupported,
                            error_kind::too_many_connections, error_kind::handler_timed_out}) {
        auto const answer = http_problem({.kind = kind, .detail = "A sentence.", .request_id = "req_1"});
        BOOST_TEST(answer.status == http::status_of(kind));
        auto const body = body_of(answer);
        BOOST_TEST(std::string_view{body.at("code").as_string()} == http::name_of(kind));
        BOOST_TEST(body.at("request_id").as_string() == "req_1");
    }
    auto const method = http_problem({.kind = error_kind::method_not_allowed,
                                      .detail = "Another method.",
                                      .request_id = {},
                                      .allow = {"GET", "DELETE"}});
    BOOST_TEST(method.status == 405U);
    BOOST_TEST(method.headers.find("Allow").value_or("") == "GET, DELETE");
    BOOST_TEST(!body_of(method).contains("request_id"));
}

BOOST_AUTO_TEST_CASE(what_a_handler_threw_is_not_shown) {
    auto const thrown = std::make_exception_ptr(std::runtime_error("the inside of the house"));
    auto const answer = http_problem({.kind = http::error_kind::internal_error,
                                      .detail = "Something went wrong.",
                                      .request_id = "req_1",
                                      .allow = {},
                                      .cause = nullptr,
                                      .exception = thrown});
    BOOST_TEST(answer.status == 500U);
    BOOST_TEST(answer.body.find("the inside") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::api
