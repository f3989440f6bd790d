// SPDX-License-Identifier: GPL-2.0-only
// Every shape of key and value that can be represented, as maps of a library of books. Never attached.
#include <linux/types.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define HELP(text) __attribute__((btf_decl_tag(text)))

enum limits {
	MAX_SHELVES = 12,
	MAX_TITLE = 24,
};

enum book_state {
	BOOK_HERE,
	BOOK_LENT,
	BOOK_NOT_FOUND = 9,
	BOOK_NOT_BOUND,
	__BOOK_MAX,
};

struct shelf {
	__u32 floor;
	__u8 corner[6];
	__u16 row;
};

struct book_key {
	__be32 author[4] HELP("the author's number");
	__be16 volume;
	__u8 edition;
	__u8 pad;
};

struct book {
	__u64 pages;
	__be64 printed HELP("nanoseconds since 1450, it's \"early\" */");
	__s64 owed;
	struct shelf shelf;
	char title[MAX_TITLE];
	__s32 offset;
	__s16 small;
	__s8 tiny;
	_Bool lent;
	enum book_state state;
	__u32 many[20];
	struct shelf others[2];
	__le16 little;
	__u16 grid[2][3];
	struct {
		__u16 first;
		__u16 second;
		__u16 third;
	};
	struct {
		__u32 inside;
	} named;
	__u8 _pad2[8];
} HELP("a book on a shelf");

struct with_timer {
	struct bpf_timer timer;
	struct bpf_spin_lock lock;
	__u32 count;
};

struct alarm {
	struct bpf_timer timer;
};

struct visits {
	__u64 visitors;
	__u32 by_hour[4];
	struct {
		__u64 lent;
		__u64 returned;
	} books;
};

struct prefix {
	__u32 prefix_length;
	__be32 address;
};

struct shelf_books {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct book_key);
	__type(value, struct shelf);
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 262144);
	__type(key, struct book_key);
	__type(value, struct book);
} books SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} totals SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 10000);
	__type(key, __be16);
	__type(value, struct visits);
} visits_by_door SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32);
} bells SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 10000);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct prefix);
	__type(value, __u32);
} prefixes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 16);
	__type(key, __u32);
	__array(values, struct shelf_books);
} shelves SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct with_timer);
} map_with_a_long_name SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct alarm);
} alarms SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct event {
	__u32 what;
	enum book_state state;
};

/* Types that no map mentions reach the BTF through a variable that points at them. */
struct event *event;

struct {
	enum limits *limits;
	enum book_state *state;
} contract;

SEC("xdp")
int pass(struct xdp_md *context)
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
