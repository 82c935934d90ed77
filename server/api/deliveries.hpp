// /v1/webhooks/{id}/deliveries: what was sent to an endpoint, and sending it again.
#pragma once

#include "server/api/route.hpp"

namespace connectd::server::api {

runtime::task<http::response> list_deliveries(call of);
runtime::task<http::response> redeliver(call of);
runtime::task<http::response> redeliver_failed(call of);
runtime::task<http::response> test_webhook(call of);

} // namespace connectd::server::api
