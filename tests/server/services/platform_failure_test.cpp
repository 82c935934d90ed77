#include "server/services/platform_failure.hpp"
#include "tests/server/services/support.hpp"

namespace connectd::server::services::testing {
namespace {

using cause_code = platforms::errc;
using platforms::verdict;

failure described(verdict what, cause_code code, connect_step step) {
    platforms::failure cause;
    cause.what = what;
    cause.code = platforms::make_error_code(code);
    cause.platform_error = "echoed-secret";
    cause.platform_message = "echoed-secret";
    auto const why = describe_platform_failure(cause, tests::built_in("x"), step);
    BOOST_TEST(why.detail.find("echoed-secret") == std::string::npos);
    BOOST_TEST(!why.detail.empty());
    return why;
}

errc code_of(verdict what, cause_code code, connect_step step = connect_step::exchange) {
    return static_cast<errc>(described(what, code, step).code.value());
}

} // namespace

BOOST_AUTO_TEST_SUITE(platform_failure_test)

BOOST_AUTO_TEST_CASE(a_refusal_means_what_the_step_was_about) {
    BOOST_TEST(code_of(verdict::refused, cause_code::grant_refused, connect_step::exchange) ==
               errc::code_refused);
    BOOST_TEST(code_of(verdict::refused, cause_code::grant_refused, connect_step::identity) ==
               errc::code_refused);
    BOOST_TEST(code_of(verdict::refused, cause_code::credentials_refused, connect_step::login) ==
               errc::login_refused);
    BOOST_TEST(described(verdict::refused, cause_code::grant_refused, connect_step::exchange).detail !=
               described(verdict::refused, cause_code::grant_refused, connect_step::identity).detail);
}

BOOST_AUTO_TEST_CASE(a_login_says_what_to_do_next) {
    auto const factor = described(verdict::refused, cause_code::second_factor_required, connect_step::login);
    BOOST_TEST(factor.code == make_error_code(errc::login_refused));
    BOOST_TEST(factor.field == "app_password");
    auto const nobody = described(verdict::refused, cause_code::identifier_not_found, connect_step::login);
    BOOST_TEST(nobody.code == make_error_code(errc::handle_unresolved));
    BOOST_TEST(nobody.field == "identifier");
    auto const gone = described(verdict::refused, cause_code::account_suspended, connect_step::login);
    BOOST_TEST(gone.code == make_error_code(errc::login_refused));
    BOOST_TEST(gone.detail.find("suspended") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_operators_faults_are_not_the_end_users) {
    for (auto const step : {connect_step::exchange, connect_step::login, connect_step::identity}) {
        BOOST_TEST(code_of(verdict::operator_fault, cause_code::client_refused, step) == errc::app_refused);
        BOOST_TEST(code_of(verdict::operator_fault, cause_code::request_refused, step) == errc::app_refused);
    }
}

BOOST_AUTO_TEST_CASE(a_refresh_that_failed_is_tried_again_and_says_so) {
    auto const refresh = [](verdict what, cause_code code) {
        platforms::failure cause;
        cause.what = what;
        cause.code = platforms::make_error_code(code);
        cause.platform_message = "echoed-secret";
        auto const why = describe_refresh_failure(cause, tests::built_in("x"));
        BOOST_TEST(why.detail.find("tried again") != std::string::npos, why.detail);
        BOOST_TEST(why.detail.find("echoed-secret") == std::string::npos);
        return static_cast<errc>(why.code.value());
    };
    BOOST_TEST(refresh(verdict::operator_fault, cause_code::client_refused) == errc::app_refused);
    BOOST_TEST(refresh(verdict::temporary, cause_code::platform_unavailable) == errc::platform_unavailable);
    BOOST_TEST(refresh(verdict::temporary, cause_code::rate_limited) == errc::platform_unavailable);
    BOOST_TEST(refresh(verdict::unknown_outcome, cause_code::timed_out) == errc::platform_timeout);
    BOOST_TEST(refresh(verdict::unknown_outcome, cause_code::malformed_answer) ==
               errc::platform_answer_invalid);
}

BOOST_AUTO_TEST_CASE(trouble_on_the_way_is_told_apart) {
    struct line {
        cause_code cause;
        errc answer;
    };
    constexpr line lines[] = {
        {cause_code::timed_out, errc::platform_timeout},
        {cause_code::timed_out_unsent, errc::platform_timeout},
        {cause_code::malformed_answer, errc::platform_answer_invalid},
        {cause_code::malformed_response, errc::platform_answer_invalid},
        {cause_code::response_too_large, errc::platform_answer_invalid},
        {cause_code::address_refused, errc::handle_unresolved},
        {cause_code::invalid_url, errc::handle_unresolved},
        {cause_code::certificate_refused, errc::platform_unavailable},
        {cause_code::rate_limited, errc::platform_unavailable},
        {cause_code::platform_unavailable, errc::platform_unavailable},
        {cause_code::connect_failed, errc::platform_unavailable},
        {cause_code::resolve_failed, errc::platform_unavailable},
        {cause_code::connection_lost, errc::platform_unavailable},
        {cause_code::too_many_waiting, errc::platform_unavailable},
        {cause_code::tls_failed, errc::platform_unavailable},
        {cause_code::cancelled, errc::platform_unavailable},
    };
    for (auto const& one : lines) {
        for (auto const what : {verdict::temporary, verdict::unknown_outcome}) {
            BOOST_TEST(code_of(what, one.cause) == one.answer,
                       platforms::make_error_code(one.cause).message());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace connectd::server::services::testing
