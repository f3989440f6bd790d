// SPDX-License-Identifier: MIT
// Splits datagrams of NETLINK_ROUTE into messages; what they say is for JavaScript to read.
#include "netlink_monitor.h"

#include <linux/netlink.h>
#include <sys/socket.h>

#include "arguments.h"
#include "dispose.h"
#include "environment.h"
#include "error.h"

namespace libbpf {

namespace {

// The kernel never builds a larger datagram for a notice.
constexpr size_t largestDatagram = 65536;
constexpr int datagramsPerWakeup = 256;
// Room for a burst, such as a device that goes and takes its routes along. Granted as far as the system allows.
constexpr int receiveBuffer = 1 << 20;

UniqueFd openSocket(Napi::Env env, const std::vector<uint32_t>& groups) {
  constexpr const char* operation = "netlink monitor open";
  UniqueFd fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  if (!fd) fail(env, {.error = errno, .operation = operation, .object = "route"});
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
  sockaddr_nl self{.nl_family = AF_NETLINK};
  if (bind(fd.get(), reinterpret_cast<sockaddr*>(&self), sizeof self)) {
    fail(env, {.error = errno, .operation = operation, .object = "route"});
  }
  for (uint32_t group : groups) {
    if (setsockopt(fd.get(), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) == 0) continue;
    fail(env, {.error = errno, .operation = operation, .object = "group " + std::to_string(group)});
  }
  return fd;
}

std::vector<uint32_t> groupsArgument(const Napi::Value& value) {
  if (!value.IsArray()) throwType(value, "groups", "an array of numbers");
  auto list = value.As<Napi::Array>();
  std::vector<uint32_t> groups;
  for (uint32_t i = 0; i < list.Length(); i++) groups.push_back(unsignedArgument(list.Get(i), "group"));
  return groups;
}

}  // namespace

Napi::Function NetlinkMonitor::define(Napi::Env env) {
  return DefineClass(env, "NetlinkMonitor", withDispose<NetlinkMonitor, &NetlinkMonitor::closeMethod>(env, {
      InstanceMethod<&NetlinkMonitor::refMethod>("ref"),
      InstanceMethod<&NetlinkMonitor::unrefMethod>("unref"),
  }));
}

NetlinkMonitor::NetlinkMonitor(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<NetlinkMonitor>(info), Handle("netlink monitor", "route") {
  Napi::Env env = info.Env();
  std::vector<uint32_t> groups = groupsArgument(info[0]);
  Napi::Function onMessage = functionArgument(info[1], "onMessage");
  Napi::Value onOverrun = optionsArgument(info[2]).value("onOverrun");
  onMessage_ = std::make_shared<Callback>(onMessage, "libbpf.NetlinkMonitor");
  if (!onOverrun.IsUndefined()) {
    onOverrun_ = std::make_shared<Callback>(functionArgument(onOverrun, "onOverrun"), "libbpf.NetlinkMonitor");
  }
  socket_ = openSocket(env, groups);
  int error = Poller::open(env, socket_.get(), this, &poller_);
  if (error) fail(env, {.error = error, .operation = "netlink monitor open", .object = name_});
  open(Environment::of(env).handles);
  Ref();
}

void NetlinkMonitor::release() noexcept {
  std::exchange(poller_, nullptr)->close();
  socket_.reset();
  onMessage_.reset();
  onOverrun_.reset();
  Unref();
}

void NetlinkMonitor::readable() noexcept {
  Napi::HandleScope scope(Env());
  [[maybe_unused]] Napi::Object alive = Value();
  try {
    for (int left = datagramsPerWakeup; left > 0 && readOne(); left--) continue;
  } catch (const Napi::Error&) {
    close();  // The thread is being terminated.
  }
}

bool NetlinkMonitor::readOne() {
  std::vector<uint8_t> datagram(largestDatagram);
  sockaddr_nl sender{};
  socklen_t senderSize = sizeof sender;
  ssize_t length = recvfrom(socket_.get(), datagram.data(), datagram.size(), MSG_TRUNC,
                            reinterpret_cast<sockaddr*>(&sender), &senderSize);
  if (length < 0 && errno == EINTR) return true;
  bool lost = length < 0 ? errno == ENOBUFS : static_cast<size_t>(length) > datagram.size();
  if (lost && onOverrun_) {
    std::shared_ptr<Callback> callback = onOverrun_;
    callback->call({});
  }
  if (lost || length < 0) return lost && isOpen();
  if (sender.nl_pid == 0) deliver(datagram, static_cast<size_t>(length));  // Other processes may write to us, too.
  return isOpen();
}

void NetlinkMonitor::deliver(const std::vector<uint8_t>& datagram, size_t length) {
  std::shared_ptr<Callback> callback = onMessage_;
  auto left = static_cast<unsigned int>(length);
  auto* header = reinterpret_cast<const nlmsghdr*>(datagram.data());
  for (; isOpen() && NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
    Napi::HandleScope scope(Env());
    auto message = Napi::Object::New(Env());
    message.Set("type", static_cast<uint32_t>(header->nlmsg_type));
    message.Set("payload", copyBytes(Env(), NLMSG_DATA(header), header->nlmsg_len - NLMSG_HDRLEN));
    callback->call({message});
  }
}

void NetlinkMonitor::refMethod(const Napi::CallbackInfo& info) {
  requireOpen(info.Env(), "netlink monitor ref");
  poller_->ref();
}

void NetlinkMonitor::unrefMethod(const Napi::CallbackInfo& info) {
  requireOpen(info.Env(), "netlink monitor unref");
  poller_->unref();
}

}  // namespace libbpf
