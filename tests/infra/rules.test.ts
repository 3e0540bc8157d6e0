import { afterAll, describe, expect, test } from 'vitest';
import { Bicep } from './bicep.ts';
import { Project } from './project.ts';
import { rules } from './rules/all.ts';

const bicep = new Bicep();
const project = new Project(bicep);

afterAll(() => {
  bicep.stop();
  project.stop();
});

describe('the templates, the workflow and host.json', () => {
  for (const [sentence, rule] of Object.entries(rules)) test(sentence, async () => expect(await rule(project)).toEqual([]));
});
