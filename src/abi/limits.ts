// Generated from BTF by bpf-maps. To change it, change the C source and generate again.
export const ABI_VERSION = 7;
export const LIMIT_SERVICES = 16384;
export const LIMIT_SERVERS = 65536;
export const LIMIT_MEMBERS = 262144;
export const LIMIT_INTERFACES = 64;
export const LIMIT_VLANS = 65;
export const LIMIT_HASH_SLOTS = 256;
export const LIMIT_MH_SLOTS = 4093;
export const LIMIT_LOCALITIES = 16384;
export const LIMIT_LOCALITY_SERVERS = 32;
export const LIMIT_SOURCES = 65536;
export const LIMIT_FRONT_HOPS = 1024;
export const LIMIT_REVOCATIONS = 16384;
export const LIMIT_STATES = 16;
export const LIMIT_FAMILIES = 2;
export const LIMIT_DOCUMENT_CHUNK = 4096;
export const LIMIT_TICK_SHIFT = 26;
