import XMLBuilder from 'fast-xml-builder';
import type { Comparison } from '../../harness/regression/compare/comparison.js';
import { plainText } from '../text/text.js';
import { comparisonView, type Finding, isFailure, type Section } from './view.js';

/** A comparison as JUnit XML: a suite a rule, a case an entry; what is worse, broken or gone has failed, what is undecided was skipped. */
export const comparisonJunit = (comparison: Comparison): string => {
  const suites = comparisonView(comparison).sections.map(suite);
  return new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true }).build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: { '@name': 'lightbench compare', testsuite: suites },
  });
};

const suite = ({ rule, findings, notes }: Section) => {
  const cases =
    findings.length === 0
      ? [{ '@classname': 'lightbench', '@name': rule, skipped: { '@message': clean(notes.join(' ')) } }]
      : findings.map((finding) => testCase(rule, finding));
  const count = (tag: 'failure' | 'skipped'): number => cases.filter((one) => tag in one).length;
  return {
    '@name': rule,
    '@tests': cases.length,
    '@failures': count('failure'),
    '@errors': 0,
    '@skipped': count('skipped'),
    testcase: cases,
  };
};

const testCase = (rule: Section['rule'], finding: Finding) => {
  const { name, state, summary, details } = finding;
  const identity = { '@classname': `lightbench.${rule}`, '@name': clean(name) };
  const message = { '@message': clean(`${state}: ${summary.join('; ')}`) };
  const text = details.map(clean).join('\n');
  if (isFailure(finding)) return { ...identity, failure: { ...message, '@type': rule, '#text': text } };
  if (state === 'undecided' || state === 'not-comparable') return { ...identity, skipped: message };
  if (summary.length === 0) return identity;
  return { ...identity, 'system-out': [message['@message'], text].join('\n') };
};

const clean = plainText;
