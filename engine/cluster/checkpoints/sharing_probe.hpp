#pragma once

#include <filesystem>

namespace hpogrid::cluster {

/// A file that rank 0 makes beside the folder of checkpoints, of a name that was never there before: whoever sees it,
/// sees that folder too. Removed at the end, also one that a killed process left.
class SharingProbe {
  public:
    /// Throws OutputError.
    explicit SharingProbe(const std::filesystem::path& checkpoints);
    SharingProbe(const SharingProbe&) = delete;
    SharingProbe& operator=(const SharingProbe&) = delete;
    ~SharingProbe();

    [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }

  private:
    std::filesystem::path file_;
};

/// Where a worker's trials save their checkpoints.
struct CheckpointPlace {
    std::filesystem::path folder;
    bool shared{true};  ///< with the controller
};

/// `checkpoints`, if the probe is seen, or if there is none. Else a folder of this rank's own, below
/// $HPOGRID_CHECKPOINT_DIR or the one for temporary files. $HPOGRID_CHECKPOINT_DIR is used wherever it is set: the
/// scratch disk of a node may be faster.
[[nodiscard]] CheckpointPlace checkpoint_place(const std::filesystem::path& checkpoints,
                                               const std::filesystem::path& probe, int rank);

}  // namespace hpogrid::cluster
