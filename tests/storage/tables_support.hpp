// Records with something in every member, and a store to put them in.
#pragma once

#include "storage/memory/memory_store.hpp"
#include "storage/tables/table.hpp"
#include "tests/storage/support.hpp"

#include <cstdint>

namespace connectd::storage::testing {

inline sys_ms at(std::int64_t milliseconds) {
    return sys_ms(std::chrono::milliseconds(milliseconds));
}

// Ids made one after the other sort in that order.
template <class Id>
Id next_id() {
    static std::int64_t moment = 1'700'000'000'000;
    return Id::make(at(++moment));
}

inline crypto::sealed a_sealed_value(std::uint8_t filling) {
    crypto::bytes bytes(crypto::sealed::overhead + 8, filling);
    bytes[0] = crypto::sealed::format;
    return crypto::sealed::decode(crypto::bytes_view(bytes)).value();
}

struct tables_fixture {
    memory_store store;
    loop io;

    template <class T>
    T run(task<result<T>> work) {
        return io.run(std::move(work)).value();
    }

    std::uint64_t commit(write_batch batch) { return run(store.commit(std::move(batch))); }
    bool guard_refuses(write_batch batch) {
        return io.run(store.commit(std::move(batch))).error() == errc::guard_failed;
    }

    template <class Table, class Record>
    Record create(Record record) {
        write_batch batch;
        Table::create(batch, record);
        commit(std::move(batch));
        return record;
    }

    // The number of rows, index rows included, that a family holds.
    std::size_t rows(family where) {
        return run(store.scan(where, {{}, {}, max_page_rows, false})).rows.size();
    }

    // All items of a list, page by page; `page` takes a cursor and answers a listing.
    template <class Page>
    auto collect(Page const& next_page) {
        auto part = run(next_page(std::nullopt));
        auto all = std::move(part.items);
        while (part.next_cursor) {
            part = run(next_page(std::move(part.next_cursor)));
            for (auto& item : part.items)
                all.push_back(std::move(item));
        }
        return all;
    }
};

} // namespace connectd::storage::testing
