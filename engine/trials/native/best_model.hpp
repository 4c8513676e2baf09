#pragma once

#include "engine/study/mode.hpp"
#include "engine/study/trial.hpp"
#include "engine/trials/native/native_model.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hpogrid::trials {

/// The model of a trial at its best report so far, and the files that it is written to: of equal ones the first, as in
/// the study's results.
class BestModel {
  public:
    /// \param metric the objective; empty if it is unknown: then the last report is the best one
    /// \param written the best objective before a pause, whose model is in the files; else those are removed
    BestModel(std::filesystem::path folder, std::span<const std::string_view> names, std::string metric,
              study::Mode mode, std::optional<double> written);

    /// Looks at a report; keeps the model that made it if none was better. A report without a finite objective is none.
    void take(const study::Report& report, const std::function<ModelWriter()>& snapshot);
    /// Writes what is not written yet, with the folder around it. Throws OutputError.
    void write();
    /// The best objective, of the model that write() has written; nothing before the first.
    [[nodiscard]] std::optional<double> objective() const noexcept { return best_; }
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
    [[nodiscard]] const std::vector<std::filesystem::path>& files() const noexcept { return files_; }

  private:
    struct Unwritten {
        ModelWriter writer;
        ModelReport made;
    };

    std::filesystem::path folder_;
    std::vector<std::filesystem::path> files_;
    std::string metric_;
    study::Mode mode_;
    std::optional<double> best_;  ///< value of the objective
    std::optional<Unwritten> unwritten_;
};

}  // namespace hpogrid::trials
