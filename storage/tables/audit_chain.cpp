#include "storage/tables/audit_chain.hpp"

#include <utility>

namespace connectd::storage {
namespace {

constexpr std::size_t page_size = 500;

std::optional<std::string> damage_of(keyed_row const& row, audit_end const& last) {
    auto const entry = decode_record<audit_entry>(row.value);
    if (!entry)
        return "cannot be read";
    if (encode_record(*entry) != row.value || digest_of(*entry) != entry->digest)
        return "has been changed: its digest is another one";
    if (row.key != audit_log::key(*entry))
        return "stands where another one belongs";
    if (entry->previous != last.digest)
        return "does not follow the entry before it";
    return std::nullopt;
}

// Where an entry with the right number stands, or what is said of the one that is not there.
std::optional<audit_break> check_place(keyed_row const& row, crypto::workspace_id workspace,
                                       audit_end& last) {
    auto const due = last.number + 1;
    if (row.key != audit_log::key(workspace, due))
        return audit_break{due, "is missing"};
    if (auto damage = damage_of(row, last))
        return audit_break{due, std::move(*damage)};
    last = {due, decode_record<audit_entry>(row.value)->digest};
    return std::nullopt;
}

std::optional<audit_break> compare(audit_end const& head, audit_end const& last) {
    if (head.number > last.number)
        return audit_break{last.number + 1, "is missing"};
    if (head != last)
        return audit_break{last.number, "is not the one that was written last"};
    return std::nullopt;
}

task<result<void>> walk(kv& store, audit_examination& into, audit_end last) {
    auto range = scan_range{audit_log::key(into.workspace, last.number + 1),
                            audit_log::key(into.workspace, ~std::uint64_t{0}), page_size, false};
    for (;;) {
        auto found = co_await store.scan(audit_log::where, range);
        if (!found)
            co_return found.error();
        for (auto const& row : found->rows) {
            into.broken = check_place(row, into.workspace, last);
            if (into.broken)
                co_return result<void>{};
            ++into.entries;
        }
        if (!found->resume)
            break;
        range = resumed(std::move(range), std::move(*found->resume));
    }
    into.broken = compare(into.head, last);
    co_return result<void>{};
}

} // namespace

task<result<audit_examination>> examine(kv& store, crypto::workspace_id workspace) {
    audit_examination found;
    found.workspace = workspace;
    auto const anchor = co_await audit_log::anchor(store, workspace);
    auto const head = co_await audit_log::head(store, workspace);
    for (auto const* end : {&anchor, &head}) {
        if (end->has_error() && end->error() != errc::corrupt_record)
            co_return end->error();
        if (end->has_error()) {
            found.broken = audit_break{0, "cannot be compared: the end of the chain is damaged"};
            co_return found;
        }
    }
    if (*head)
        found.head = (*head)->record;
    auto const walked = co_await walk(store, found, *anchor ? (*anchor)->record : audit_end{});
    if (!walked)
        co_return walked.error();
    co_return found;
}

} // namespace connectd::storage
