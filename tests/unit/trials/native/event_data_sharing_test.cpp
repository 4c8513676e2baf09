#include "engine/trials/native/event_data_sharing.hpp"

#include "engine/core/error.hpp"

#include "kernels/api/collectives.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

namespace hpogrid::trials {
namespace {

using Bytes = std::vector<std::byte>;

/// What the reader gives is kept for the others, who come afterwards; it may die before any of its broadcasts.
struct Tape {
    std::deque<Bytes> given;
    std::size_t dies_before{1000};
    bool aborted{false};
};

class TapeGroup final : public kernels::Collectives {
  public:
    TapeGroup(Tape& tape, int rank) : tape_{tape}, rank_{rank} {}
    int rank() const noexcept override { return rank_; }
    int size() const noexcept override { return 3; }
    void broadcast(int root, std::span<std::byte> bytes) override {
        if (rank_ == root) {
            tape_.given.emplace_back(bytes.begin(), bytes.end());
        } else if (next_ >= std::min(tape_.dies_before, tape_.given.size())) {
            failed_ = true;
        } else {
            const Bytes& given = tape_.given[next_++];
            ASSERT_EQ(given.size(), bytes.size());
            std::ranges::copy(given, bytes.begin());
        }
    }
    void exchange(std::span<const Send>, std::span<const Receive>) override {}
    kernels::Transfer advance() override { return failed_ ? kernels::Transfer::failed : kernels::Transfer::done; }
    void abort() noexcept override { tape_.aborted = true; }

  private:
    Tape& tape_;
    int rank_;
    std::size_t next_{0};
    bool failed_{false};
};

EventData some_data() {
    return {.features = {"pt", "η"},
            .table = {.features = 2,
                      .values = {1, 2, 3, 4, 5, 6},
                      .labels = {0, 1, 2},
                      .weights = {0.5F, 1, 2},
                      .classes = 3},
            .folds = {{0, 1}, {1, 3}}};
}

bool is_some_data(const EventData& data) {
    const EventData expected = some_data();
    const auto same_fold = [](const kernels::Fold& a, const kernels::Fold& b) {
        return a.validation_begin == b.validation_begin && a.validation_end == b.validation_end;
    };
    return data.features == expected.features && data.table.features == expected.table.features &&
           data.table.values == expected.table.values && data.table.labels == expected.table.labels &&
           data.table.weights == expected.table.weights && data.table.classes == expected.table.classes &&
           std::ranges::equal(data.folds, expected.folds, same_fold);
}

class EventDataSharingTest : public testing::Test {
  protected:
    EventData share(int rank) {
        TapeGroup group{tape, rank};
        return share_event_data(&group, [this] {
            ++readings;
            return some_data();
        });
    }
    std::string refusal_of(int rank) {
        TapeGroup group{tape, rank};
        try {
            static_cast<void>(
                share_event_data(&group, []() -> EventData { throw InputError{"events.h5: not there"}; }));
        } catch (const InputError& error) {
            return error.what();
        }
        return "none";
    }

    Tape tape;
    int readings{0};
};

TEST_F(EventDataSharingTest, OneMemberReadsAndTheOthersGetEverything) {
    for (int rank = 0; rank < 3; ++rank) {
        EXPECT_TRUE(is_some_data(share(rank))) << rank;
    }
    EXPECT_EQ(readings, 1);
}

TEST_F(EventDataSharingTest, AReaderThatDiesAnywhereOnTheWayLeavesEachToReadForItself) {
    static_cast<void>(share(0));
    for (std::size_t broadcasts = 0; broadcasts < tape.given.size(); ++broadcasts) {
        tape.dies_before = broadcasts;
        readings = 0;
        EXPECT_TRUE(is_some_data(share(1))) << broadcasts;
        EXPECT_EQ(readings, 1) << broadcasts;
    }
}

TEST_F(EventDataSharingTest, DataThatTheReaderRefusesIsRefusedByAllInItsWords) {
    EXPECT_EQ(refusal_of(0), "events.h5: not there");
    EXPECT_EQ(refusal_of(2), "events.h5: not there");
}

TEST_F(EventDataSharingTest, AnyOtherFailureOfTheReaderReleasesTheOthers) {
    TapeGroup group{tape, 0};
    EXPECT_THROW(static_cast<void>(share_event_data(&group, []() -> EventData { throw std::bad_alloc{}; })),
                 std::bad_alloc);
    EXPECT_TRUE(tape.aborted);
}

TEST_F(EventDataSharingTest, WithoutAGroupEachReads) {
    EXPECT_TRUE(is_some_data(share_event_data(nullptr, &some_data)));
}

}  // namespace
}  // namespace hpogrid::trials
