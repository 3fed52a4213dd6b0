import { missingCertificates, readCertificates, type CertificatesInput } from '../made-once.js';
import { defineStep } from '../step.js';

/** The certificates that this host's own servers and clients show to each other. */
export const createCertificates = defineStep({
  title: 'Create the certificates',
  truth: 'made once',
  read: ({ facts }, input: CertificatesInput) => readCertificates(facts, input.certificates),
  plan: missingCertificates,
});
