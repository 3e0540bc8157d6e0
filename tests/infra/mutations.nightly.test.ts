import { afterAll, describe, expect, test } from 'vitest';
import { Bicep } from './bicep.ts';
import { mutations } from './mutations.ts';
import { Project } from './project.ts';
import { rules } from './rules/all.ts';

const bicep = new Bicep();
const project = new Project(bicep);

afterAll(() => {
  bicep.stop();
  project.stop();
});

for (const [rule, broken] of Object.entries(mutations) as [keyof typeof rules, (typeof mutations)[keyof typeof rules]][]) {
  describe(`that ${rule} fails when`, () => {
    for (const [mutation, file, from, to, says, deployment = 'main.prod'] of broken) test.concurrent(mutation, async () => {
      const mutated = project.changed(file, from, to, deployment);
      const found = await Promise.resolve(rules[rule](mutated)).finally(() => mutated.stop());
      expect(found).toContainEqual(expect.stringMatching(says));
    });
  });
}
