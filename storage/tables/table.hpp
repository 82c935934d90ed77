// What all tables share: how a record becomes a row with its index rows, and how it is read back.
//
// A table is a class of static functions over one noun. It derives from table<itself, record> and says three
// things: its family, the key of a record, and the index rows of a record. An index row's value is the key of
// the record's row. All of them live in one family and change in one batch, so they agree at every moment.
//
// Writing functions only fill a batch; nothing happens before kv::commit. The rule: what was read is written
// back under a guard. `replace` and `erase` take the record as it was read, with its version, and the commit
// fails with guard_failed when the row has changed since. Reading functions are coroutines (or hand one on);
// the store outlives them, and everything else they take is owned by them. Errors of all reading functions:
// those of kv::get and kv::scan, invalid_cursor for lists.
#pragma once

#include "storage/key_codec.hpp"
#include "storage/kv.hpp"
#include "storage/record_codec.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace connectd::storage {

// A record as it was read. The version is what replace and erase require.
template <class T>
struct stored {
    T record;
    std::uint64_t version = 0;
};

// Part of a list. The cursor, if there is more, is a raw key: it is bytes and names internal ids, so hand it
// out encoded. It is checked when it comes back: one that points outside the list is refused, so it cannot
// reach another workspace.
template <class T>
struct listing {
    std::vector<T> items;
    std::optional<std::string> next_cursor;
};

// Uniqueness is enforced by guards: creating or replacing requires that a unique index row is not there yet.
struct index_row {
    std::string key;
    bool unique = false;
};

// The second part of keys below a workspace, and the first two bytes of keys that belong to none. The first
// byte of a workspace id is the top of a time in milliseconds and stays below 0xff until the year 10854.
inline constexpr std::uint8_t rows_tag = 0x01;
inline constexpr std::uint8_t global_tag = 0xff;

// What a list runs over: the keys in [from, to).
struct key_range {
    std::string from;
    std::string to;
};

// All keys that begin with `prefix`.
key_range under(std::string prefix);

// The part of a range from the cursor on. Errors: invalid_cursor.
result<scan_range> list_range(key_range keys, std::optional<std::string> cursor, std::size_t limit);

template <class Noun, class Record>
class table {
  public:
    // Writes the row and its index rows whatever was there. For rows without history; others want create or
    // replace.
    static void put(write_batch& batch, Record const& record) {
        auto const key = Noun::key(record);
        for (auto& index : Noun::indexes(record))
            batch.put(Noun::where, std::move(index.key), key);
        batch.put(Noun::where, key, encode_record(record));
    }

    // Like put, and the commit fails with guard_failed when the row or one of its unique index rows exists.
    static void create(write_batch& batch, Record const& record) {
        batch.require_absent(Noun::where, Noun::key(record));
        for (auto& index : Noun::indexes(record))
            if (index.unique)
                batch.require_absent(Noun::where, std::move(index.key));
        put(batch, record);
    }

    // Writes `updated` in place of the record that was read; the index rows follow. guard_failed when the row
    // has changed since, or when `updated` claims a unique index row of another record.
    static void replace(write_batch& batch, stored<Record> const& old, Record const& updated) {
        auto const old_key = Noun::key(old.record);
        auto const new_key = Noun::key(updated);
        batch.require_version(Noun::where, old_key, old.version);
        if (new_key != old_key) {
            batch.require_absent(Noun::where, new_key);
            batch.erase(Noun::where, old_key);
        }
        auto const new_indexes = Noun::indexes(updated);
        auto const old_indexes = Noun::indexes(old.record);
        for (auto const& index : old_indexes)
            if (!contains(new_indexes, index.key))
                batch.erase(Noun::where, index.key);
        for (auto const& index : new_indexes) {
            bool const kept = contains(old_indexes, index.key);
            if (!kept && index.unique)
                batch.require_absent(Noun::where, index.key);
            if (!kept || new_key != old_key)
                batch.put(Noun::where, index.key, new_key);
        }
        batch.put(Noun::where, new_key, encode_record(updated));
    }

