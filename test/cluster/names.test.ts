import { describe, expect, it } from 'vitest';
import type { Complaint } from '../../src/cluster/addresses.js';
import {
  explainBastion,
  explainBundle,
  explainEndpoint,
  explainHostAddress,
  explainLocalText,
  explainSan,
  explainUser,
} from '../../src/cluster/names.js';

type Explain = (text: string) => Complaint | undefined;
const underSsh = 'user and port stand under ssh';

describe('what is accepted', () => {
  it.each<[string, Explain, string[]]>([
    ['the address of a host', explainHostAddress, ['10.0.0.11', 'cp1', 'CP1.Example.com', '127.0.0.1']],
    ['an endpoint', explainEndpoint, ['api', 'api.example.com:6443', '10.0.0.9', '10.0.0.9:443']],
    ['a name in a certificate', explainSan, ['api.example.com', '*.example.com', '10.0.0.9']],
    ['a user', explainUser, ['root', 'ops', '_apt', 'first.last', 'Administrator', 'host-1$', '1000']],
    ['a bastion', explainBastion, ['jump', 'ops@jump.example.com:2222', '10.0.0.1']],
    ['a bundle', explainBundle, ['./bundle', '/srv/bundle', '~/bundle', 'C:/bundle']],
  ])('as %s', (_, explain, texts) => {
    expect(texts.map(explain)).toEqual(texts.map(() => undefined));
  });
});

describe('the address of a host', () => {
  it.each([
    ['10.0.0.11 ', 'has a blank', 'write 10.0.0.11'],
    ['https://cp1', 'has a scheme', 'write cp1'],
    ['10.0.0.11/24', 'has a prefix length', 'write 10.0.0.11'],
    ['ops@cp1', 'has a user', underSsh],
    ['cp1:22', 'has a port', underSsh],
    ['cp_1', 'has an underscore', 'names of hosts have letters, digits, - and dots'],
    ['cp1.example.com.', 'ends in a dot', 'write cp1.example.com'],
    ['10.0.0', 'is not an IPv4 address', 'four numbers from 0 to 255, as in 10.0.0.11'],
    ['fd00::1', 'is IPv6: not yet supported', 'write an IPv4 address'],
    ['cp1..example', 'is neither a DNS name nor an IPv4 address', 'as in 10.0.0.11 or cp1.example.com'],
  ])('is not %j: says what is wrong with it', (text, message, hint) => {
    expect(explainHostAddress(text)).toEqual({ message: `'${text}' ${message}`, hint });
  });
});

describe('what is refused', () => {
  it.each<[string, Explain, string, string?]>([
    ['API.example.com:443', explainEndpoint, 'has capitals', 'write api.example.com:443'],
    ['Api.Example.com', explainSan, 'has capitals', 'write api.example.com'],
    ['-oProxyCommand=x', explainUser, 'cannot name a user', 'letters, digits, -, _ and dots, such as ops'],
    ['ops;id', explainUser, 'cannot name a user', 'letters, digits, -, _ and dots, such as ops'],
    ['ops@host', explainUser, 'cannot name a user', 'letters, digits, -, _ and dots, such as ops'],
    ['my ops', explainUser, 'cannot name a user', 'letters, digits, -, _ and dots, such as ops'],
    ['-l@jump', explainBastion, 'is not a bastion', '[user@]host[:port], as in ops@jump.example.com'],
    ['a\0b', explainLocalText, 'has a NUL character'],
    [
      'https://example.com/bundle.tar',
      explainBundle,
      'is a URL, not a folder',
      'download and unpack it first, or temper bundle build',
    ],
  ])('%j: says what to write instead', (text, explain, message, hint) => {
    expect(explain(text)).toEqual({ message: `'${text}' ${message}`, hint });
  });
});
