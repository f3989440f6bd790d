// SPDX-License-Identifier: MIT
// NetlinkMonitor: multicast notices of links, addresses, routes and neighbours, delivered by the event loop.
#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "callback.h"
#include "handle.h"
#include "poller.h"

namespace libbpf {

class NetlinkMonitor : public Napi::ObjectWrap<NetlinkMonitor>, public Handle, private Poller::Listener {
 public:
  static Napi::Function define(Napi::Env env);

  explicit NetlinkMonitor(const Napi::CallbackInfo& info);
  ~NetlinkMonitor() override { close(); }

 protected:
  void release() noexcept override;

 private:
  void readable() noexcept override;
  // Returns false when the socket is empty, or was closed by a callback.
  bool readOne();
  void deliver(const std::vector<uint8_t>& datagram, size_t length);
  void refMethod(const Napi::CallbackInfo& info);
  void unrefMethod(const Napi::CallbackInfo& info);
  void closeMethod(const Napi::CallbackInfo&) { close(); }

  UniqueFd socket_;
  Poller* poller_ = nullptr;
  std::shared_ptr<Callback> onMessage_;
  std::shared_ptr<Callback> onOverrun_;
};

}  // namespace libbpf
