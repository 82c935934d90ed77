// Seals and opens what platforms have granted: the tokens of an account, and the grant of a session that
// waits for a choice. One blob a row, bound to that row.
//
// Coroutines on the caller's thread; what is passed by reference outlives the call.
#pragma once

#include "crypto/sealed.hpp"
#include "platforms/connected.hpp"
#include "platforms/token_set.hpp"
#include "server/runtime/task.hpp"
#include "server/services/error.hpp"
#include "server/services/vault.hpp"
#include "storage/tables/outbox.hpp"
#include "storage/tables/sessions.hpp"
#include "storage/tables/tokens.hpp"

namespace connectd::server::services {

// `row` says where the blob will live; its material is not read.
runtime::task<outcome<crypto::sealed>> seal_token(vault& keys, storage::token const& row,
                                                  platforms::token_set const& tokens);

// Lifetimes and scopes are not part of the blob and stay empty. Errors: sealed_value_damaged.
runtime::task<outcome<platforms::token_set>> open_token(vault& keys, storage::token const& row);

// Puts the refresh token of `old`, the token of `row`, into `fresh`, if that brings none of its own, with the
// end that is known for it. A platform that hands out a refresh token only once must not lose it to an answer
// without one.
void keep_refresh_token(platforms::token_set& fresh, platforms::token_set const& old,
                        storage::token const& row);

// The same for a revocation that is still owed. The place is named by the account, not by the row, which
// moves with every attempt.
runtime::task<outcome<crypto::sealed>> seal_token(vault& keys, storage::revocation const& row,
                                                  platforms::token_set const& tokens);
runtime::task<outcome<platforms::token_set>> open_token(vault& keys, storage::revocation const& row);

// A grant whose candidates wait for a choice. Requires: `candidates` holds a value.
runtime::task<outcome<crypto::sealed>> seal_choices(vault& keys, storage::session const& row,
                                                    platforms::connected const& waiting);
runtime::task<outcome<platforms::connected>> open_choices(vault& keys, storage::session const& row);

} // namespace connectd::server::services
