// SPDX-License-Identifier: MIT
// Table of contents: what the addon exports to JavaScript.
#include <napi.h>

#include "btf.h"
#include "environment.h"
#include "error.h"
#include "file_lock.h"
#include "link.h"
#include "log_capture.h"
#include "map.h"
#include "net_device.h"
#include "netlink_monitor.h"
#include "object.h"
#include "program.h"
#include "ring_buffer.h"
#include "xdp.h"

namespace libbpf {

namespace {

// slot: for the classes of which C++ makes objects.
template <class T>
void exportClass(Napi::Object exports, const char* name, Napi::FunctionReference Environment::*slot = nullptr) {
  Napi::Function constructor = T::define(exports.Env());
  if (slot) Environment::of(exports.Env()).*slot = Napi::Persistent(constructor);
  exports.Set(name, constructor);
}

template <auto function>
void exportFunction(Napi::Object exports, const char* name) {
  exports.Set(name, Napi::Function::New<function>(exports.Env(), name));
}

Napi::Value possibleCpusFunction(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), possibleCpus(info.Env()));
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  LogCapture::install();
  Environment::create(env);
  exportFunction<setErrorClass>(exports, "setErrorClass");
  exportClass<BpfObject>(exports, "BpfObject", &Environment::object);
  exportClass<BpfMap>(exports, "BpfMap", &Environment::map);
  exportClass<Program>(exports, "Program", &Environment::program);
  exportClass<Link>(exports, "Link", &Environment::link);
  exportClass<RingBuffer>(exports, "RingBuffer");
  exportClass<NetlinkMonitor>(exports, "NetlinkMonitor");
  exportClass<FileLock>(exports, "FileLock", &Environment::fileLock);
  exportFunction<possibleCpusFunction>(exports, "possibleCpus");
  exportFunction<btfById>(exports, "btfById");
  exportFunction<vmlinuxBtf>(exports, "vmlinuxBtf");
  exportFunction<xdpQuery>(exports, "xdpQuery");
  exportFunction<xdpFeatures>(exports, "xdpFeatures");
  exportFunction<ifIndex>(exports, "ifIndex");
  exportFunction<ifName>(exports, "ifName");
  exportFunction<driverName>(exports, "driverName");
  exportFunction<ethtoolFlags>(exports, "ethtoolFlags");
  exportFunction<sendFrame>(exports, "sendFrame");
  return exports;
}

}  // namespace

NODE_API_MODULE(libbpf, initialize)

}  // namespace libbpf
