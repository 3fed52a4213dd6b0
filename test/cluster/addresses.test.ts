import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressCount,
  chooseAddress,
  compareAddresses,
  contains,
  explainAddress,
  explainCidr,
  overlaps,
  serviceAddress,
} from '../../src/cluster/addresses.js';

const address = fc.tuple(...Array.from({ length: 4 }, () => fc.nat(255))).map((parts) => parts.join('.'));
const hostAddress = fc.record({ address, primary: fc.boolean() });
const cidr = fc.tuple(address, fc.integer({ min: 0, max: 32 })).map(([base, length]) => networkOf(base, length));

describe('the address of a host on a plane', () => {
  const eth0 = { address: '10.0.0.11', primary: true };
  const second = { address: '10.0.0.5', primary: false };
  const eth1 = { address: '10.0.1.11', primary: true };

  it.each<[string, string[], Parameters<typeof chooseAddress>[2], string | undefined]>([
    ['is the one inside the first CIDR', ['10.0.0.0/24', '10.0.1.0/24'], {}, '10.0.0.11'],
    ['follows the order of the CIDRs, not of the host', ['10.0.1.0/24', '10.0.0.0/24'], {}, '10.0.1.11'],
    ['is in a later CIDR when the first has none', ['172.16.0.0/12', '10.0.1.0/24'], {}, '10.0.1.11'],
    ['is a primary one although a secondary one is lower', ['10.0.0.0/16'], {}, '10.0.0.11'],
    ['is the secondary one when that alone matches', ['10.0.0.0/29'], {}, '10.0.0.5'],
    ['stays the recorded one while the host has it', ['10.0.1.0/24'], { recorded: '10.0.0.11' }, '10.0.0.11'],
    ['is chosen anew when the recorded one is gone', ['10.0.1.0/24'], { recorded: '10.0.0.99' }, '10.0.1.11'],
    ['is never the virtual IP', ['10.0.0.0/24'], { exclude: ['10.0.0.11'] }, '10.0.0.5'],
    [
      'is never the virtual IP, even when that was recorded',
      ['10.0.0.0/28'],
      { exclude: ['10.0.0.11'], recorded: '10.0.0.11' },
      '10.0.0.5',
    ],
    ['is none when no CIDR holds any', ['192.168.0.0/16'], {}, undefined],
  ])('%s', (_, cidrs, options, expected) => {
    expect(chooseAddress(cidrs, [second, eth1, eth0], options)).toBe(expected);
  });

  it('never depends on the order in which the host lists its addresses', () => {
    fc.assert(
      fc.property(fc.array(cidr), fc.uniqueArray(hostAddress, { selector: (a) => a.address }), (cidrs, addresses) => {
        expect(chooseAddress(cidrs, addresses.toReversed())).toBe(chooseAddress(cidrs, addresses));
      }),
    );
  });

  it('lies in a CIDR of the list, and no earlier CIDR holds any', () => {
    fc.assert(
      fc.property(fc.array(cidr), fc.array(hostAddress), (cidrs, addresses) => {
        const chosen = chooseAddress(cidrs, addresses);
        const first = cidrs.find((each) => addresses.some((a) => contains(each, a.address)));

        expect(chosen !== undefined).toBe(first !== undefined);
        if (chosen && first) expect(contains(first, chosen)).toBe(true);
      }),
    );
  });

  it('once recorded, is not moved by any new list of CIDRs', () => {
    fc.assert(
      fc.property(fc.array(cidr), fc.array(hostAddress, { minLength: 1 }), (cidrs, addresses) => {
        const recorded = addresses[0]!.address;

        expect(chooseAddress(cidrs, addresses, { recorded })).toBe(recorded);
      }),
    );
  });
});

