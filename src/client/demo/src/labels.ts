// Texts for the words of the wire. A newer service may send others: those are shown without their underscores.
const labelOf = (labels: Readonly<Record<string, string>>) => (word: string): string => labels[word] ?? word.replaceAll('_', ' ');

/** Why a session ended, after a colon. */
export const endReasonOf = labelOf({
  logout: 'you have logged out', logout_all: 'you have logged out everywhere', revoked: 'it was ended from another device',
  evicted: 'you have logged in on too many devices', admin: 'an administrator ended it', expired_idle: 'it wasn\'t used for too long',
  expired_absolute: 'it has reached its maximum age', inactive: 'you did nothing for too long', token_reuse: 'its refresh token was used twice, which suggests theft',
  token_invalid: 'the service doesn\'t know it', cookie_missing: 'its cookie is gone', password_changed: 'the password was changed',
  password_reset: 'the password was reset', account_closed: 'the account is closed', email_taken_back: 'the former email was taken back',
  location_changed: 'it was used in another country', unknown: 'the reason isn\'t known',
});

/** An entry of the history. */
export const actionOf = labelOf({
  login: 'Login', account_locked: 'Login locked for a while', logout: 'Logout', logout_all: 'Logout everywhere', session_revoked: 'Session ended',
  token_refresh: 'Tokens refreshed', session_regenerated: 'Session renewed', stepped_up: 'Identity confirmed', session_expired: 'Session expired',
  token_reuse: 'Stolen token used', roles_changed: 'Roles changed', passkey_cloned: 'Passkey copied', account_created: 'Account created',
  account_disabled: 'Account disabled', account_enabled: 'Account enabled', account_secured: 'Account secured',
  password_changed: 'Password changed', password_reset: 'Password reset',
  password_reset_sent: 'Link for a new password sent', email_verified: 'Email confirmed', email_changed: 'Email changed',
  email_taken_back: 'Email taken back', account_closing: 'Account closed', account_restored: 'Account restored',
  passkey_added: 'Passkey added', passkey_removed: 'Passkey removed', passkey_reviewed: 'Passkey kept',
});

/** A notice of the service. */
export const noticeOf = labelOf({
  new_device: 'Login from a new device', new_country: 'Login from a new country', impossible_travel: 'Logins too far apart in too short a time',
  country_changed: 'A session has moved to another country', login_refused: 'A login was refused because of its location',
  token_reuse: 'A session was copied, and has ended', passkey_added: 'A passkey was added', passkey_cloned: 'A passkey may have been copied',
});

/** An event of the client. */
export const eventOf = labelOf({
  refreshing: 'Refresh', refreshed: 'New tokens', retrying: 'Retry', expiring: 'Ends soon', ended: 'Ended', offline: 'Offline', online: 'Online',
  notice: 'Notice', changed: 'Login',
});
