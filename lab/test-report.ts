import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** What is read of vitest's JSON report. */
export interface TestReport {
  numPassedTests: number;
  testResults: FileResult[];
}

interface FileResult {
  /** Path of the file. */
  name: string;
  /** Why the file could not be loaded, or what failed around its tests. */
  message: string;
  assertionResults: { ancestorTitles: string[]; title: string; status: string; failureMessages?: string[] | null }[];
}

/** A line for each test that did not pass, and for each file that failed outside of its tests. `root`: what paths are told from. */
export function failuresOf({ testResults }: TestReport, root: string): string[] {
  const name = (file: FileResult) => relative(root, file.name);
  return testResults.flatMap((file) => [
    ...(file.message ? [`${name(file)}: ${firstLine(file.message)}`] : []),
    ...file.assertionResults
      // A test that did not run has not passed.
      .filter(({ status }) => status !== 'passed')
      .map(({ ancestorTitles, title, status, failureMessages }) => {
        const why = status === 'failed' ? firstLine(failureMessages?.[0]) : `did not run (${status})`;
        return `${[name(file), ...ancestorTitles, title].join(' > ')}: ${why}`;
      }),
  ]);
}

function firstLine(message = 'no message'): string {
  return stripVTControlCharacters(message).trim().split('\n')[0]!;
}
