#include "server/services/refusal.hpp"

#include "server/runtime/log.hpp"

#include <algorithm>
#include <iterator>

namespace connectd::server::services {
namespace {

struct status_rule {
    errc code;
    unsigned status;
};

// A test checks that every code has its status.
constexpr status_rule statuses[] = {
    {errc::api_key_missing, 401},
    {errc::api_key_malformed, 401},
    {errc::api_key_unknown, 401},
    {errc::api_key_revoked, 401},
    {errc::api_key_expired, 401},
    {errc::scope_missing, 403},
    {errc::root_key_required, 403},
    {errc::workspace_key_required, 403},
    {errc::workspace_not_found, 404},
    {errc::api_key_not_found, 404},
    {errc::credentials_not_found, 404},
    {errc::profile_not_found, 404},
    {errc::session_not_found, 404},
    {errc::account_not_found, 404},
    {errc::event_not_found, 404},
    {errc::webhook_not_found, 404},
    {errc::delivery_not_found, 404},
    {errc::platform_not_found, 404},
    {errc::slug_taken, 409},
    {errc::external_id_taken, 409},
    {errc::identity_taken, 409},
    {errc::credentials_in_use, 409},
    {errc::profile_in_use, 409},
    {errc::profile_is_default, 409},
    {errc::api_key_not_active, 409},
    {errc::webhooks_full, 409},
    {errc::webhook_not_active, 409},
    {errc::changed_meanwhile, 409},
    {errc::precondition_failed, 412},
    {errc::feature_not_in_plan, 402},
    {errc::idempotency_key_invalid, 400},
    {errc::idempotency_key_in_use, 409},
    {errc::idempotency_key_reused, 422},
    {errc::rate_limit_exceeded, 429},
    {errc::field_invalid, 422},
    {errc::field_fixed, 422},
    {errc::platform_unknown, 422},
    {errc::platform_not_available, 403},
    {errc::platform_needs_browser, 422},
    {errc::credentials_missing, 422},
    {errc::return_url_refused, 422},
    {errc::state_missing, 400},
    {errc::state_unknown, 400},
    {errc::state_foreign, 400},
    {errc::session_used, 409},
    {errc::session_expired, 410},
    {errc::consent_denied, 403},
    {errc::consent_failed, 502},
    {errc::code_refused, 422},
    {errc::app_forgotten, 422}, // though another session helps: the person has to begin again
    {errc::platform_account_missing, 422},
    {errc::session_not_choosing, 409},
    {errc::token_refused, 422},
    {errc::identity_mismatch, 409},
    {errc::app_password_shape, 422},
    {errc::handle_unresolved, 422},
    {errc::login_refused, 422},
    {errc::reconnect_needed, 424},
    {errc::not_refreshable, 409},
    {errc::proxy_request_refused, 400},
    {errc::call_has_to_wait, 429},
    {errc::app_refused, 422},
    {errc::platform_unavailable, 502},
    {errc::platform_timeout, 504},
    {errc::platform_answer_invalid, 502},
    {errc::sealed_value_damaged, 500},
    {errc::wrong_master_key, 500},
};

// The store's own trouble: the caller can only wait, the operator reads the log and /readyz.
refusal store_refusal(boost::system::error_code const& code) {
    runtime::log::error("a request failed",
                        {{"reason", code.message()}, {"category", code.category().name()}});
    bool const closed_for_writes = is_store_unavailable(code);
    if (closed_for_writes) {
        return {503, "store_unavailable", "The store takes no writes at the moment; nothing was changed."};
    }
    return {500, "internal_error", "Something went wrong on our side; nothing was changed."};
}

} // namespace

refusal refusal_of(failure const& why) {
    if (why.code.category() != error_category()) {
        return store_refusal(why.code);
    }
    auto const code = static_cast<errc>(why.code.value());
    auto const* rule = std::ranges::find(statuses, code, &status_rule::code);
    return {.status = rule == std::end(statuses) ? 500 : rule->status,
            .code = public_code(why),
            .detail = why.detail.empty() ? why.code.message() : why.detail};
}

} // namespace connectd::server::services
