/** The texts of the dashboard in English. Another language is a file beside this one with the same shape. */

import type { AdminAccount } from '../wire.ts';

const locale = 'en';
const number = (value: number): string => value.toLocaleString(locale);
const count = (value: number, one: string, many: string): string => `${number(value)} ${value === 1 ? one : many}`;

export type Attempts = Readonly<{ count: number; failures: number; windowMinutes: number }>;
const attempts = (of: Attempts, where: string): string =>
  `${count(of.count, 'attempt', 'attempts')} in ${of.windowMinutes} min ${where}, ${number(of.failures)} failed`;

/** What the link of a mail does to passkeys. */
const removedByReset = 'passkeys added in the last 7 days are removed; all of them, if the account was registered with a passkey or its email '
  + 'was changed, and no such link has been used since';

export type Texts = typeof en;

export const en = {
  skip: 'Skip to content', pages: 'Pages', logOut: 'Log out', starting: 'Loading …', cancel: 'Cancel', more: 'Show more',
  loaded: 'List loaded.',
  loading: (what: string) => `Loading ${what} …`,
  retry: (what: string) => `Load ${what} again`,
  shownOf: (time: string) => `What is shown is from ${time}.`,
  sort: (column: string, table: string) => `${column}: sort ${table}`,
  none: 'none', unknown: 'Unknown', never: 'never', off: 'off', yes: 'yes', no: 'no',
  when: 'When', what: 'What', why: 'Why', from: 'From', to: 'To', last: 'Last', kind: 'Kind', result: 'Result', proof: 'Proof',
  actions: 'Actions',
  succeeded: 'succeeded', failed: 'failed',
  address: 'Address', location: 'Location', country: 'Country', device: 'Device', browser: 'Browser', system: 'System and browser',
  unknownEmail: 'unknown email',
  browserOn: (browser: string, system: string) => `${browser} on ${system}`,
  move: (from: string, to: string) => `${from} to ${to}`,
  within: (duration: string) => `within ${duration}`,
  byCountry: (what: string) => `${what} by country`,
  count: (value: number, what: string) => `${what}: ${number(value)}.`,
  onRecord: 'This is recorded in the user\'s log, with your name.',
  fault: 'This page failed. Reload it.',
  unexpected: (status: string) => `Unexpected response from the service (status ${status}).`,
  /** By the code of the problem. The others say more in the service's words, which are English. */
  errors: {
    network_error: 'The service can\'t be reached. Check the connection, then try again.',
    insufficient_user_authentication: 'This needs a fresh confirmation that it\'s you.',
    unavailable: 'The service is temporarily unavailable. Try again in a moment.',
    misconfigured: 'The service is misconfigured: its log says how.',
    internal_error: 'The service failed. Its log says why.',
    rate_limited: 'Too many requests. Wait a little, then try again.',
    not_found: 'This doesn\'t exist, or no longer does.',
    invalid_credentials: 'The email or password is wrong.',
    wrong_password: 'The password is wrong.',
    account_locked: 'Too many failed attempts. Wait a little, then try again.',
    captcha_required: 'The service asks for a captcha, which this page doesn\'t have. Try again later, or log in from another address.',
    account_closing: 'The account is closed. Restore it in the application, or let another administrator do it.',
    reset_impossible: 'No mail can set a new password: the service sends none, the account is disabled or being erased, or its email was changed '
      + 'lately. Disable the account instead.',
    email_not_verified: 'The email isn\'t verified. Follow the link in the mail.',
    location_refused: 'The login is refused because of its location. Log in from where you usually are.',
    passkey_required: 'This needs a passkey: log out, then log in with one.',
    passkey_for_review: 'This passkey is waiting for your review: log in another way, then keep or remove it.',
    passkey_unknown: 'The service doesn\'t know this passkey.',
    passkey_invalid: 'This passkey isn\'t accepted. Try again, or log in another way.',
    passkey_cloned: 'This passkey may have been copied. Log in another way, and remove it.',
    passkey_wrong_origin: 'Passkeys can\'t be used at this address. Open the page at its usual address.',
    passkey_wrong_rp: 'This passkey belongs to another service.',
    ceremony_invalid: 'The passkey was used for something else. Try again.',
    ceremony_expired: 'The passkey was used too late. Try again.',
    ceremony_used: 'The passkey was used twice. Try again.',
    last_credential: 'Without this passkey the user can\'t log in any more.',
    password_recovery_off: 'The account has passkeys instead of a password, and none may be set by mail.',
    passkey_cancelled: 'No passkey was used.',
    passkey_timeout: 'No passkey was used in time. Try again.',
    passkeys_unsupported: 'This device can\'t use passkeys.',
    replaced: 'Another login in this browser has replaced yours. Log in again.',
  },
  preferences: { language: 'Language', zone: 'Time zone', local: (zone: string) => `Local (${zone})` },
  login: {
    submit: 'Log in', email: 'Email', password: 'Password', passkey: 'Use a passkey', stay: 'Stay logged in when the page is reloaded',
    intro: 'For administrators. Log in with your email and password, or a passkey.',
    noCookie: 'You are logged in until you reload this page: the service sets no cookie for it.',
    notAdministrator: 'This account is not an administrator, so you were logged out.',
    ended: 'Your session has ended. Log in again.',
    endedBecause: (reason: string) => `Your session has ended (${reason.toLowerCase()}). Log in again.`,
    notTold: (error: string) => `You are logged out in this browser, but the service couldn't be told: ${error}`,
  },
  stepUp: {
    title: 'Confirm that it\'s you', confirm: 'Confirm',
    why: 'For a change, your last login or confirmation must be a few minutes old at most.',
  },
  live: {
    on: 'Updated automatically.', off: 'Paused.', over: 'Not updated: the period is over.',
    pause: 'Pause updates', resume: 'Resume updates',
  },
  filters: { title: 'Filters', apply: 'Apply', clear: 'Clear filters', all: 'All' },
  chart: {
    day: 'Day', empty: 'Nothing is counted yet for this period.',
    data: (title: string) => `${title}: data`,
    unfinished: (day: string) => `${day} (so far)`,
    uncounted: (day: string) => `${day} (not counted yet)`,
  },
  period: {
    title: 'Period', show: 'Show',
    from: 'From (UTC)', to: 'To (UTC)',
    missing: 'Enter both days.', reversed: 'The first day is after the last.',
    tooLong: (days: number) => `A period has at most ${days} days.`,
    days: (days: number) => `${days} days`,
    showing: (from: string, to: string) => `Showing ${from} to ${to}.`,
  },
  now: {
    title: 'Now', what: 'the live figures', none: 'No live figures: the statistics are a day behind, or storage can\'t be read.',
    sessions: 'Active sessions', online: 'Users online', logins: 'Logins today', failed: 'Failed logins today',
    at: (time: string) => `As of ${time}. A day begins at midnight UTC.`,
    tooMany: 'Too much has happened since then to count it at once.',
    noOnline: 'Users online are unknown: Redis is off, or doesn\'t answer.',
  },
  overview: {
    title: 'Overview', what: 'the statistics', whatFailed: 'the failed logins', statistics: 'Statistics', failed: 'Failed logins',
    nothing: 'Nothing is counted yet for these days. An hour is counted 15 minutes after its end.',
    upTo: (time: string) => `Counted until ${time}.`,
    uncounted: (time: string, from: string, to: string | null) => `Counted until ${time}; not yet counted: ${from} to ${to ?? 'now'}.`,
    logins: 'Logins', failedLogins: 'Failed logins', active: 'Active sessions', ended: 'Ended sessions', refreshes: 'Refreshes',
    reused: 'Reused tokens',
    loginsByDay: 'Logins by day (UTC)', sessionsByDay: 'Sessions by day (UTC)', atEnd: 'Active at the end', endedThatDay: 'Ended',
    byDevice: 'Active sessions by device', byBrowser: 'Active sessions by browser', byReason: 'End reasons',
    duration: 'Session duration', figure: 'Figure', time: 'Time',
    median: 'Median', average: 'Average', percentile: (rank: string) => `${rank}th percentile`,
    byUser: 'Logins by user', mostByUser: 'Most logins by user',
    noActive: 'No active sessions.', noEnded: 'No ended sessions.', noLogins: 'No logins.', noFailed: 'No failed logins.',
    failedByAccount: 'Failed logins by account', mostFailedByAccount: 'Most failed logins by account',
    failedByAddress: 'Failed logins by address', mostFailedByAddress: 'Most failed logins by address',
    failedByCountry: 'Failed logins by country', failedByCountryOfThese: 'Failed logins by country, for these addresses',
  },
  activity: {
    title: 'Activity', what: 'the activity', newest: 'Newest first', older: 'Show older', empty: 'No activity.',
    user: 'User', userHint: 'Email, its beginning, or user id.', countryHint: 'Two letters, such as DE.',
    login: 'Login', loginHint: 'Choosing one clears the kind.',
    ofAddress: 'Activity from this address',
    all: 'No older entries.',
    readTo: (time: string) => `Searched back to ${time}.`,
    news: (value: number) => `${count(value, 'new entry', 'new entries')}.`,
    after: (duration: string) => `after ${duration}`,
  },
  users: {
    title: 'Users', what: 'the accounts', accounts: 'Accounts', all: 'All users', find: 'Find a user', submit: 'Find',
    input: 'Email or user id', inputHint: 'The beginning of the email is enough. Leave empty to list all accounts.',
    empty: 'No account with this email.',
  },
  user: {
    one: 'User',
    titleOf: (name: string) => `${name} - Users`,
    nobody: (text: string) => `No email begins with "${text}".`,
    several: (text: string) => `Several emails begin with "${text}": choose one, or type more characters.`,
  },
  account: {
    title: 'Account', what: 'the account', verified: 'Verified', id: 'Id', roles: 'Roles', state: 'State', created: 'Created',
    active: 'active', disabled: 'disabled',
    closing: (time: string) => `closing, erased after ${time}`,
    disabledClosing: (time: string) => `disabled and closing, erased after ${time}; its user can't restore it`,
    disable: {
      text: 'Disable', done: 'The account is disabled.',
      question: ({ email }: AdminAccount) => `${email} can't log in until an administrator enables the account.`,
    },
    enable: {
      text: 'Enable', done: 'The account is enabled.',
      question: ({ email, closesAt }: AdminAccount) =>
        `${closesAt === undefined ? '' : 'The account is not erased. '}${email} can log in again. `
        + 'An intruder who knows the password can, too, and approve passkeys of their own. To keep one out, force a new password under '
        + '"Secure this account" instead; that also enables the account.',
    },
    restore: {
      text: 'Restore account', done: 'The account is restored.',
      question: ({ email }: AdminAccount) => `The account of ${email} is not erased, and its user can log in again.`,
    },
    reset: {
      text: 'Send password reset', done: 'The link is on its way.',
      question: ({ email }: AdminAccount) =>
        `${email} gets a link to set a new password, which works for an hour. Until it is used, nothing changes; then all sessions end, `
        + `and ${removedByReset}.`,
    },
    verify: {
      text: 'Mark email verified', done: 'The email is verified.',
      question: ({ email, disabled }: AdminAccount) =>
        `${email} is marked as verified, as if the link of a mail had been used. No mail is sent.`
        + (disabled ? ' The account stays disabled.' : ''),
    },
    delete: {
      text: 'Delete account', done: 'The account is closed.',
      question: ({ email, disabled }: AdminAccount) =>
        `The account of ${email} is closed. Its data and log are erased after the grace period. `
        + (disabled ? 'Until then, only an administrator can restore it.' : 'Until then, the user can restore it by logging in.'),
    },
    own: 'This is your account: only another administrator can secure or disable it, or remove its role admin.',
    ofAdministrator: 'An account with the role admin can\'t be deleted: the role has to be removed first.',
  },
  secure: {
    text: 'Secure this account', title: (email: string) => `Secure the account of ${email}`,
    disableHint: ({ disabled, closesAt }: AdminAccount) =>
      `Disable the account${disabled ? ', which it is already' : ''}: nobody can log in until an administrator forces a new password here, `
      + 'or enables it. Passkeys wait for the user\'s review, unless nothing else could open the account.'
      + (closesAt === undefined ? '' : ' It is still erased as planned, and its user can\'t restore it.'),
    passwordHint: ({ email, disabled, closesAt }: AdminAccount) =>
      `Force a new password: the current one stops working, passkeys wait for the user's review, and ${email} gets a link to set `
      + `another, which works for an hour. When it is used, ${removedByReset}. `
      + (disabled || closesAt !== undefined ? `The account is enabled${closesAt === undefined ? '' : ' and not erased'}. ` : '')
      + 'Only if the mailbox is safe.',
    disable: 'Disable the account', password: 'Force a new password',
    disabled: (sessions: number) => `The account is secured: it is disabled, and ${count(sessions, 'session has', 'sessions have')} ended.`,
    passwordSent: (sessions: number) =>
      `The account is secured: its user has to set a new password, and ${count(sessions, 'session has', 'sessions have')} ended.`,
  },
  roles: {
    text: 'Change roles', set: 'Set roles', done: 'The roles are set.',
    hint: 'Separated by spaces. This service applies them within seconds; other services, from the next refresh of each session.',
    own: 'You can\'t remove your own role admin.',
    title: (email: string) => `Roles of ${email}`,
  },
  session: {
    one: 'Session', many: 'Sessions', what: 'the sessions', title: 'Sessions', active: 'Active sessions',
    empty: 'This user has no session.',
    started: 'Started', lastSeen: 'Last seen', expires: 'Expires', online: 'online now', thisOne: 'this session',
    history: 'History', end: 'End', endAll: 'End all sessions',
    since: (time: string) => `since ${time}`,
    historyOf: (session: string) => `History of ${session}`,
    historyAt: (time: string) => `History of the session at ${time}`,
    endOf: (session: string) => `End ${session}`,
    endQuestion: 'End this session?',
    endAllQuestion: (name: string) => `End all sessions of ${name}?`,
    allEnd: 'These sessions end, here within seconds, a minute at most; other services may accept a token until it expires:',
    noneEnds: 'This account has no active session.',
    endHint: 'Whoever knows the password can log in again.',
    ended: (session: string) => `Ended: ${session}.`,
    allEnded: 'All sessions have ended.',
  },
  timeline: {
    title: 'Log', what: 'the log', caption: 'Log, newest first', by: 'Administrator', ofAccount: 'account',
    empty: 'No entries.', emptyPage: 'No matching entries so far. "Show more" searches further back.',
  },
  history: {
    title: 'History of a session', what: 'the history', caption: 'History, newest first', entry: 'Entry',
    titleOf: (name: string) => `History of a session - ${name}`,
  },
  /** The verdicts on the records of sessions. */
  record: {
    summary: (of: Record<'altered' | 'intact' | 'unchecked', number>) => of.altered + of.intact + of.unchecked === 0
      ? 'The log has no session whose record could be checked.'
      : `Records of sessions: ${[
        ...of.altered === 0 ? [] : [`${number(of.altered)} altered`], `${number(of.intact)} intact`,
        ...of.unchecked === 0 ? [] : [`${number(of.unchecked)} can't be checked`],
      ].join(', ')}.`,
    incomplete: 'Only the newest sessions are checked: at most 100, in the newest 5,000 entries of the log. '
      + 'The history of another session checks its record.',
    unread: 'not checked here',
    intactNote: 'record intact', uncheckedNote: (kind: string) => `record can't be checked: ${kind.toLowerCase()}`,
    intact: (entries: number) => `The record is intact: all entries are unchanged (${number(entries)}).`,
    altered: (kind: string, sequence: number | null) =>
      `The record was altered: ${kind.toLowerCase()}${sequence === null ? '' : ` at entry ${number(sequence)}`}.`,
    unchecked: {
      not_chained: 'The record can\'t be checked: it has no audit chain. '
        + 'That is expected of sessions older than the chain; otherwise treat the record as altered.',
      key_unknown: 'The record can\'t be checked: the service doesn\'t have the key of this record. '
        + 'That is expected after the keys were replaced; otherwise treat the record as altered.',
    },
  },
  passkeys: {
    title: 'Passkeys', one: 'Passkey', what: 'the passkeys', name: 'Name', provider: 'Provider', lastUsed: 'Last used',
    empty: 'This user has no passkey.',
    forReview: 'for review', usable: 'usable', remove: 'Remove',
    removeOf: (name: string, time: string) => `Remove ${name} of ${time}`,
    question: (name: string) => `Remove the passkey ${name}?`,
    hint: (user: string, time: string) => `${user} can't log in with it anymore. It was added ${time}.`,
    removed: (name: string) => `The passkey ${name} is removed.`,
  },
  flags: {
    title: 'Flagged addresses', what: 'the flagged addresses', tooMany: 'Too many logins', empty: 'No address is flagged.',
    hint: 'Worst first. An address leads to its activity. A flag disappears when it expires; acknowledging it records that you saw it.',
    first: 'First', last: 'Last', seen: 'Acknowledged', acknowledge: 'Acknowledge', undo: 'Undo',
    why: (of: Attempts & { distinctAccounts: number }) => attempts(of, `on ${count(of.distinctAccounts, 'account', 'accounts')}`),
    acknowledgeOf: (address: string) => `Acknowledge ${address}`,
    undoOf: (address: string) => `Undo the acknowledgement of ${address}`,
    acknowledged: (address: string) => `${address} is acknowledged.`,
    undone: (address: string) => `${address} isn't acknowledged anymore.`,
  },
  events: {
    title: 'Security events', what: 'the events', many: 'Events', caption: 'Security events, newest first', empty: 'No such events.',
    webhook: 'Webhook', deadLetter: 'Not accepted by the webhook',
    whyAddresses: (of: Attempts & { distinctAddresses: number }) =>
      attempts(of, `from ${count(of.distinctAddresses, 'address', 'addresses')}`),
  },
  health: {
    title: 'Health', what: 'the health', now: 'Figures', caption: 'Health of the service', figure: 'Figure', value: 'Now',
    meaning: 'Meaning', help: 'If there is a problem',
    good: 'All figures are good.', bad: (names: string) => `Check: ${names}.`,
    timer: (name: string) => `Timer ${name}`,
    timerMeaning: (what: string, schedule: string, pause: string) =>
      `${what} Schedule (NCRONTAB, UTC): ${schedule}, at most ${pause} between runs.`,
    disabled: 'disabled', notYet: 'no run yet', neverRan: 'no good run on record',
    noRunSince: (time: string) => `no good run since ${time}`,
    onTime: 'on time', late: (duration: string) => `${duration} late`, lastRun: (time: string) => `last good run ${time}`,
    notReady: (message: string) => `The service isn't ready, so there are no figures. health/ready says: "${message}" `
      + 'What to do is in docs/operations.md: event 1004 for keys, 1001 for storage.',
    alerts: 'Failed requests, throttling of storage, and memory and load of Redis can\'t be read here. '
      + 'Azure Monitor watches them by the alerts failed-requests, storage-throttling, cosmos-throttling, redis-memory and redis-load (docs/operations.md, Alerts).',
    key: (kind: string) => `${kind} key`, next: (time: string) => `next rotation ${time}`,
    oldest: (duration: string) => `the oldest for ${duration}`, newest: (time: string) => `the newest of ${time}`,
    atLeast: (value: number) => `at least ${number(value)}`,
    figures: {
      storage: {
        name: 'Storage', meaning: 'How long one read takes.',
        help: 'Check the storage account for throttling; logins and refreshes are slow, too.',
      },
      timer: {
        idle: 'It doesn\'t run, or each run fails: check its log, the host\'s storage and the schedule.',
        disabled: (name: string) => `Its setting AzureWebJobs.${name}.Disabled stops it: remove the setting.`,
        behind: 'It runs, but doesn\'t finish its work. It catches up by itself; if it never does, let it run more often.',
      },
      keys: {
        name: 'Key ring', meaning: 'Current if the last attempt to read the keys succeeded.',
        help: 'Check access to the key vault; the keys that were read stay in use.',
      },
      key: { meaning: 'The key that signs now. It is rotated automatically.', help: 'Check the timer RotateSigningKeys.' },
      outbox: {
        name: 'Outbox', meaning: 'Mails, webhook and push messages to be sent.',
        help: 'Check the mail server and the receiver of the webhook. What isn\'t accepted in time is given up: mails when they expire; mails '
          + 'and push messages after 10 attempts; webhook messages after SecurityWebhook__MaximumAttempts, as dead letters.',
      },
      deadLetters: {
        name: 'Dead letters', meaning: 'Security events that the webhook didn\'t accept.',
        help: 'They aren\'t sent again: fix the receiver. This is an alarm for 14 days after the event.', list: 'Show them',
      },
      clientAddresses: {
        name: 'Client addresses', meaning: 'Whether requests came through as many proxies as are set.',
        known: 'known', unknown: 'some unknown',
        help: 'Fix Network__TrustedProxyHops or the route: until then such callers are neither limited nor flagged.',
      },
      redis: {
        name: 'Redis', meaning: 'State that instances share. Everything works without it, but more slowly.',
        help: 'Check the cache; ended sessions may be accepted for a few seconds.',
      },
      locations: {
        name: 'Location database', meaning: 'The day it was built.', help: 'Deploy a new database: locations are missing or outdated.',
      },
      unreadableRows: {
        name: 'Unreadable rows', meaning: 'Rows that this instance couldn\'t read since it started. They are skipped.',
        help: 'The log names each row; repair or delete it.',
      },
      passwordHashes: {
        name: 'Password hashes', meaning: 'How new passwords are hashed.',
        help: 'libsodium can\'t be loaded: deploy the package for this system.',
      },
    },
  },
  timers: {
    PurgeExpiredSessions: 'Ends expired sessions.', FlagSuspiciousIps: 'Flags addresses.',
    RaiseSecurityAlerts: 'Raises security events, and erases closed accounts.',
    SendOutbox: 'Sends mails, webhook and push messages.', RollUpStatistics: 'Updates the statistics.',
    PurgeOldLogs: 'Removes data past its retention period.',
    RotateSigningKeys: 'Rotates the signing keys.',
  },
  /** The values of the claim `amr`. */
  proofs: {
    pwd: 'password', hwk: 'passkey of one device', swk: 'synced passkey', user: 'user present', mfa: 'unlocked by PIN or biometrics',
  },
  /** The codes of the API. */
  names: {
    login: 'Login', failed_login: 'Failed login', session_ended: 'Session ended', failed: 'Failed',
    logout: 'Logout', logout_all: 'Logout everywhere', session_revoked: 'Session ended', token_refresh: 'Refresh',
    session_regenerated: 'Session renewed', stepped_up: 'Identity confirmed', session_expired: 'Session expired',
    token_reuse: 'Token reused', account_locked: 'Account locked', account_created: 'Account created', account_disabled: 'Account disabled',
    account_enabled: 'Account enabled', account_secured: 'Account secured', password_changed: 'Password changed',
    password_reset: 'Password reset', password_reset_sent: 'Password reset sent', roles_changed: 'Roles changed',
    email_verified: 'Email verified', email_changed: 'Email changed', email_taken_back: 'Email change undone',
    account_closing: 'Account closing', account_restored: 'Account restored', account_closed: 'Account closed',
    account_erased: 'Account erased', passkey_added: 'Passkey added', passkey_removed: 'Passkey removed', passkey_cloned: 'Passkey cloned',
    passkey_reviewed: 'Passkey reviewed',
    revoked: 'Ended on another device', evicted: 'Replaced by a newer session', admin: 'Ended by an administrator',
    expired_idle: 'Expired: not used', expired_absolute: 'Expired: maximum age', inactive: 'User inactive',
    location_changed: 'Location changed', location_refused: 'Location refused', unknown: 'Unknown',
    invalid_credentials: 'Wrong password', email_not_verified: 'Email not verified', captcha_required: 'Captcha required',
    passkey_unknown: 'Unknown passkey', passkey_invalid: 'Passkey not accepted', passkey_for_review: 'Passkey waiting for review',
    address_flagged: 'Address flagged', new_device: 'New device', new_country: 'New country', impossible_travel: 'Impossible travel',
    country_changed: 'Country changed', login_burst: 'Many logins', failed_login_burst: 'Many failed logins',
    mail_limit_reached: 'Mail limit reached', mail_undeliverable: 'Mail undeliverable',
    pending: 'Pending', delivered: 'Delivered', dead_letter: 'Given up',
    entry_missing: 'Entry missing', entry_changed: 'Entry changed', entry_added: 'Entry added', end_missing: 'End missing',
    session_changed: 'Session changed', cut_changed: 'Checkpoint changed', not_chained: 'Not chained', key_unknown: 'Key unknown',
    file_missing: 'file missing', file_unreadable: 'file unreadable', argon2id: 'Argon2id', pbkdf2: 'PBKDF2',
    current: 'Current', stale: 'Stale', connected: 'Connected', partial: 'Partial', unavailable: 'Unavailable',
    signing: 'Signing', mac: 'MAC', audit: 'Audit',
  },
};
