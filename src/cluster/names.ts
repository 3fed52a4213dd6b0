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
  if (/^[^:]+:\d+$/.test(text)) return { message: `'${text}' has a port`, hint: 'user and port stand under ssh' };
  if (/^[\d.]+$/.test(text) || text.includes(':')) return explainAddress(text);
  if (dnsName.test(text.toLowerCase())) return undefined;
  return { message: `'${text}' is neither a DNS name nor an IPv4 address`, hint: 'user and port stand under ssh' };
}

/** `name-or-address[:port]`. */
export function explainEndpoint(text: string): Complaint | undefined {
  const [host = '', port, ...rest] = text.split(':');
  const hint = 'name or address, and a port if it is not 6443, as in api.example.com:6443';
  if (rest.length || (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535))) {
    return { message: `'${text}' is not an endpoint`, hint };
  }
  // kubeadm takes no capitals in controlPlaneEndpoint.
  return host === host.toLowerCase() && !explainHostAddress(host)
    ? undefined
    : { message: `'${text}' is not an endpoint`, hint };
}

/** `[user@]host[:port]`, as ssh's -J has it. */
export function explainBastion(text: string): Complaint | undefined {
  const [, host, port = '22'] = /^(?:[^@\s]+@)?([^@:\s]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (host && !explainHostAddress(host) && Number(port) >= 1 && Number(port) <= 65535) return undefined;
  return { message: `'${text}' is not a bastion`, hint: '[user@]host[:port], as in ops@jump.example.com' };
}

/** A name or address in a certificate; the first part of a name may be a wildcard. */
export function explainSan(text: string): Complaint | undefined {
  if (isAddress(text) || (dnsName.test(text.replace(/^\*\./, '')) && !/^[\d.]+$/.test(text))) return undefined;
  return {
    message: `'${text}' is neither a DNS name nor an IPv4 address`,
    hint: 'as in api.example.com or *.example.com',
  };
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
