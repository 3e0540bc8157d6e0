import type { Page } from 'playwright-core';

/** An authenticator of Chromium's, with the user who touches it. */
export interface Authenticator {
  /** Whether it answers prompts from now on. One that is open stays unanswered. */
  answers(isPresent: boolean): Promise<void>;
  /** Whether it recognizes the user. */
  recognizes(isVerified: boolean): Promise<void>;
  /** Sets the signature counter of its passkeys. */
  setCounter(count: number): Promise<void>;
  /** How many passkeys it has. */
  count(): Promise<number>;
}

/** Adds an authenticator to a page: `internal` as of a laptop, `usb` as a security key. */
export async function addAuthenticator(page: Page, transport: 'internal' | 'usb' = 'internal'): Promise<Authenticator> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('WebAuthn.enable');
  const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport, hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  const credentials = async () => (await devTools.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
  return {
    answers: async enabled => void await devTools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
    recognizes: async isUserVerified => void await devTools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    async setCounter(signCount) {
      for (const credential of await credentials()) {
        await devTools.send('WebAuthn.removeCredential', { authenticatorId, credentialId: credential.credentialId });
        await devTools.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credential, signCount } });
      }
    },
    count: async () => (await credentials()).length,
  };
}
