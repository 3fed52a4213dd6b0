import type { ServedRef } from './facts.js';
import { lines } from './question.js';
import type { Reader } from './question.js';

/** What is wrong with each answer; undefined for 200. */
export const readServed: Reader<ServedRef, string | undefined> = async (ask, refs) => {
  const keys = refs.map(({ server, path, ca = '' }) => `${server} ${path} ${ca}`);
  const { stdout } = await ask(script, { stdin: lines(keys) });
  const answers = new Map(stdout.split('\n').map((line) => [Number.parseInt(line, 10), line.replace(/^\d+ ?/, '')]));
  return refs.map(({ server, path }, i) => {
    const trouble = answers.get(i) ?? 'nothing was answered';
    return trouble ? `${server}${path}: ${trouble}` : undefined;
  });
};

/**
 * All at the same time; a line for each, with its number. Not every host has curl, but each one that Temper prepares has kubectl, which takes some
 * forty times the processor time. Over TLS kubectl asks the terminal for a user name unless it has one; Kubernetes and nginx ignore it.
 */
const script = `
get() { # server, path, CA
  if command -v curl >/dev/null; then
    curl --silent --show-error --fail-with-body --noproxy '*' --connect-timeout 2 --max-time 5 \${3:+--cacert} "\${3:---insecure}" "$1$2"
  else
    kubectl --kubeconfig=/dev/null --username=anonymous --request-timeout=5s --server="$1" \\
      "\${3:+--certificate-authority=}\${3:---insecure-skip-tls-verify}" get --raw "$2"
  fi
}
number=0
while read -r server path ca; do
  {
    said=$(get "$server" "$path" "$ca" 2>&1) && said=
    printf '%s %s\\n' "$number" "$(printf %s "$said" | tr '\\n' ' ' | cut -c1-1000)"
  } &
  number=$((number + 1))
done
wait
`;