    // Removes the record that was read, with its index rows; guard_failed when the row has changed since.
    static void erase(write_batch& batch, stored<Record> const& old) {
        batch.require_version(Noun::where, Noun::key(old.record), old.version);
        erase(batch, old.record);
    }

    // Without a guard, for records that never change once they are there: a changed one would leave index
    // rows behind.
    static void erase(write_batch& batch, Record const& record) {
        for (auto& index : Noun::indexes(record))
            batch.erase(Noun::where, std::move(index.key));
        batch.erase(Noun::where, Noun::key(record));
    }

  protected:
    static task<result<std::optional<stored<Record>>>> fetch(kv& store, std::string key) {
        auto found = co_await store.get(Noun::where, std::move(key));
        if (!found)
            co_return found.error();
        if (!*found)
            co_return std::nullopt;
        auto record = decode_record<Record>((*found)->value);
        if (!record)
            co_return record.error();
        co_return stored<Record>{std::move(*record), (*found)->version};
    }

    // The record an index row points to. The row is read after the index, so it may have moved on between the
    // two: then it is as if it had not been found.
    static task<result<std::optional<stored<Record>>>> follow(kv& store, std::string index_key) {
        auto found = co_await store.get(Noun::where, index_key);
        if (!found)
            co_return found.error();
        if (!*found)
            co_return std::nullopt;
        auto target = co_await fetch(store, std::move((*found)->value));
        if (target && *target && !contains(Noun::indexes((*target)->record), index_key))
            co_return std::nullopt;
        co_return target;
    }

    // The records of the rows in a range, in the order of their keys; with their versions when Item is
    // stored<Record>.
    template <class Item = Record>
    static task<result<listing<Item>>> list_rows(kv& store, key_range keys, std::optional<std::string> cursor,
                                                 std::size_t limit) {
        auto range = list_range(std::move(keys), std::move(cursor), limit);
        if (!range)
            co_return range.error();
        auto found = co_await store.scan(Noun::where, std::move(*range));
        if (!found)
            co_return found.error();
        listing<Item> list;
        list.items.reserve(found->rows.size());
        for (auto const& entry : found->rows) {
            auto record = decode_record<Record>(entry.value);
            if (!record)
                co_return record.error();
            list.items.push_back(item<Item>({std::move(*record), entry.version}));
        }
        list.next_cursor = std::move(found->resume);
        co_return list;
    }

    // The records that the index rows in a range point to, in the order of the index. A record that moved on
    // since its index row was read is left out, so a page may be short; the cursor is what says whether there
    // is more.
    template <class Item = Record>
    static task<result<listing<Item>>> list_index(kv& store, key_range keys,
                                                  std::optional<std::string> cursor, std::size_t limit) {
        auto range = list_range(std::move(keys), std::move(cursor), limit);
        if (!range)
            co_return range.error();
        auto found = co_await store.scan(Noun::where, std::move(*range));
        if (!found)
            co_return found.error();
        listing<Item> list;
        for (auto& entry : found->rows) {
            auto target = co_await fetch(store, std::move(entry.value));
            if (!target)
                co_return target.error();
            if (*target && contains(Noun::indexes((*target)->record), entry.key))
                list.items.push_back(item<Item>(std::move(**target)));
        }
        list.next_cursor = std::move(found->resume);
        co_return list;
    }

  private:
    template <class Item>
    static Item item(stored<Record>&& read) {
        if constexpr (std::same_as<Item, Record>)
            return std::move(read.record);
        else
            return std::move(read);
    }

    static bool contains(std::vector<index_row> const& rows, std::string_view key) {
        return std::ranges::any_of(rows, [&](index_row const& candidate) { return candidate.key == key; });
    }
};

} // namespace connectd::storage
