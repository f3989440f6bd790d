// SPDX-License-Identifier: MIT
// Link: a program attached to a network device.
#pragma once

#include <napi.h>

#include <cstdint>
#include <string>

#include "handle.h"

namespace libbpf {

// XDP_FLAGS_*_MODE of 'native', 'generic' or 'offload'; 0, the kernel's choice, when undefined.
uint32_t xdpModeFlags(const Napi::Value& value);

class Link : public Napi::ObjectWrap<Link>, public FdHandle {
 public:
  using Parts = Descriptor;
  static const napi_type_tag tag;
  static Napi::Function define(Napi::Env env);

  explicit Link(const Napi::CallbackInfo& info);
  ~Link() override { close(); }

 protected:
  void release() noexcept override;

 private:
  static Napi::Value attachXdp(const Napi::CallbackInfo& info);
  static Napi::Value openPin(const Napi::CallbackInfo& info);

  Napi::Value getFd(const Napi::CallbackInfo& info);
  void update(const Napi::CallbackInfo& info);
  void detach(const Napi::CallbackInfo& info);
  Napi::Value info(const Napi::CallbackInfo& info);
  void pin(const Napi::CallbackInfo& info) { pinAt(info, "link pin"); }
  void closeMethod(const Napi::CallbackInfo&) { close(); }
};

}  // namespace libbpf
