#include "server/services/error.hpp"

#include "storage/error.hpp"

#include <boost/describe/enum_to_string.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <iterator>

namespace connectd::server::services {
namespace {

struct sentence {
    errc code;
    char const* text;
};

// A test checks that every code has its sentence.
constexpr sentence sentences[] = {
    {errc::api_key_missing, "The request carries no API key."},
    {errc::api_key_malformed, "The API key is not well-formed; it was probably not copied whole."},
    {errc::api_key_unknown, "The API key is not known here."},
    {errc::api_key_revoked, "The API key has been revoked."},
    {errc::api_key_expired, "The API key has expired."},
    {errc::scope_missing, "The API key does not have the scope that this route needs."},
    {errc::root_key_required, "This route needs the root key."},
    {errc::workspace_key_required, "This route needs a key of a workspace, not the root key."},
    {errc::workspace_not_found, "There is no such workspace."},
    {errc::api_key_not_found, "There is no such API key."},
    {errc::credentials_not_found, "There are no such credentials."},
    {errc::profile_not_found, "There is no such profile."},
    {errc::session_not_found, "There is no such connect session."},
    {errc::account_not_found, "There is no such account."},
    {errc::event_not_found, "There is no such event."},
    {errc::webhook_not_found, "There is no such webhook endpoint."},
    {errc::delivery_not_found, "This event was never sent to this webhook endpoint."},
    {errc::platform_not_found, "There is no such platform."},
    {errc::slug_taken, "Another workspace has this slug."},
    {errc::external_id_taken, "Another profile of the workspace has this external id."},
    {errc::identity_taken, "Another account of the profile is this identity."},
    {errc::credentials_in_use, "Accounts still depend on these credentials."},
    {errc::profile_in_use, "The profile still has accounts."},
    {errc::profile_is_default, "A workspace is never without its default profile."},
    {errc::api_key_not_active, "The API key is revoked or has expired."},
    {errc::webhooks_full, "The workspace has as many webhook endpoints as it may have."},
    {errc::webhook_not_active, "The webhook endpoint is paused or disabled."},
    {errc::changed_meanwhile, "The object was changed by others at the same time; nothing was done."},
    {errc::precondition_failed, "The object is not the version any more that If-Match names."},
    {errc::feature_not_in_plan, "The plan of the workspace does not include this."},
    {errc::idempotency_key_invalid, "An Idempotency-Key is 1 to 255 visible ASCII characters."},
    {errc::idempotency_key_in_use, "The first request with this Idempotency-Key is still being answered."},
    {errc::idempotency_key_reused, "This Idempotency-Key was sent with another request before."},
    {errc::rate_limit_exceeded, "The API key has made too many requests."},
    {errc::field_invalid, "A field has a value that cannot be used."},
    {errc::field_fixed, "This cannot be changed."},
    {errc::platform_unknown, "No platform has this name."},
    {errc::platform_not_available, "The operator has switched this platform off."},
    {errc::platform_needs_browser, "This platform is connected through a browser, with a connect session."},
    {errc::credentials_missing, "The workspace has no app credentials for this platform."},
    {errc::return_url_refused, "The return URL is not allowed."},
    {errc::state_missing, "The callback carries no state."},
    {errc::state_unknown, "The callback's state does not belong to any connect session."},
    {errc::state_foreign, "The callback's state belongs to a connect session that was begun elsewhere."},
    {errc::session_used, "This connect session has already been used."},
    {errc::session_expired, "This connect session has expired."},
    {errc::consent_denied, "The account's owner did not give consent."},
    {errc::consent_failed, "The platform did not complete the consent."},
    {errc::code_refused, "The platform refused the authorization code."},
    {errc::app_forgotten, "The instance no longer knows the app that was registered there."},
    {errc::platform_account_missing, "The person who consented has no account that could be connected."},
    {errc::session_not_choosing,
     "This connect session does not wait for a choice: nobody has consented yet."},
    {errc::token_refused, "The platform does not accept the token."},
    {errc::identity_mismatch, "Another account was chosen than the one to reconnect."},
    {errc::app_password_shape, "This is not an app password."},
    {errc::handle_unresolved, "The handle does not lead to an account."},
    {errc::login_refused, "The platform refused the identifier or the app password."},
    {errc::reconnect_needed, "The platform has ended the account's access; it has to be connected again."},
    {errc::not_refreshable, "The account's token cannot be refreshed."},
    {errc::proxy_request_refused, "The call cannot be passed on to the platform."},
    {errc::call_has_to_wait, "The platform has said that this call has to wait."},
    {errc::app_refused, "The platform refuses the app credentials."},
    {errc::platform_unavailable, "The platform cannot be reached or is overloaded."},
    {errc::platform_timeout, "The platform did not answer in time."},
    {errc::platform_answer_invalid, "The platform's answer could not be understood."},
    {errc::sealed_value_damaged, "A stored secret could not be opened."},
    {errc::wrong_master_key, "The store was sealed under another master key."},
};

class services_category final : public boost::system::error_category {
  public:
    char const* name() const noexcept override { return "connectd.services"; }
    std::string message(int value) const override {
        auto const* found = std::ranges::find(sentences, static_cast<errc>(value), &sentence::code);
        return found == std::end(sentences) ? "Unknown error." : found->text;
    }
};

} // namespace

std::string_view name_of(errc code) noexcept {
    return boost::describe::enum_to_string(code, "unknown");
}

std::string public_code(failure const& why) {
    if (!why.word.empty()) {
        return why.word;
    }
    auto const code = static_cast<errc>(why.code.value());
    return std::string{code == errc::feature_not_in_plan ? "plan_feature_not_available" : name_of(code)};
}

boost::system::error_category const& error_category() noexcept {
    static services_category const category;
    return category;
}

bool is_store_unavailable(boost::system::error_code const& code) noexcept {
    return code == storage::errc::store_failed || code == storage::errc::store_closed;
}

boost::system::error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), error_category()};
}

void throw_exception_from_error(failure const& error, boost::source_location const&) {
    throw boost::system::system_error(error.code, error.detail);
}

} // namespace connectd::server::services
