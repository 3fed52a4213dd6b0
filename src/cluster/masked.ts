/** A text without what looks like a secret: private keys, a kubeconfig's key, bootstrap tokens, passwords. */
export function masked(text: string): string {
  return patterns.reduce((result, [pattern, replacement]) => result.replaceAll(pattern, replacement), text);
}

const patterns: [RegExp, string][] = [
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[^]*?(-----END \1-----|$)/g, '<private key>'],
  [/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g, '<token>'],
  [/((?:client-key-data|token-secret|token|password)["']?\s*[:=]\s*["']?)[^\s"']+/gi, '$1<secret>'],
];
