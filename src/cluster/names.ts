import { explainAddress, isAddress, type Complaint } from './addresses.js';

const label = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const dnsLabel = new RegExp(`^${label}$`);
export const dnsName = new RegExp(`^${label}(?:\\.${label})*$`);
const qualifiedName = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

export function explainClusterName(name: string): Complaint | undefined {
  if (dnsLabel.test(name) && name.length <= 63) return undefined;
  return { message: `'${name}' cannot name a cluster`, hint: 'at most 63 of a-z, 0-9 and -, such as prod' };
}

/** Kubernetes also puts the name of a node into a label, which is what limits it to 63 characters. */
export function explainNodeName(name: string): Complaint | undefined {
  if (dnsName.test(name) && name.length <= 63) return undefined;
  return {
    message: `'${name}' cannot name a node`,
    hint: 'RFC 1123: at most 63 of a-z, 0-9, - and dots, such as cp1',
  };
}

/** What SSH connects to: a DNS name or an IPv4 address. */
export function explainHostAddress(text: string): Complaint | undefined {
  if (isAddress(text)) return undefined;
  const slip = slips.find(({ pattern }) => pattern.test(text));
  if (slip) return { message: `'${text}' ${slip.message}`, hint: slip.hint(text) };
  if (/^[\d.]+$/.test(text) || text.includes(':')) return explainAddress(text);
  if (dnsName.test(text.toLowerCase())) return undefined;
  return { message: `'${text}' is neither a DNS name nor an IPv4 address`, hint: 'as in 10.0.0.11 or cp1.example.com' };
}

const underSsh = () => 'user and port stand under ssh';

/** What people write instead of an address; the first that fits is told. */
const slips: { pattern: RegExp; message: string; hint: (text: string) => string }[] = [
  { pattern: /\s/, message: 'has a blank', hint: (text) => `write ${text.replace(/\s/g, '')}` },
  { pattern: /^\w+:\/\//, message: 'has a scheme', hint: (text) => `write ${text.replace(/^\w+:\/\//, '')}` },
  { pattern: /^[^/:]+\/\d+$/, message: 'has a prefix length', hint: (text) => `write ${text.replace(/\/.*/, '')}` },
  { pattern: /@/, message: 'has a user', hint: underSsh },
  { pattern: /^[^:]+:\d+$/, message: 'has a port', hint: underSsh },
  { pattern: /_/, message: 'has an underscore', hint: () => 'names of hosts have letters, digits, - and dots' },
  { pattern: /[^.]\.$/, message: 'ends in a dot', hint: (text) => `write ${text.replace(/\.$/, '')}` },
];

/** `name-or-address[:port]`. */
export function explainEndpoint(text: string): Complaint | undefined {
  const [host = '', port, ...rest] = text.split(':');
  const isPort = port === undefined || (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535);
  if (rest.length === 0 && isPort && !explainHostAddress(host)) return inSmallLetters(text);
  return {
    message: `'${text}' is not an endpoint`,
    hint: 'name or address, and a port if it is not 6443, as in api.example.com:6443',
  };
}

/** kubeadm takes no capitals here. */
function inSmallLetters(text: string): Complaint | undefined {
  const small = text.toLowerCase();
  return small === text ? undefined : { message: `'${text}' has capitals`, hint: `write ${small}` };
}

/** `[user@]host[:port]`, as ssh's -J has it. */
export function explainBastion(text: string): Complaint | undefined {
  const [, user = 'root', host, port = '22'] = /^(?:([^@]*)@)?([^@:\s]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (host && !explainHostAddress(host) && !explainUser(user) && Number(port) >= 1 && Number(port) <= 65535)
    return undefined;
  return { message: `'${text}' is not a bastion`, hint: '[user@]host[:port], as in ops@jump.example.com' };
}

/** Wider than what useradd takes: names of a directory have capitals and dots. Nothing that a shell or ssh would read as something else. */
export function explainUser(text: string): Complaint | undefined {
  if (/^[A-Za-z0-9_][-\w.]*\$?$/.test(text)) return undefined;
  return { message: `'${text}' cannot name a user`, hint: 'letters, digits, -, _ and dots, such as ops' };
}

/** A name or address in a certificate; the first part of a name may be a wildcard. */
export function explainSan(text: string): Complaint | undefined {
  if (isAddress(text) || isDnsSan(text)) return undefined;
  if (isDnsSan(text.toLowerCase())) return inSmallLetters(text);
  return {
    message: `'${text}' is neither a DNS name nor an IPv4 address`,
    hint: 'as in api.example.com or *.example.com',
  };
}

/** In kubeadm's own lists IPv6 has a place. */
export function explainKubeadmSan(text: string): Complaint | undefined {
  return /^[\da-f.]*(:[\da-f.]*){2,7}$/i.test(text) ? undefined : explainSan(text);
}

function isDnsSan(text: string): boolean {
  return dnsName.test(text.replace(/^\*\./, '')) && !/^[\d.]+$/.test(text);
}

/** A path or a command of the machine that the worker runs on. */
export function explainLocalText(text: string): Complaint | undefined {
  return text.includes('\0') ? { message: `'${text}' has a NUL character` } : undefined;
}

export function explainBundle(text: string): Complaint | undefined {
  if (!/^[a-z][-a-z0-9+.]*:\/\//i.test(text)) return explainLocalText(text);
  return { message: `'${text}' is a URL, not a folder`, hint: 'download and unpack it first, or temper bundle build' };
}

export function explainLabel(key: string, value: string): Complaint | undefined {
  const [name = '', prefix] = key.split('/').reverse();
  if (!qualifiedName.test(name) || (prefix !== undefined && !dnsName.test(prefix)) || key.split('/').length > 2) {
    return { message: `'${key}' cannot be the key of a label`, hint: 'as in zone or example.com/zone' };
  }
  if (value === '' || qualifiedName.test(value)) return undefined;
  return { message: `'${value}' cannot be the value of a label`, hint: "at most 63 letters, digits, '-', '_' and '.'" };
}

/** An argument of a component of Kubernetes or of etcd. Components read `--secure_port` as `--secure-port`, so there is one spelling. */
export function explainArgumentName(text: string): Complaint | undefined {
  if (/^[a-z0-9][a-z0-9-]*$/.test(text)) return undefined;
  const [, dashes, name = '', value] = /^(-*)([a-z0-9][a-z0-9-]*)(?:=(.*))?$/.exec(text) ?? [];
  const hint =
    value !== undefined ? `write {name: ${name}, value: '${value}'}` : `write ${name}, without the leading ${dashes}`;
  return {
    message: `'${text}' cannot name an argument`,
    hint: name ? hint : 'small letters, digits and -, as in audit-log-path',
  };
}

/** An environment variable of a container. */
export function explainVariableName(text: string): Complaint | undefined {
  if (/^[\x20-\x3c\x3e-\x7e]+$/.test(text)) return undefined;
  return {
    message: `'${text}' cannot name an environment variable`,
    hint: 'as in HTTPS_PROXY; its value stands under value',
  };
}

export function explainVolumeName(text: string): Complaint | undefined {
  if (dnsLabel.test(text) && text.length <= 63) return undefined;
  return { message: `'${text}' cannot name a volume`, hint: 'at most 63 of a-z, 0-9 and -, such as audit-logs' };
}
