// The forms in which endpoints get events: our own, and those of other services whose customers' receivers
// are to go on unchanged. A form is constant: a few pure functions that any thread may call. Other services'
// forms are their dialects' own; the composition root hands them in.
#pragma once

#include "crypto/secret.hpp"
#include "server/services/webhooks/notice.hpp"
#include "storage/tables/webhooks.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connectd::server::services::webhooks {

// One try to bring a notice to its endpoint.
struct attempt {
    std::span<crypto::secret const> secrets; // that sign at this time, the newest first; at least one
    std::uint32_t number = 1;
    std::string timestamp; // seconds since 1970
    std::string_view body;

    // For forms with room for one signature. After a rotation the secrets take turns: whichever of them the
    // receiver knows, it can verify every second attempt at the latest.
    crypto::secret const& secret() const { return secrets[(number - 1) % secrets.size()]; }
};

using header_fields = std::vector<std::pair<std::string, std::string>>;

struct form {
    std::string_view name; // as endpoints keep it
    // Whether an endpoint may ask for events by this word.
    bool (*knows)(std::string_view word);
    // What the form calls our events of a type; empty: it has no word for them, and they are not sent.
    std::string_view (*word_of)(std::string_view type);
    boost::json::object (*body)(notice const& what);
    // Beside Content-Type and webhook-id, which every form has.
    header_fields (*headers)(notice const& what, attempt const& of);
    crypto::secret (*make_secret)();
    // Whether notices have to say more about an account than its events do.
    bool tells_account = false;
};

// That of standardwebhooks.com.
extern form const native_form;

class forms {
  public:
    // `others` outlive it.
    explicit forms(std::vector<form const*> others = {}) : others_{std::move(others)} {}

    // Null when there is none of that name.
    form const* find(std::string_view name) const noexcept;

  private:
    std::vector<form const*> others_;
};

// That of the endpoint. Errors: corrupt_record when this program has no such form.
outcome<form const*> find_form(forms const& known, storage::webhook const& endpoint);

// Whether `asked` is the word or, ending in "*", what the word begins with.
bool covers(std::string_view asked, std::string_view word) noexcept;

// Whether the endpoint, which has this form, wants events of this type. One that names no types wants all but
// the calls through the proxy, of which there can be thousands for each other event.
bool wants(storage::webhook const& endpoint, form const& its, std::string_view type);

} // namespace connectd::server::services::webhooks
