#include "engine/cluster/gpu_inventory.hpp"

#include <dlfcn.h>

#include <array>
#include <charconv>
#include <memory>

namespace hpogrid::cluster {
namespace {

// The part of NVML's C interface that is needed here, after its reference manual: every function answers 0 for success.
using Device = void*;
struct Memory {
    unsigned long long total;
    unsigned long long free;
    unsigned long long used;
};

/// NVML, opened and initialised; empty where there is none.
class Nvml {
  public:
    explicit Nvml(const std::string& library) : handle_{::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL), &::dlclose} {
        initialised_ = call<int()>("nvmlInit_v2") == 0;
    }
    Nvml(const Nvml&) = delete;
    Nvml& operator=(const Nvml&) = delete;
    ~Nvml() {
        if (initialised_) {
            call<int()>("nvmlShutdown");
        }
    }

    /// Calls a function of the library; −1 where it has no such function.
    template <class Signature, class... Arguments>
    int call(const char* name, Arguments... arguments) const {
        void* symbol = handle_ ? ::dlsym(handle_.get(), name) : nullptr;
        return symbol != nullptr ? reinterpret_cast<Signature*>(symbol)(arguments...) : -1;
    }
    [[nodiscard]] explicit operator bool() const noexcept { return initialised_; }

    [[nodiscard]] std::string text(const char* function, Device device) const {
        std::array<char, 128> buffer{};
        const int code =
            call<int(Device, char*, unsigned)>(function, device, buffer.data(), unsigned{buffer.size() - 1});
        return code == 0 ? std::string{buffer.data()} : std::string{};
    }

  private:
    std::unique_ptr<void, int (*)(void*)> handle_;
    bool initialised_{false};
};

Gpu describe(const Nvml& nvml, Device device, unsigned index, bool is_mig) {
    Memory memory{};
    nvml.call<int(Device, Memory*)>("nvmlDeviceGetMemoryInfo", device, &memory);
    return {nvml.text("nvmlDeviceGetUUID", device), nvml.text("nvmlDeviceGetName", device), memory.total, index,
            is_mig};
}

void add_device(const Nvml& nvml, unsigned index, std::vector<Gpu>& gpus) {
    Device device = nullptr;
    if (nvml.call<int(unsigned, Device*)>("nvmlDeviceGetHandleByIndex_v2", index, &device) != 0) {
        return;
    }
    unsigned mig_now = 0;
    unsigned mig_pending = 0;
    nvml.call<int(Device, unsigned*, unsigned*)>("nvmlDeviceGetMigMode", device, &mig_now, &mig_pending);
    if (mig_now == 0) {
        gpus.push_back(describe(nvml, device, index, false));
        return;
    }
    unsigned most = 0;
    nvml.call<int(Device, unsigned*)>("nvmlDeviceGetMaxMigDeviceCount", device, &most);
    for (unsigned instance = 0; instance < most; ++instance) {
        Device mig = nullptr;
        if (nvml.call<int(Device, unsigned, Device*)>("nvmlDeviceGetMigDeviceHandleByIndex", device, instance, &mig) ==
            0) {
            gpus.push_back(describe(nvml, mig, index, true));
        }
    }
}

const Gpu* named_by(std::string_view entry, const std::vector<Gpu>& all) {
    unsigned index = 0;
    const auto [end, error] = std::from_chars(entry.data(), entry.data() + entry.size(), index);
    const bool is_index = error == std::errc{} && end == entry.data() + entry.size();
    const Gpu* found = nullptr;
    for (const Gpu& gpu : all) {
        const bool by_uuid = !is_index && entry.size() > 4 && gpu.uuid.starts_with(entry);
        if (by_uuid || (is_index && gpu.index == index)) {
            if (found != nullptr && !gpu.is_mig) {
                return nullptr;  // the beginning of several UUIDs
            }
            found = found != nullptr ? found : &gpu;
        }
    }
    return found;
}

}  // namespace

std::vector<Gpu> find_gpus(const std::string& library) {
    std::vector<Gpu> gpus;
    const Nvml nvml{library};
    unsigned count = 0;
    if (!nvml || nvml.call<int(unsigned*)>("nvmlDeviceGetCount_v2", &count) != 0) {
        return gpus;
    }
    for (unsigned index = 0; index < count; ++index) {
        add_device(nvml, index, gpus);
    }
    return gpus;
}

std::vector<Gpu> visible_gpus(const std::vector<Gpu>& all, std::optional<std::string_view> mask) {
    if (!mask) {
        return all;
    }
    std::vector<Gpu> visible;
    std::string_view rest = *mask;
    while (!rest.empty()) {
        const std::size_t comma = rest.find(',');
        std::string_view entry = rest.substr(0, comma);
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
        while (entry.starts_with(' ')) {
            entry.remove_prefix(1);
        }
        while (entry.ends_with(' ')) {
            entry.remove_suffix(1);
        }
        const Gpu* gpu = named_by(entry, all);
        if (gpu == nullptr) {
            break;
        }
        visible.push_back(*gpu);
    }
    return visible;
}

}  // namespace hpogrid::cluster
