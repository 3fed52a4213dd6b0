import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** One library a need. What stands here is refused everywhere; the chosen one is allowed only in its own room below. */
const secondLibraries = [
  ...['node-ssh', 'ssh2-promise', 'simple-ssh', 'ssh2-sftp-client'].map((name) => refuse(name, 'ssh2, in src/host')),
  ...['ip', 'ip-cidr', 'ip-address', 'ipaddr.js', 'cidr-tools', 'ip-num'].map((name) =>
    refuse(name, 'netmask, in src/cluster'),
  ),
  ...['js-yaml', 'yamljs', 'json-to-pretty-yaml'].map((name) => refuse(name, 'yaml')),
  ...['handlebars', 'mustache', 'ejs', 'eta', 'pug', 'liquidjs'].map((name) =>
    refuse(name, 'nunjucks, in src/activities'),
  ),
];

const rooms = {
  ssh2: refuse('ssh2', 'src/host, the only door to a host'),
  netmask: refuse('netmask', 'src/cluster/addresses.ts'),
  nunjucks: refuse('nunjucks', 'src/activities/render.ts'),
};

/** Folder, what it must not import, and the rule of ARCHITECTURE.md that this keeps. */
const boundaries = [
  {
    files: ['src/cluster/**'],
    allowed: ['netmask'],
    patterns: [
      {
        regex: '^\\.\\./(\\.\\./)?(workflows|activities|host|worker|cli)/',
        message: 'src/cluster is pure and imports none of ours.',
      },
      { regex: '^node:(?!(crypto|path)$)', message: 'src/cluster does no I/O.' },
    ],
  },
  {
    files: ['src/workflows/**'],
    patterns: [
      {
        regex: '/(activities|host|worker|cli)/',
        allowTypeImports: true,
        message: 'A workflow knows only the types of what it calls.',
      },
      {
        regex: '^(node:|fs$|crypto$|path$|child_process$)',
        message: 'Workflow code reads no file, clock, environment or network.',
      },
    ],
  },
  {
    files: ['src/activities/**'],
    allowed: ['nunjucks'],
    patterns: [{ regex: '/(worker|cli)/', message: 'Activities know neither the process nor the client.' }],
  },
  {
    files: ['src/activities/steps/**'],
    patterns: [
      { regex: '/(worker|cli|host)/', message: 'A step reads facts and plans changes; it has no door of its own.' },
      { regex: '^node:(?!crypto$)', message: 'A step does no I/O of its own.' },
      { regex: '/changes/(?!change\\.js$)', allowTypeImports: true, message: 'Only the executor applies changes.' },
    ],
  },
  {
    files: ['src/host/**'],
    allowed: ['ssh2'],
    patterns: [
      { regex: '/(workflows|activities|worker|cli)/', message: 'The door knows nobody who walks through it.' },
    ],
  },
  {
    files: ['src/worker/**'],
    patterns: [{ regex: '/cli/', message: 'The worker does not know the client.' }],
  },
  { files: ['src/cli/**'], patterns: [] },
  { files: ['bundle/**', 'lab/**', 'bench/**'], patterns: [] },
];

export default defineConfig(
  { ignores: ['dist/', 'node_modules/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { project: './tsconfig.check.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      // `const { files, ...summary } = bundle` is how a key is left out.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  // Only src/cli prints; lab, bundle and bench are programs of their own.
  { files: ['src/cli/**', 'bundle/**', 'lab/**', 'bench/**'], rules: { 'no-console': 'off' } },
  ...boundaries.map(({ files, allowed = [], patterns }) => ({
    files,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            ...secondLibraries,
            ...Object.keys(rooms)
              .filter((name) => !allowed.includes(name))
              .map((name) => rooms[name]),
          ],
          patterns,
        },
      ],
    },
  })),
);

function refuse(name, instead) {
  return { name, message: `Use ${instead}.` };
}
