// /v1/webhooks: where a workspace wants its events sent, and what became of them.
#pragma once

#include "server/api/route.hpp"

namespace connectd::server::api {

runtime::task<http::response> create_webhook(call of);
runtime::task<http::response> list_webhooks(call of);
runtime::task<http::response> get_webhook(call of);
runtime::task<http::response> update_webhook(call of);
runtime::task<http::response> delete_webhook(call of);
runtime::task<http::response> rotate_webhook_secret(call of);
runtime::task<http::response> pause_webhook(call of);
runtime::task<http::response> resume_webhook(call of);

} // namespace connectd::server::api
