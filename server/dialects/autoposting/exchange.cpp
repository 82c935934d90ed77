// /oauth/exchange: a code that the platform gave to the customer's own page.
#include "server/dialects/autoposting/autoposting.hpp"
#include "server/dialects/fields.hpp"
#include "server/dialects/reading.hpp"
#include "server/http/render.hpp"

#include <utility>

namespace connectd::server::dialects::autoposting {

runtime::task<http::response> exchange_code(call of) {
    auto body = fields::read(of.asked);
    if (body.has_error()) {
        co_return of.refuse(body.error());
    }
    services::foreign_code given{.platform = body->text("platform"),
                                 .code = body->secret("code"),
                                 .redirect_uri = body->text("redirectUri"),
                                 .profile_id = {}};
    auto const slug = body->text("brandSlug");
    if (auto const& wrong = body->problem()) {
        co_return of.refuse(*wrong);
    }
    if (!is_platform(given.platform)) {
        co_return of.refuse(
            services::failure{services::errc::field_invalid,
                              "platform is one of x, linkedin, instagram, threads and youtube.", "platform"});
    }
    auto const brand = co_await find_by_slug(of, slug);
    if (brand.has_error()) {
        co_return of.refuse(brand.error());
    }
    given.profile_id = brand->id.to_string();
    auto const connected = co_await of.services().code_exchange.exchange(of.workspace(), std::move(given));
    if (connected.has_error()) {
        co_return of.refuse(connected.error());
    }
    co_return answer(boost::json::object{{"tokenId", connected->id.to_string()},
                                         {"platform", connected->platform},
                                         {"platformUserId", connected->platform_user_id},
                                         {"platformUsername", http::render_text(connected->username)},
                                         {"brandSlug", slug},
                                         {"scopes", http::render_list(connected->scopes)},
                                         {"expiresAt", http::render_time(connected->access_expires_at)}});
}

} // namespace connectd::server::dialects::autoposting
