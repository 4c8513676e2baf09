#pragma once

#include "engine/results/append_only.hpp"
#include "engine/space/value.hpp"
#include "engine/study/trial.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hpogrid::results {

/// A range of another sequence.
struct Range {
    std::size_t begin;
    std::size_t count;
};

/// One trial as results keep it. Strings that repeat are indices into NameTable.
struct TrialRow {
    std::uint32_t id;
    std::uint32_t attempt;
    std::uint32_t origin;
    std::uint32_t place;  ///< index into the recorder's places, or `nowhere`
    study::TrialState state;
    double started;
    double ended;
    double iterations;
    Range point;         ///< of the points
    Range best_metrics;  ///< of the metrics, indexed as the study's MetricTable
    Range last_metrics;
    Range error;  ///< of the text
    Range log;

    static constexpr std::uint32_t nowhere = ~std::uint32_t{0};
};

/// Trials in columns without an allocation of their own. Only grows; views can be read in another thread.
class TrialTable {
  public:
    class View {
      public:
        [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
        [[nodiscard]] const TrialRow& operator[](std::size_t index) const noexcept { return rows_[index]; }
        [[nodiscard]] space::Value value(const TrialRow& row, std::size_t parameter) const noexcept;
        [[nodiscard]] double best_metric(const TrialRow& row, std::size_t metric) const noexcept;
        [[nodiscard]] double last_metric(const TrialRow& row, std::size_t metric) const noexcept;
        [[nodiscard]] std::string error(const TrialRow& row) const { return text(row.error); }
        [[nodiscard]] std::string log(const TrialRow& row) const { return text(row.log); }

      private:
        friend class TrialTable;
        [[nodiscard]] std::string text(Range range) const;
        [[nodiscard]] double metric(Range range, std::size_t index) const noexcept;

        AppendOnly<TrialRow>::View rows_;
        AppendOnly<space::Value>::View points_;
        AppendOnly<double>::View metrics_;
        AppendOnly<char>::View text_;
    };

    void append(const study::Trial& trial, std::uint32_t origin, std::uint32_t place);
    [[nodiscard]] View view() const;

  private:
    Range append_metrics(const std::vector<double>& values);
    Range append_text(const std::string& value);

    AppendOnly<TrialRow> rows_;
    AppendOnly<space::Value> points_;
    AppendOnly<double> metrics_;
    AppendOnly<char> text_;
};

}  // namespace hpogrid::results
