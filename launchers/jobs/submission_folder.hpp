#pragma once

#include <filesystem>
#include <string>

namespace hpogrid::launchers {

/// The folder of one submission. It goes again with this object, and the folders above it that are empty then, unless
/// it is to be kept: because something may have been submitted, or to be looked at.
class SubmissionFolder {
  public:
    /// Makes `<submissions>/<project>/<time>`. Throws OutputError.
    SubmissionFolder(const std::filesystem::path& submissions, const std::string& project);
    SubmissionFolder(const SubmissionFolder&) = delete;
    SubmissionFolder& operator=(const SubmissionFolder&) = delete;
    ~SubmissionFolder();

    /// Absolute.
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    /// What the jobs take along.
    [[nodiscard]] std::filesystem::path package() const { return path_ / "package"; }

    void keep() noexcept { kept_ = true; }
    void drop() noexcept { kept_ = false; }

  private:
    std::filesystem::path path_;
    bool kept_{false};
};

}  // namespace hpogrid::launchers
