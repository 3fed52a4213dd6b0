import { expect, test } from 'vitest';

import { manifestImages } from '../../bundle/manifest-images.js';

test.each([
  ['quay.io/calico/node:v3.32.1', 'quay.io/calico/node:v3.32.1'],
  ['localhost:5000/a:1', 'localhost:5000/a:1'],
  ['calico/node:v3.32.1', 'docker.io/calico/node:v3.32.1'],
  ['nginx', 'docker.io/library/nginx:latest'],
])('%s is %s', (image, name) => {
  expect(manifestImages(`kind: Pod\nspec: {containers: [{image: '${image}'}]}\n`)).toEqual([name]);
});

test('finds each image once, in every document, wherever a pod is described', () => {
  const manifest = `
kind: ConfigMap
data: {image: not an image that is run}
---
kind: DaemonSet
spec:
  template:
    spec:
      initContainers: [{image: quay.io/calico/cni:v3}, {image: quay.io/calico/node:v3}]
      containers: [{image: quay.io/calico/node:v3}]
---
kind: CustomResourceDefinition
spec: {properties: {containers: {type: array}}}
`;

  expect(manifestImages(manifest)).toEqual(['quay.io/calico/cni:v3', 'quay.io/calico/node:v3']);
});
