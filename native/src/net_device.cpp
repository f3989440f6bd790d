// SPDX-License-Identifier: MIT
// Names, indexes and drivers of devices; XDP's side of a device is in xdp.cpp.
#include "net_device.h"

#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "arguments.h"
#include "error.h"
#include "unique_fd.h"

namespace libbpf {

Napi::Value ifIndex(const Napi::CallbackInfo& info) {
  std::string name = stringArgument(info[0], "name");
  unsigned int index = if_nametoindex(name.c_str());
  return index ? Napi::Number::New(info.Env(), index) : info.Env().Undefined();
}

Napi::Value ifName(const Napi::CallbackInfo& info) {
  char name[IF_NAMESIZE];
  if (!if_indextoname(unsignedArgument(info[0], "index", INT32_MAX), name)) return info.Env().Undefined();
  return Napi::String::New(info.Env(), name);
}

// Asks ethtool about the device that the call names. False: it does not exist, or does not say.
static bool askEthtool(const Napi::CallbackInfo& info, const char* operation, void* question) {
  std::string device = stringArgument(info[0], "device");
  if (device.size() >= IF_NAMESIZE) return false;
  UniqueFd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd) fail(info.Env(), {.error = errno, .operation = operation, .object = device});
  ifreq request{};
  std::memcpy(request.ifr_name, device.c_str(), device.size());
  request.ifr_data = static_cast<char*>(question);
  if (ioctl(fd.get(), SIOCETHTOOL, &request) == 0) return true;
  if (errno == ENODEV || errno == EOPNOTSUPP) return false;
  fail(info.Env(), {.error = errno, .operation = operation, .object = device});
}

Napi::Value driverName(const Napi::CallbackInfo& info) {
  ethtool_drvinfo driver{};
  driver.cmd = ETHTOOL_GDRVINFO;
  if (!askEthtool(info, "driverName", &driver)) return info.Env().Undefined();
  return Napi::String::New(info.Env(), driver.driver, strnlen(driver.driver, sizeof driver.driver));
}

Napi::Value ethtoolFlags(const Napi::CallbackInfo& info) {
  ethtool_value flags{};
  flags.cmd = ETHTOOL_GFLAGS;
  if (!askEthtool(info, "ethtoolFlags", &flags)) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), flags.data);
}

void sendFrame(const Napi::CallbackInfo& info) {
  uint32_t index = unsignedArgument(info[0], "ifindex", INT32_MAX);
  Bytes frame = bytesArgument(info[1], "frame");
  if (frame.size() < ETH_HLEN) {
    throwRange(info.Env(), "frame must be at least 14 bytes, got " + std::to_string(frame.size()));
  }
  std::string device = "device " + std::to_string(index);
  // Protocol 0: this socket only sends.
  UniqueFd fd(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!fd) fail(info.Env(), {.error = errno, .operation = "sendFrame", .object = device});
  sockaddr_ll target{};
  target.sll_family = AF_PACKET;
  target.sll_ifindex = static_cast<int>(index);
  ssize_t sent = sendto(fd.get(), frame.data(), frame.size(), 0, reinterpret_cast<sockaddr*>(&target), sizeof target);
  if (sent < 0) fail(info.Env(), {.error = errno, .operation = "sendFrame", .object = device});
}

}  // namespace libbpf
