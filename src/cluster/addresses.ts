import { Netmask, ip2long, long2ip } from 'netmask';

/** An IPv4 address of a host; `primary` is false for a secondary one of the same subnet. */
export interface HostAddress {
  address: string;
  primary: boolean;
}

/** What is wrong with a text, and what to write instead. */
export interface Complaint {
  message: string;
  hint?: string;
}

/**
 * The host's address on a plane: the recorded one while the host still has it, else the first CIDR, in order, that holds any; in it a primary
 * address goes before a secondary one, then the lowest. A virtual IP (`exclude`) never counts, wherever it is at the moment.
 */
export function chooseAddress(
  cidrs: readonly string[],
  addresses: readonly HostAddress[],
  { recorded, exclude = [] }: { recorded?: string; exclude?: readonly string[] } = {},
): string | undefined {
  const candidates = addresses.filter(({ address }) => !exclude.includes(address));
  if (candidates.some(({ address }) => address === recorded)) return recorded;
  for (const cidr of cidrs) {
    const inside = candidates.filter(({ address }) => contains(cidr, address));
    const [first] = inside.sort(
      (a, b) => Number(b.primary) - Number(a.primary) || compareAddresses(a.address, b.address),
    );
    if (first) return first.address;
  }
  return undefined;
}

/** The nth address of a service CIDR: 1 is the API server's Service, 10 is DNS. Throws when the CIDR is too small; see `addressCount`. */
export function serviceAddress(cidr: string, n: number): string {
  const address = long2ip(new Netmask(cidr).netLong + n);
  if (!contains(cidr, address)) throw new RangeError(`${cidr} has no address number ${n}`);
  return address;
}

/** Its own name and its broadcast address; none where there are too few to spare two. */
export function edgesOf(cidr: string): string[] {
  const { base, broadcast } = new Netmask(cidr);
  return broadcast === undefined ? [] : [base, broadcast];
}

export function addressCount(cidr: string): number {
  return new Netmask(cidr).size;
}

export function prefixLength(cidr: string): number {
  return new Netmask(cidr).bitmask;
}

/** The network of `length` that holds the start of `cidr`. */
export function networkAround(cidr: string, length: number): string {
  return new Netmask(`${new Netmask(cidr).base}/${length}`).toString();
}

/** True when the address, or the whole network, lies in `cidr`. */
export function contains(cidr: string, addressOrCidr: string): boolean {
  return new Netmask(cidr).contains(addressOrCidr);
}

/** What no node, pod or Service can have as its address; the kubelet itself refuses to start with one. */
const extraordinary = {
  '0.0.0.0/8': 'stand for no host',
  '127.0.0.0/8': 'never leave a host',
  '169.254.0.0/16': 'are never routed',
  '224.0.0.0/4': 'are for multicast',
  '240.0.0.0/4': 'are reserved',
};

/** Why nobody can have the address, or any of the network; undefined where they can. */
export function whyExtraordinary(addressOrCidr: string): string | undefined {
  const found = Object.entries(extraordinary).find(([range]) => contains(range, addressOrCidr));
  return found && `addresses of ${found[0]} ${found[1]}`;
}

/** Two networks either hold one another or have nothing in common. */
export function overlaps(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one);
}

/** By number, not by text: 10.0.0.9 goes before 10.0.0.10. */
export function compareAddresses(one: string, other: string): number {
  return ip2long(one) - ip2long(other);
}

export function isAddress(text: string): boolean {
  return explainAddress(text) === undefined;
}

/** Why `text` is not an IPv4 address; undefined when it is one. Stricter than netmask, which reads `010.0.0.1` as 8.0.0.1. */
export function explainAddress(text: string): Complaint | undefined {
  if (text.includes(':')) return { message: `'${text}' is IPv6: not yet supported`, hint: 'write an IPv4 address' };
  const plain = withoutLeadingZeros(text);
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(plain) || plain.split('.').some((part) => Number(part) > 255)) {
    const [address = '', length] = text.split('/');
    const hint = length && isAddress(address) ? `write ${address}` : 'four numbers from 0 to 255, as in 10.0.0.11';
    return { message: `'${text}' is not an IPv4 address`, hint };
  }
  return plain === text ? undefined : leadingZero(text, plain);
}

/** Why `text` is not an IPv4 network; undefined when it is one. */
export function explainCidr(text: string): Complaint | undefined {
  if (text.includes(':')) return { message: `'${text}' is IPv6: not yet supported`, hint: 'write an IPv4 network' };
  const [, address = '', length] = /^([\d.]+)(?:\/(\d{1,2}))?$/.exec(text) ?? [];
  const plain = withoutLeadingZeros(address);
  if (!isAddress(plain) || Number(length ?? 32) > 32) {
    return { message: `'${text}' is not an IPv4 network`, hint: 'address/prefix length, as in 10.0.0.0/24' };
  }
  const network = new Netmask(`${plain}/${Number(length ?? 32)}`).toString();
  if (network === text) return undefined;
  if (length === undefined)
    return { message: `'${text}' has no prefix length`, hint: `for this one address write ${network}` };
  if (plain !== address || length.startsWith('0')) return leadingZero(text, network);
  return { message: `'${text}' is not the start of a network`, hint: `the network with ${plain} in it is ${network}` };
}

function withoutLeadingZeros(address: string): string {
  return address.replace(/(?<!\d)0+(?=\d)/g, '');
}

function leadingZero(text: string, plain: string): Complaint {
  return { message: `'${text}' has a leading zero, which some programs read as octal`, hint: `write ${plain}` };
}
