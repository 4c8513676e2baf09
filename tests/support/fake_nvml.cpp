// Stands in for NVIDIA's libnvidia-ml.so.1 with one plain GPU and one in MIG mode, whose places 0 and 2 are taken.

#include <cstdio>
#include <cstring>

namespace {

struct FakeDevice {
    const char* uuid;
    const char* name;
    unsigned long long memory;
    unsigned mig;
};

FakeDevice plain{"GPU-11111111-aaaa", "Fake H200", 140ULL << 30, 0};
FakeDevice divided{"GPU-22222222-bbbb", "Fake H200", 140ULL << 30, 1};
FakeDevice instances[] = {{"MIG-33333333-cccc", "Fake H200 MIG 1g", 16ULL << 30, 0},
                          {"MIG-44444444-dddd", "Fake H200 MIG 2g", 32ULL << 30, 0}};

constexpr int success = 0;
constexpr int not_found = 6;

int copy(const char* text, char* buffer, unsigned size) {
    std::snprintf(buffer, size, "%s", text);
    return success;
}

}  // namespace

// NOLINTBEGIN: the names and types are NVIDIA's.
extern "C" {
int nvmlInit_v2() {
    return success;
}
int nvmlShutdown() {
    return success;
}
int nvmlDeviceGetCount_v2(unsigned* count) {
    *count = 2;
    return success;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
    *device = index == 0 ? &plain : &divided;
    return index < 2 ? success : not_found;
}
int nvmlDeviceGetMigMode(void* device, unsigned* now, unsigned* pending) {
    *now = *pending = static_cast<FakeDevice*>(device)->mig;
    return success;
}
int nvmlDeviceGetMaxMigDeviceCount(void*, unsigned* count) {
    *count = 7;
    return success;
}
int nvmlDeviceGetMigDeviceHandleByIndex(void*, unsigned index, void** device) {
    if (index != 0 && index != 2) {
        return not_found;
    }
    *device = &instances[index / 2];
    return success;
}
int nvmlDeviceGetUUID(void* device, char* buffer, unsigned size) {
    return copy(static_cast<FakeDevice*>(device)->uuid, buffer, size);
}
int nvmlDeviceGetName(void* device, char* buffer, unsigned size) {
    return copy(static_cast<FakeDevice*>(device)->name, buffer, size);
}
int nvmlDeviceGetMemoryInfo(void* device, unsigned long long* memory) {
    memory[0] = memory[1] = static_cast<FakeDevice*>(device)->memory;
    memory[2] = 0;
    return success;
}
}
// NOLINTEND
