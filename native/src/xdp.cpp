// SPDX-License-Identifier: MIT
// Which program a device runs, and what its driver can do; attaching is in link.cpp.
#include "xdp.h"

#include <bpf/libbpf.h>
#include <net/if.h>

#include "arguments.h"
#include "error.h"
#include "generic_netlink.h"

namespace libbpf {

namespace {

// From linux/netdev.h, which is younger (6.3) than the oldest headers this builds with.
constexpr char netdevFamily[] = "netdev";
constexpr uint8_t netdevDeviceGet = 1;
constexpr uint16_t netdevIfindex = 1;
constexpr uint16_t netdevXdpFeatures = 3;

struct Attached {
  const char* mode;
  uint32_t program;
};

// With programs in several modes, the one that sees packets first.
Attached firstOf(const bpf_xdp_query_opts& found) {
  if (found.hw_prog_id) return {"offload", found.hw_prog_id};
  if (found.drv_prog_id) return {"native", found.drv_prog_id};
  if (found.skb_prog_id) return {"generic", found.skb_prog_id};
  return {nullptr, 0};
}

}  // namespace

Napi::Value xdpQuery(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  uint32_t index = unsignedArgument(info[0], "ifindex", INT32_MAX);
  bpf_xdp_query_opts found;
  initialize(found);
  // libbpf looks for the device in the list of all, and says nothing if it is not there.
  char name[IF_NAMESIZE];
  if (!if_indextoname(index, name)) {
    fail(env, {.error = ENODEV, .operation = "xdpQuery", .object = "device " + std::to_string(index)});
  }
  int error = -bpf_xdp_query(static_cast<int>(index), 0, &found);
  if (error) fail(env, {.error = error, .operation = "xdpQuery", .object = "device " + std::to_string(index)});
  Attached attached = firstOf(found);
  auto result = Napi::Object::New(env);
  result.Set("mode", attached.mode ? Napi::String::New(env, attached.mode) : env.Undefined());
  result.Set("programId", attached.program);
  return result;
}

Napi::Value xdpFeatures(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  uint32_t index = unsignedArgument(info[0], "ifindex", INT32_MAX);
  std::vector<uint8_t> ifindex(sizeof index);
  std::memcpy(ifindex.data(), &index, sizeof index);
  GenericNetlink netdev;
  GenericNetlink::Attributes answer;
  int error = netdev.open(netdevFamily);
  if (!error) error = netdev.ask(netdevDeviceGet, {{netdevIfindex, ifindex}}, answer);
  if (error == ENOENT || error == ENODEV) return env.Undefined();
  if (error) fail(env, {.error = error, .operation = "xdpFeatures", .object = "device " + std::to_string(index)});
  uint64_t features = 0;
  const auto& value = answer[netdevXdpFeatures];
  if (value.size() != sizeof features) return env.Undefined();
  std::memcpy(&features, value.data(), sizeof features);
  return Napi::BigInt::New(env, features);
}

}  // namespace libbpf
