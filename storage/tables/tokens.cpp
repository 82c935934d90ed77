#include "storage/tables/tokens.hpp"

namespace connectd::storage {

std::string tokens::key(crypto::workspace_id workspace, crypto::account_id account) {
    return key_writer().id(workspace).tag(rows_tag).id(account).take();
}

task<result<std::optional<stored<token>>>> tokens::get(kv& store, crypto::workspace_id workspace,
                                                       crypto::account_id account) {
    return fetch(store, key(workspace, account));
}

task<result<listing<token>>> tokens::list(kv& store, crypto::workspace_id workspace,
                                          std::optional<std::string> cursor, std::size_t limit) {
    return list_rows(store, under(key_writer().id(workspace).tag(rows_tag).take()), std::move(cursor), limit);
}

} // namespace connectd::storage
