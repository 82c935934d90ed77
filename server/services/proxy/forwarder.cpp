#include "server/services/proxy/forwarder.hpp"

#include "platforms/endpoints.hpp"
#include "platforms/error_table.hpp"
#include "platforms/percent.hpp"
#include "server/services/account_events.hpp"
#include "server/services/input.hpp"
#include "server/services/platform_failure.hpp"
#include "server/services/proxy/headers.hpp"
#include "server/services/proxy/target.hpp"
#include "server/services/reconnect_link.hpp"
#include "server/services/refresh/preparation.hpp"
#include "storage/write_batch.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

namespace connectd::server::services::proxy {
namespace {

constexpr std::size_t kept_piece = 16 * 1024;
// Of an answer that may say that the token is dead.
constexpr std::size_t most_peeked = 64 * 1024;
// How exact last_used_at is: a write a call would cost more than the call.
constexpr std::chrono::minutes use_noted_every{5};
// A platform that refuses what it gave so lately would refuse the next one, too.
constexpr std::chrono::minutes token_is_new{1};

struct place {
    std::string base;
    bool user_given;
};

place place_of(held_token const& held) {
    auto const& row = held.rows.account.record;
    auto const& usual = held.platform->endpoints.api_base;
    place found{row.api_base.empty() ? usual : row.api_base,
                held.platform->user_given || (!row.api_base.empty() && row.api_base != usual)};
    if (found.base.starts_with(platforms::instance_base)) {
        found.base.replace(0, platforms::instance_base.size(), row.instance);
        found.user_given = true;
    }
    return found;
}

bool is_newly_renewed(held_token const& held, runtime::sys_ms now) {
    auto const& token = held.rows.token.record;
    return token.generation > 1 && now < token.issued_at + token_is_new;
}

// What was read of an answer already, and then the rest of it.
struct resumed_body {
    std::string begin;
    std::size_t given = 0;
    body_reader rest;

