export { default } from '../../client/browser/vitest.config.ts';
