#include "server/services/idempotency.hpp"

#include "crypto/bytes.hpp"
#include "crypto/compare.hpp"
#include "crypto/digest.hpp"
#include "storage/tables/idempotency.hpp"

#include <algorithm>

namespace connectd::server::services {
namespace {

constexpr std::string_view family = "api_keys";
constexpr std::string_view field = "answer";
constexpr std::size_t longest_key = 255;
constexpr std::size_t fingerprint_size = 32;
constexpr std::size_t page_size = 200;

std::string digest_of(std::string_view text) {
    return std::string{crypto::as_text(crypto::sha256(text))};
}

bool is_key(std::string_view text) {
    return !text.empty() && text.size() <= longest_key &&
           std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

// Neither a method nor a target has a line break in it.
std::string fingerprint_of(repeatable_request const& asked) {
    return digest_of(std::string{asked.method}
                         .append("\n")
                         .append(asked.target)
                         .append("\n")
                         .append(digest_of(asked.body)));
}

// What is no answer for good: who waits a little, or holds another key, may well get another one.
bool is_final(unsigned status) {
    return status < 500 && status != 401 && status != 403 && status != 408 && status != 429;
}

// Counting reads what it counts, so that it is done for one key of sixteen.
bool is_counted(std::string_view digest) {
    return static_cast<unsigned char>(digest.front()) % 16 == 0;
}

} // namespace

idempotency_claims::claim::~claim() {
    if (owner_ != nullptr) {
        std::lock_guard const lock{owner_->mutex_};
        owner_->held_.erase(key_);
    }
}

std::optional<idempotency_claims::claim> idempotency_claims::take(std::string key) {
    std::lock_guard const lock{mutex_};
    if (!held_.insert(key).second) {
        return std::nullopt;
    }
    return claim{*this, std::move(key)};
}

runtime::task<outcome<idempotency::attempt>> idempotency::begin(repeatable_request asked) {
    if (!is_key(asked.key)) {
        co_return errc::idempotency_key_invalid;
    }
    auto digest = digest_of(asked.key);
    auto claim = claims_.take(std::string{asked.workspace.raw()} + digest);
    if (!claim) {
        co_return errc::idempotency_key_in_use;
    }
    attempt first{.claim = std::move(*claim), .digest = digest, .fingerprint = fingerprint_of(asked)};
    auto const row = co_await storage::kept_answers::get(store_, asked.workspace, digest);
    if (row.has_error()) {
        co_return row.error();
    }
    if (*row && (*row)->record.expires_at > clock_.now()) {
        auto known = co_await open(asked.workspace, std::move(digest), first.fingerprint);
        if (known.has_error()) {
            co_return known.error();
        }
        first.known = std::move(*known);
    } else if (is_counted(digest)) {
        auto const kept = co_await storage::kept_answers::count(store_, asked.workspace, most_of_workspace);
        if (kept.has_error()) {
            co_return kept.error();
        }
        if (*kept >= most_of_workspace) {
            co_return failure{errc::rate_limit_exceeded,
                              "The workspace has used as many Idempotency-Keys in a day as it may."};
        }
    }
    co_return first;
}

runtime::task<outcome<given_answer>> idempotency::open(crypto::workspace_id workspace, std::string digest,
                                                       std::string const& fingerprint) {
    auto row = co_await storage::kept_answers::get(store_, workspace, std::move(digest));
    if (row.has_error()) {
        co_return row.error();
    }
    if (!*row) {
        co_return errc::changed_meanwhile;
    }
    auto& kept = (*row)->record;
    auto const key = storage::kept_answers::key(kept);
    auto const content =
        co_await keys_.open(workspace, kept.content, {.family = family, .record_key = key, .field = field});
    if (content.has_error()) {
        co_return content.error();
    }
    auto const text = content->reveal();
    if (!crypto::equal_constant_time(text.substr(0, fingerprint_size), fingerprint)) {
        co_return errc::idempotency_key_reused;
    }
    co_return given_answer{.status = kept.status,
                           .headers = std::move(kept.headers),
                           .body = std::string{text.substr(fingerprint_size)}};
}

runtime::task<outcome<void>> idempotency::keep(crypto::workspace_id workspace, attempt const& first,
                                               given_answer answer) {
    if (!is_final(answer.status) || answer.body.size() > largest_body) {
        co_return outcome<void>{};
    }
    storage::kept_answer row{.digest = first.digest,
                             .workspace = workspace,
                             .status = answer.status,
                             .headers = std::move(answer.headers),
                             .content = {},
                             .expires_at = clock_.now() + kept_for};
    auto const content = crypto::secret::take(first.fingerprint + answer.body);
    auto const key = storage::kept_answers::key(row);
    auto sealed =
        co_await keys_.seal(workspace, content, {.family = family, .record_key = key, .field = field});
    if (sealed.has_error()) {
        co_return sealed.error();
    }
    row.content = std::move(*sealed);
    storage::write_batch batch;
    if (auto const before = co_await storage::kept_answers::get(store_, workspace, first.digest);
        before.has_value() && *before) {
        storage::kept_answers::erase(batch, **before); // over, and not swept yet
    }
    storage::kept_answers::put(batch, row);
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error()) {
        co_return written.error();
    }
    co_return outcome<void>{};
}

runtime::task<outcome<std::size_t>> idempotency::sweep(storage::kv& store, runtime::sys_ms now) {
    std::size_t removed = 0;
    std::optional<std::string> cursor;
    do {
        auto page = co_await storage::kept_answers::list_expired(store, now, std::move(cursor), page_size);
        if (page.has_error()) {
            co_return page.error();
        }
        storage::write_batch batch;
        for (auto const& row : page->items) {
            storage::kept_answers::erase(batch, row);
        }
        if (!batch.empty()) {
            auto const written = co_await store.commit(std::move(batch));
            if (written.has_error()) {
                co_return written.error();
            }
        }
        removed += page->items.size();
        cursor = std::move(page->next_cursor);
    } while (cursor);
    co_return removed;
}

} // namespace connectd::server::services