    static platforms::task<platforms::result<std::size_t>> read(std::shared_ptr<resumed_body> self,
                                                                std::span<char> into) {
        if (self->given < self->begin.size()) {
            auto const size = self->begin.copy(into.data(), into.size(), self->given);
            self->given += size;
            co_return size;
        }
        co_return co_await self->rest(into);
    }
};

} // namespace

struct forwarder::journey {
    call asked;
    held_token held;
    place where;
    std::string target; // without the token
    std::string kept;   // the body, as far as it was read before sending
    bool whole = true;  // nothing of the body comes after that
};

struct forwarder::peeked {
    platforms::http::streamed_response answer;
    std::string begin; // of its body
    bool dead_token = false;
};

runtime::task<forwarder::result> forwarder::forward(crypto::workspace_id workspace, std::string account,
                                                    call asked) {
    auto const id = parse_id<crypto::account_id>(account, errc::account_not_found);
    if (id.has_error()) {
        co_return refusal{id.error()};
    }
    auto held = co_await tokens_.open(workspace, *id);
    if (held.has_error()) {
        co_return co_await explain(held.error(), workspace, std::move(account));
    }
    journey on{.asked = std::move(asked), .held = std::move(*held), .where = {}, .target = {}, .kept = {}};
    if (auto const ready = co_await prepare(on); ready.has_error()) {
        co_return co_await explain(ready.error(), workspace, std::move(account));
    }
    auto const& row = on.held.rows.account.record;
    if (auto const left = pauses_.left(row, on.asked.method, on.asked.path, clock_.now())) {
        co_return refusal{.why = {errc::call_has_to_wait,
                                  on.held.platform->title + " has said that this call has to wait."},
                          .wait = *left};
    }
    auto got = co_await travel(on);
    auto const audited = co_await audit(on, got.has_value() ? got->status : 0);
    if (got.has_error()) {
        co_return co_await explain(got.error(), workspace, std::move(account));
    }
    if (audited.has_error()) {
        co_return refusal{audited.error()};
    }
    note_use(on.held.rows.account);
    co_return std::move(*got);
}

// Everything that is decided before a byte of the body is read.
runtime::task<outcome<void>> forwarder::prepare(journey& on) {
    auto const& platform = *on.held.platform;
    if (settings_.disabled_platforms.contains(platform.name)) {
        co_return errc::platform_not_available;
    }
    on.where = place_of(on.held);
    if (on.where.base.empty()) {
        co_return failure{errc::proxy_request_refused, "Nothing says where the API of " + platform.title +
                                                           " is: its file has no api_base."};
    }
    auto target = target_of(on.where.base, platform.proxy.origin_paths, on.asked.path, on.asked.query);
    if (target.has_error()) {
        co_return target.error();
    }
    on.target = std::move(*target);
    auto const& row = on.held.rows.account.record;
    if (row.status != storage::account_status::active) {
        co_return errc::reconnect_needed;
    }
    auto const& ends = on.held.rows.token.record.access_expires_at;
    if (ends && *ends <= clock_.now() && refresh::can_refresh(platform, on.held.tokens)) {
        auto renewed = co_await tokens_.renew(std::move(on.held));
        if (renewed.has_error()) {
            co_return renewed.error();
        }
        on.held = std::move(*renewed);
    }
    co_return outcome<void>{};
}

// Reads a body that is small enough to be sent twice.
runtime::task<outcome<void>> forwarder::keep_body(journey& on) {
    auto& kept = on.kept;
    on.whole = !on.asked.body;
    if (on.asked.length.value_or(0) > most_kept) {
        co_return outcome<void>{};
    }
    while (!on.whole && kept.size() < most_kept) {
        auto const before = kept.size();
        kept.resize(before + kept_piece);
        auto const got = co_await on.asked.body(std::span<char>{kept.data() + before, kept_piece});
        kept.resize(before + (got ? *got : 0));
        if (!got) {
            co_return failure{errc::proxy_request_refused, "The body of the call did not arrive."};
        }
        on.whole = *got == 0;
    }
    co_return outcome<void>{};
}

runtime::task<outcome<answer>> forwarder::travel(journey& on) {
    if (auto const kept = co_await keep_body(on); kept.has_error()) {
        co_return kept.error();
    }
    auto got = co_await send(on);
    bool const dead = got.has_value() && got->dead_token && !is_newly_renewed(on.held, clock_.now());
    bool newer = false;
    if (dead) {
        auto const row = on.held.rows.account;
        auto const platform = on.held.platform;
        auto renewed = co_await tokens_.renew(std::move(on.held));
        newer = renewed.has_value();
        if (newer) {
            on.held = std::move(*renewed);
        } else {
            on.held.rows.account = row;
            on.held.platform = platform;
        }
        if (!newer && (on.whole || renewed.error().code == make_error_code(errc::reconnect_needed))) {
            co_return renewed.error();
        }
        if (on.whole) {
            got = co_await send(on);
        }
    }
    if (got.has_error()) {
        co_return got.error();
    }
    auto const& head = got->answer.head;
    if (auto const wait = read_wait(on.held.platform->proxy, head, clock_.now())) {
        pauses_.set(on.held.rows.account.record, on.asked.method, on.asked.path, *wait, clock_.now());
    }
    answer passed{head.status, for_caller(head.headers), got->answer.length, std::move(got->answer.body)};
    if (newer && !on.whole) {
        passed.headers.emplace_back(send_again_header, "the token has been renewed");
    }
    if (!got->begin.empty()) {
        auto const body = std::make_shared<resumed_body>();
        body->begin = std::move(got->begin);
        body->rest = std::move(passed.body);
        passed.body = [body](std::span<char> into) { return resumed_body::read(body, into); };
    }
    co_return passed;
}

// One attempt, up to the header of its answer; of a refusal as much as it takes to know what it is about.
runtime::task<outcome<forwarder::peeked>> forwarder::send(journey& on) {
    auto const& platform = *on.held.platform;
    auto const& parameter = platform.identity.token_parameter;
    platforms::http::streamed_request what;
    what.head = {.method = on.asked.method,
                 .url = on.where.base,
                 .target = on.target,
                 .headers = for_platform(on.asked.headers, platform, on.held.tokens.access_token),
                 .body = on.kept,
                 .user_given_url = on.where.user_given};
    if (!parameter.empty()) {
        platforms::append_query(what.head.target, parameter, on.held.tokens.access_token.reveal());
    }
    if (!on.whole) {
        what.rest = on.asked.body;
        what.length = on.asked.length;
    }
    what.patience = settings_.proxy_timeout;
    auto got = co_await client_.open(std::move(what), on.asked.deadline);
    if (!got) {
        co_return describe_call_failure(got.error(), platform);
    }
    peeked seen{.answer = std::move(*got), .begin = {}};
    if (seen.answer.head.status < 400) {
        co_return seen;
    }
    bool ended = false;
    while (!ended && seen.begin.size() < most_peeked) {
        auto const before = seen.begin.size();
        seen.begin.resize(before + kept_piece);
        auto const size = co_await seen.answer.body(std::span<char>{seen.begin.data() + before, kept_piece});
        seen.begin.resize(before + (size ? *size : 0));
        if (!size) {
            co_return describe_call_failure(size.error(), platform);
        }
        ended = *size == 0;
    }
    if (ended) {
        auto whole = seen.answer.head;
        whole.body = seen.begin;
        seen.dead_token = platforms::says_dead_token(platform, whole);
    }
    co_return seen;
}

// Before the caller learns of the answer, so that no call is missing from the log.
runtime::task<outcome<void>> forwarder::audit(journey const& on, unsigned status) {
    if (!settings_.proxy_audit) {
        co_return outcome<void>{};
    }
    storage::write_batch batch;
    storage::events::create(batch, proxy_event(on.held.rows.account.record,
                                               {on.asked.method, on.asked.path, status, on.asked.request_id},
                                               clock_.now()));
    auto const written = co_await store_.commit(std::move(batch));
    if (written.has_error()) {
        co_return written.error();
    }
    co_return outcome<void>{};
}

// What somebody has to know who can do something about it.
runtime::task<refusal> forwarder::explain(failure why, crypto::workspace_id workspace, std::string account) {
    refusal told{.why = std::move(why)};
    if (told.why.code != make_error_code(errc::reconnect_needed)) {
        co_return told;
    }
    auto const id = crypto::account_id::parse(account);
    auto const row = co_await storage::accounts::get(store_, workspace, *id);
    if (row.has_value() && *row) {
        told.account = view((*row)->record);
        // Whoever has disconnected it decides whether it comes back.
        if ((*row)->record.status != storage::account_status::disconnected) {
            told.reconnect_url = reconnect_url(settings_, (*row)->record);
        }
    }
    co_return told;
}

void forwarder::note_use(storage::stored<storage::account> const& row) {
    auto const& last = row.record.last_used_at;
    auto const now = clock_.now();
    auto const id = row.record.id;
    if ((last && now - *last < use_noted_every) || !noting_.insert(id).second) {
        return;
    }
    if (!tasks_.spawn("note a use", write_use(row, now))) {
        noting_.erase(id);
    }
}

// A lost race is no loss: whoever won it has changed the account just now, and the next call notes its use.
runtime::task<void> forwarder::write_use(storage::stored<storage::account> row, runtime::sys_ms now) {
    auto used = row.record;
    used.last_used_at = now;
    storage::write_batch batch;
    storage::accounts::replace(batch, row, used);
    co_await store_.commit(std::move(batch));
    noting_.erase(row.record.id);
}

} // namespace connectd::server::services::proxy
