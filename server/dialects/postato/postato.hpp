// Postato's API: JSON in camelCase, accounts of a workspace, which is a profile here; people connect them on
// the dashboard, so no route begins a connection.
//
// Sources: the vendor's page on connecting accounts, which rules, and its other documents as of autumn 2026.
#pragma once

#include "server/dialects/dialect.hpp"

namespace connectd::server::dialects::postato {

extern dialect const api;
extern services::webhooks::form const deliveries;

runtime::task<http::response> create_webhook(call of);
runtime::task<http::response> list_webhooks(call of);
runtime::task<http::response> delete_webhook(call of);

} // namespace connectd::server::dialects::postato
