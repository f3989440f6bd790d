#!/bin/sh
# SPDX-License-Identifier: MIT
# Process 1 of the guest: loads the modules beside it, mounts the disk read-only with memory over what must be writable,
# runs /command there, says its status and powers off.
export PATH=/bin:/usr/sbin:/usr/bin:/sbin
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
$b mount -t devtmpfs dev /dev
for module in /modules/*.ko; do
	[ ! -e "$module" ] || $b insmod "$module" || echo "vm: no module $module"
done
$b mount -t ext4 -o ro /dev/vda /disk || echo 'vm: no disk'
for place in tmp run var; do $b mount -t tmpfs tmpfs "/disk/$place"; done
for place in proc sys dev; do $b mount --bind "/$place" "/disk/$place"; done
$b mkdir -p /disk/dev/shm /disk/run/netns /disk/var/tmp /disk/dev/fd
$b rmdir /disk/dev/fd
$b ln -s /proc/self/fd /disk/dev/fd
$b mount -t tmpfs shm /disk/dev/shm
$b mount -t bpf bpf /disk/sys/fs/bpf
$b mount -t cgroup2 cgroup /disk/sys/fs/cgroup
$b ip link set lo up
$b hostname vm
echo 'vm: begin'
$b chroot /disk /bin/sh -c "cd /w && $($b cat /command)"
echo "vm: end $?"
$b sync
$b poweroff -f
