// Facebook Pages, and Instagram accounts behind them: what their descriptors cannot say as data.
// Facts: developers.facebook.com, checked September 2026.
//
// A person consents, and pages are what is connected. Page tokens read with a long-lived user token have no
// end of their own; they die with the person's password, role or consent. The user token lives 60 days and is
// what new page tokens are read with, so both are kept (connected.hpp).
//
// The coroutines belong to the thread of their client; client, descriptor and tokens must outlive them, the
// rest is handed over by value. Requires of the descriptor: `api_base`, `candidates_url`, and a refresh that
// extends.
#pragma once

#include "platforms/connected.hpp"
#include "platforms/descriptor.hpp"
#include "platforms/http/client.hpp"
#include "platforms/oauth2.hpp"
#include "platforms/task.hpp"

#include <vector>

namespace connectd::platforms::facebook_pages {

// The scopes that were granted, which no token answer says: the dialog lets a person decline single ones. A
// failure leaves them unknown.
task<void> read_scopes(http::client& client, descriptor const& platform, token_set& user, deadline until);

// The pages of the person. Those of a business portfolio can be missing in the plain list; when it names
// none, the businesses are asked for theirs, unless the scope for that is known to be missing.
task<outcome<std::vector<candidate>>> list_pages(http::client& client, descriptor const& platform,
                                                 token_set const& user, deadline until);

// Extends the user token, then reads the page's token again with it. Where either is refused, a page token
// that still answers is kept as it is: it does not need the user token to live. Errors: the refusal of the
// page token itself; whatever is temporary or the operator's fault.
task<outcome<token_set>> refresh(http::client& client, descriptor const& platform, app_credentials app,
                                 token_set const& current, deadline until);

} // namespace connectd::platforms::facebook_pages
