#pragma once

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace hpogrid::tests {

/// Moves this process into mounts of its own, so that nothing it mounts is seen elsewhere or outlives it. Answers
/// whether the system allows it: root may, and other users where user namespaces are on.
inline bool enter_own_mounts() {
    const uid_t user = ::getuid();
    if (::unshare(CLONE_NEWNS) != 0) {
        if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
            return false;
        }
        std::ofstream{"/proc/self/setgroups"} << "deny";
        std::ofstream{"/proc/self/uid_map"} << "0 " << user << " 1";
    }
    return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

/// A small file system in memory over an existing folder, for as long as this lives.
class MountedFolder {
  public:
    MountedFolder(std::filesystem::path folder, const std::string& options, unsigned long flags = 0)
        : folder_{std::move(folder)},
          mounted_{::mount("tmpfs", folder_.c_str(), "tmpfs", flags, options.c_str()) == 0} {}
    MountedFolder(const MountedFolder&) = delete;
    MountedFolder& operator=(const MountedFolder&) = delete;
    ~MountedFolder() {
        if (mounted_) {
            ::umount2(folder_.c_str(), MNT_DETACH);
        }
    }
    [[nodiscard]] bool mounted() const noexcept { return mounted_; }

  private:
    std::filesystem::path folder_;
    bool mounted_;
};

}  // namespace hpogrid::tests
