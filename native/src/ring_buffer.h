// SPDX-License-Identifier: MIT
// RingBuffer: records of a ring buffer map, delivered by the event loop.
#pragma once

#include <bpf/libbpf.h>
#include <napi.h>

#include <memory>

#include "callback.h"
#include "handle.h"
#include "poller.h"

namespace libbpf {

class RingBuffer : public Napi::ObjectWrap<RingBuffer>, public Handle, private Poller::Listener {
 public:
  static Napi::Function define(Napi::Env env);

  explicit RingBuffer(const Napi::CallbackInfo& info);
  ~RingBuffer() override { close(); }

 protected:
  void release() noexcept override;

 private:
  void readable() noexcept override;
  static int onRecord(void* self, void* data, size_t size);
  void refMethod(const Napi::CallbackInfo& info);
  void unrefMethod(const Napi::CallbackInfo& info);
  void closeMethod(const Napi::CallbackInfo&) { close(); }
  void report(int error) noexcept;

  UniqueFd map_;
  std::unique_ptr<ring_buffer, void (*)(ring_buffer*)> ring_{nullptr, ring_buffer__free};
  Poller* poller_ = nullptr;
  std::shared_ptr<Callback> onRecord_;
  std::shared_ptr<Callback> onError_;
  bool consuming_ = false;
  int budget_ = 0;
};

}  // namespace libbpf