describe('networks', () => {
  it('gives the addresses that kubeadm gives to Services', () => {
    expect(serviceAddress('10.96.0.0/12', 1)).toBe('10.96.0.1');
    expect(serviceAddress('10.96.0.0/12', 10)).toBe('10.96.0.10');
    expect(serviceAddress('10.0.255.0/24', 10)).toBe('10.0.255.10');
    expect(() => serviceAddress('10.96.0.0/29', 10)).toThrow('10.96.0.0/29 has no address number 10');
  });

  it('overlap exactly when one holds the start of the other', () => {
    fc.assert(
      fc.property(cidr, cidr, (one, other) => {
        const start = (network: string) => network.split('/')[0]!;

        expect(overlaps(one, other)).toBe(contains(one, start(other)) || contains(other, start(one)));
        expect(overlaps(one, other)).toBe(overlaps(other, one));
      }),
    );
  });

  it('compares by number', () => {
    expect(['10.0.0.10', '10.0.0.9', '9.255.0.1'].sort(compareAddresses)).toEqual([
      '9.255.0.1',
      '10.0.0.9',
      '10.0.0.10',
    ]);
  });

  it('counts addresses', () => {
    expect(addressCount('10.0.0.0/28')).toBe(16);
  });
});

describe('what is accepted', () => {
  it('accepts every address and every network in its plain spelling', () => {
    fc.assert(
      fc.property(address, cidr, (oneAddress, oneCidr) => {
        expect(explainAddress(oneAddress)).toBeUndefined();
        expect(explainCidr(oneCidr)).toBeUndefined();
      }),
    );
  });

  it('answers to any other text without throwing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(explainAddress(text)?.message).toContain(`'${text}'`);
        expect(explainCidr(text)?.message).toContain(`'${text}'`);
      }),
    );
  });

  it.each([
    [
      '10.96.0.7/12',
      "'10.96.0.7/12' is not the start of a network",
      'the network with 10.96.0.7 in it is 10.96.0.0/12',
    ],
    ['010.0.0.0/8', "'010.0.0.0/8' has a leading zero, which some programs read as octal", 'write 10.0.0.0/8'],
    ['10.0.0.0/08', "'10.0.0.0/08' has a leading zero, which some programs read as octal", 'write 10.0.0.0/8'],
    ['1', "'1' is not an IPv4 network", 'address/prefix length, as in 10.0.0.0/24'],
    ['10.0.0.0/33', "'10.0.0.0/33' is not an IPv4 network", 'address/prefix length, as in 10.0.0.0/24'],
    [
      '10.0.0.0/255.255.255.0',
      "'10.0.0.0/255.255.255.0' is not an IPv4 network",
      'address/prefix length, as in 10.0.0.0/24',
    ],
    ['10.0.0.256/32', "'10.0.0.256/32' is not an IPv4 network", 'address/prefix length, as in 10.0.0.0/24'],
    ['', "'' is not an IPv4 network", 'address/prefix length, as in 10.0.0.0/24'],
    ['10.0.0.11', "'10.0.0.11' has no prefix length", 'for this one address write 10.0.0.11/32'],
    ['fd00::/8', "'fd00::/8' is IPv6: not yet supported", 'write an IPv4 network'],
  ])('refuses %j as a network and says what to write', (text, message, hint) => {
    expect(explainCidr(text)).toEqual({ message, hint });
  });

  it.each([
    ['10.0.0', "'10.0.0' is not an IPv4 address"],
    ['10.0.0.011', "'10.0.0.011' has a leading zero, which some programs read as octal"],
    ['10.0.0.11/24', "'10.0.0.11/24' is not an IPv4 address"],
    ['::1', "'::1' is IPv6: not yet supported"],
    ['host', "'host' is not an IPv4 address"],
  ])('refuses %j as an address', (text, message) => {
    expect(explainAddress(text)?.message).toBe(message);
  });
});

function networkOf(base: string, length: number): string {
  const bits = base.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const start = bits - (bits % 2 ** (32 - length));
  return `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.')}/${length}`;
}
