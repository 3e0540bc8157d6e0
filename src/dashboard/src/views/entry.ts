import type { LogEntry } from '../../../client/src/index.ts';
import { nameOf, texts } from '../texts/texts.ts';

/** Why an entry of the log failed, or a session ended; of a cloned passkey the service tells the id. */
export const reasonOf = ({ action, error }: LogEntry): string =>
  error === undefined ? nameOf('failed') : action === 'passkey_cloned' ? `${texts.passkeys.one} ${error}` : nameOf(error);

/** How the user of a login or step-up proved who they are; null where the entry doesn't tell. */
export const proofOf = ({ amr }: LogEntry): string | null =>
  amr?.map(way => (texts.proofs as Readonly<Record<string, string>>)[way] ?? way).join(', ') ?? null;
