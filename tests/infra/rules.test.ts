import { describe, expect, test } from 'vitest';
import { rules } from './rules/all.ts';
import { readSources } from './sources.ts';

describe('the templates, the workflow and host.json', () => {
  const sources = readSources();
  for (const [sentence, rule] of Object.entries(rules)) test(sentence, () => expect(rule(sources)).toEqual([]));
});
