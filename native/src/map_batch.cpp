// SPDX-License-Identifier: MIT
// Many entries per system call. Where the kernel has no batch operation for a map type (ENOTSUPP) or none at all
// (EINVAL before 5.6), the same result entry by entry.
#include <bpf/bpf.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "error.h"
#include "map.h"

namespace libbpf {

namespace {

constexpr int kernelNotSupported = 524;  // ENOTSUPP
// V8 ends the process when a buffer cannot be had, so a bound has to come first.
constexpr size_t maxBatchBytes = size_t{1} << 30;
// A key that vanishes during the walk of a trie interrupts it; the walk is then repeated.
constexpr int maxInterruptions = 64;

bool lacksBatch(int error) { return error == kernelNotSupported || error == EINVAL; }

Bytes atLeast(const Napi::Value& value, const std::string& what, size_t length) {
  Bytes bytes = bytesArgument(value, what);
  if (bytes.size() >= length) return bytes;
  throwRange(value.Env(),
             what + " must be at least " + std::to_string(length) + " bytes, got " + std::to_string(bytes.size()));
}

Napi::Uint8Array firstBytes(Napi::ArrayBuffer buffer, size_t length) {
  return Napi::Uint8Array::New(buffer.Env(), length, buffer, 0);
}

}  // namespace

// A hash map's cursor is a bucket number, a trie's a key.
size_t BpfMap::cursorSize() const { return std::max<size_t>(info_.key_size, sizeof(uint32_t)); }

// Returns 0 with more to come, ENOENT at the end, or another errno; count: capacity in, entries out.
int BpfMap::lookupBatch(int fd, const uint8_t* cursor, uint8_t* next, uint8_t* keys, uint8_t* values,
                        uint32_t& count) const {
  const uint32_t capacity = count;
  int error = 0;
  for (int attempt = 0; attempt < maxInterruptions; attempt++) {
    count = capacity;
    // The kernel does not write to the cursor; libbpf forgot to say so.
    error = -bpf_map_lookup_batch(fd, const_cast<uint8_t*>(cursor), next, keys, values, &count, nullptr);
    if (error != EINTR) break;
  }
  if (!lacksBatch(error)) return error;
  count = capacity;
  return lookupOneByOne(fd, cursor, next, keys, values, count);
}

int BpfMap::lookupOneByOne(int fd, const uint8_t* cursor, uint8_t* next, uint8_t* keys, uint8_t* values,
                           uint32_t& count) const {
  const uint32_t capacity = std::exchange(count, 0);
  const uint8_t* previous = cursor;
  while (count < capacity) {
    if (bpf_map_get_next_key(fd, previous, next)) return errno;
    std::memcpy(keys + size_t{count} * info_.key_size, next, info_.key_size);
    previous = next;
    if (bpf_map_lookup_elem(fd, next, values + count * stride_) == 0) count++;
    else if (errno != ENOENT) return errno;
  }
  return 0;
}

Napi::Value BpfMap::getBatch(const Napi::CallbackInfo& info) {
  constexpr const char* operation = "map getBatch";
  Napi::Env env = info.Env();
  uint32_t capacity = std::min(unsignedArgument(info[1], "count"), std::max(info_.max_entries, 1u));
  if (capacity == 0) throwRange(env, "count must be at least 1, got 0");
  int map = fd(env, operation);
  Bytes cursor = info[0].IsUndefined() ? Bytes{} : exactBytes(info[0], "cursor", cursorSize());
  std::vector<uint8_t> from(cursor.begin(), cursor.end()), next(cursorSize());

  for (;; capacity *= 2) {
    if (capacity * (size_t{info_.key_size} + stride_) > maxBatchBytes) throwRange(env, "count asks for more than 1 GiB");
    auto keys = Napi::ArrayBuffer::New(env, size_t{capacity} * info_.key_size);
    auto values = Napi::ArrayBuffer::New(env, capacity * stride_);
    uint32_t count = capacity;
    int error = lookupBatch(map, from.empty() ? nullptr : from.data(), next.data(), static_cast<uint8_t*>(keys.Data()),
                            static_cast<uint8_t*>(values.Data()), count);
    if (error == ENOSPC) continue;  // One hash bucket holds more than asked for, and is never split.
    if (error != 0 && error != ENOENT) failed(env, operation, error);
    auto batch = Napi::Object::New(env);
    batch.Set("keys", firstBytes(keys, size_t{count} * info_.key_size));
    batch.Set("values", firstBytes(values, count * stride_));
    batch.Set("count", count);
    batch.Set("cursor", error ? env.Undefined() : copyBytes(env, next.data(), next.size()).As<Napi::Value>());
    return batch;
  }
}

// Returns 0 or an errno; count: entries in, entries done out.
int BpfMap::updateMany(int fd, const uint8_t* keys, const uint8_t* values, uint64_t flags, uint32_t& count) const {
  const uint32_t wanted = count;
  if (flags == BPF_ANY) {  // The kernel's batch knows no other mode.
    int error = -bpf_map_update_batch(fd, keys, values, &count, nullptr);
    if (!lacksBatch(error)) return error;
  }
  for (count = 0; count < wanted; count++) {
    if (bpf_map_update_elem(fd, keys + size_t{count} * info_.key_size, values + count * stride_, flags)) return errno;
  }
  return 0;
}

// Missing keys are passed over. Returns 0 or an errno.
int BpfMap::deleteMany(int fd, const uint8_t* keys, uint32_t count, uint32_t& deleted) const {
  uint32_t position = 0;
  while (position < count) {
    uint32_t done = count - position;
    int error = -bpf_map_delete_batch(fd, keys + size_t{position} * info_.key_size, &done, nullptr);
    if (lacksBatch(error)) break;
    deleted += done;
    if (error != ENOENT) return error;
    position += done + 1;
  }
  for (; position < count; position++) {
    if (bpf_map_delete_elem(fd, keys + size_t{position} * info_.key_size) == 0) deleted++;
    else if (errno != ENOENT) return errno;
  }
  return 0;
}

Napi::Value BpfMap::setBatch(const Napi::CallbackInfo& info) {
  uint32_t count = unsignedArgument(info[2], "count");
  uint64_t flags = updateMode(info[3]);
  int map = fd(info.Env(), "map setBatch");
  Bytes keys = atLeast(info[0], "map " + name_ + ": keys", size_t{count} * info_.key_size);
  Bytes values = atLeast(info[1], "map " + name_ + ": values", count * stride_);
  int error = count ? updateMany(map, keys.data(), values.data(), flags, count) : 0;
  if (error) failed(info.Env(), "map setBatch", error, count);
  return Napi::Number::New(info.Env(), count);
}

Napi::Value BpfMap::deleteBatch(const Napi::CallbackInfo& info) {
  uint32_t count = unsignedArgument(info[1], "count");
  int map = fd(info.Env(), "map deleteBatch");
  Bytes keys = atLeast(info[0], "map " + name_ + ": keys", size_t{count} * info_.key_size);
  uint32_t deleted = 0;
  int error = deleteMany(map, keys.data(), count, deleted);
  if (error) failed(info.Env(), "map deleteBatch", error, deleted);
  return Napi::Number::New(info.Env(), deleted);
}

}  // namespace libbpf
