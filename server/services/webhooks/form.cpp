#include "server/services/webhooks/form.hpp"

#include "server/runtime/time_text.hpp"
#include "server/services/event_types.hpp"
#include "server/services/webhooks/signature.hpp"

#include <algorithm>

namespace connectd::server::services::webhooks {
namespace {

std::string_view same_word(std::string_view type) {
    return type;
}

boost::json::object native_body(notice const& what) {
    return {{"type", what.word}, {"timestamp", runtime::time_text(what.happened_at)}, {"data", what.data}};
}

header_fields native_headers(notice const& what, attempt const& of) {
    return {{"webhook-timestamp", of.timestamp},
            {"webhook-signature", sign(of.secrets, what.id, of.timestamp, of.body)}};
}

} // namespace

form const native_form{.name = "native",
                       .knows = is_event_type,
                       .word_of = same_word,
                       .body = native_body,
                       .headers = native_headers,
                       .make_secret = make_secret};

form const* forms::find(std::string_view name) const noexcept {
    if (name == native_form.name) {
        return &native_form;
    }
    auto const found = std::ranges::find(others_, name, &form::name);
    return found == others_.end() ? nullptr : *found;
}

outcome<form const*> find_form(forms const& known, storage::webhook const& endpoint) {
    auto const* found = known.find(endpoint.form);
    if (found == nullptr) {
        return make_error_code(storage::errc::corrupt_record);
    }
    return found;
}

bool covers(std::string_view asked, std::string_view word) noexcept {
    return asked == word || (asked.ends_with('*') && word.starts_with(asked.substr(0, asked.size() - 1)));
}

bool wants(storage::webhook const& endpoint, form const& its, std::string_view type) {
    auto const word = its.word_of(type);
    auto const asked_for = [word](std::string const& asked) { return covers(asked, word); };
    if (word.empty()) {
        return false;
    }
    return endpoint.types.empty() ? type != proxy_call_event : std::ranges::any_of(endpoint.types, asked_for);
}

} // namespace connectd::server::services::webhooks
