// SPDX-License-Identifier: MIT
// -h and -v.

/** What scripts look for first: the version of ipvsadm whose words and formats these are. */
export function versionText(version: string): string {
  return `ipvsadm v1.31 2019/12/24 (xlvs ${version} and IPVS v1.2.1)`;
}

const USAGE = `Usage:
  ipvsadm -A|-E SERVICE [-s SCHEDULER] [-p [SECONDS]] [-M NETMASK] [-b FLAGS] [-o]
  ipvsadm -a|-e SERVICE -r SERVER -m [-w WEIGHT] [-x UPPER] [-y LOWER]
  ipvsadm -d SERVICE -r SERVER
  ipvsadm -D SERVICE
  ipvsadm -L|-l [SERVICE] [OPTIONS]
  ipvsadm -Z [SERVICE]
  ipvsadm -C | -R | -S [-n]
  ipvsadm --set TCP TCPFIN UDP
  ipvsadm -h | -v

Commands, of which one comes first:
  -A, --add-service            add a service
  -E, --edit-service           change a service; what is not said gets its default
  -D, --delete-service         delete a service; its connections end by themselves
  -C, --clear                  delete all services
  -a, --add-server             add a server to a service
  -e, --edit-server            change a server; what is not said gets its default
  -d, --delete-server          delete a server from a service
  -L, -l, --list               list (also without any argument)
  -S, --save                   write what makes the table again, thresholds included
  -R, --restore                read such lines from stdin: all of them or none; # begins a comment
  -Z, --zero                   zero what --stats shows
      --set TCP TCPFIN UDP     timeouts in seconds; 0 leaves one as it is
  -h, --help                   this text
  -v, --version                the version

SERVICE:
  -t, --tcp-service HOST[:PORT]
  -u, --udp-service HOST[:PORT]
      --sctp-service HOST[:PORT]
  -f, --fwmark-service MARK    then -6, --ipv6 if its servers are IPv6

Options:
  -s, --scheduler NAME         rr wrr lc wlc lblc lblcr dh sh mh sed nq fo ovf twos none (wlc)
  -p, --persistent [SECONDS]   a client keeps its server (360)
  -M, --netmask NETMASK        so do all clients of a network; IPv6: a prefix length
  -b, --sched-flags FLAGS      sh-fallback,sh-port or mh-fallback,mh-port; flag-1 to flag-3
  -o, --ops                    each datagram by itself (UDP and marks)
  -r, --real-server HOST[:PORT]
  -m, --masquerading           NAT: all that xlvs does, so it must be said
  -w, --weight N               (1); 0: no new connections
  -x, --u-threshold N          connections at which a server takes no more
  -y, --l-threshold N          below so many it takes some again
  -n, --numeric                numbers instead of names
  -c, --connection             connections and persistence entries
      --stats                  what was counted since the last -Z
      --rate                   what is counted in a second; the daemon keeps it
      --exact, -X              numbers never shortened
      --thresholds             thresholds
      --persistent-conn        persistence entries
      --tun-info               tunnels: there are none
      --timeout                timeouts
      --daemon                 the sync daemon: there is none
      --nosort, --sort         by name, newest server first; by address (the default)

Which router: XLVS_PINS names its pins; without it /sys/fs/bpf/xlvs. See xlvs(8).`;

export function usageText(): string[] {
  return USAGE.split('\n');
}
