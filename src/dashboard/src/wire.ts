/** The responses of the admin routes (docs/api.md), in addition to those in the client's wire.ts. */

import type { Account, Device, LogEntry, SessionLocation } from '../../client/src/index.ts';
import type { Passkey } from '../../client/src/passkeys/index.ts';

export type Statistics = Readonly<{
  upTo: string | null;
  logins: number; failedLogins: number;
  sessionsActive: number; sessionsEnded: number; refreshes: number; tokenReuses: number;
  activeByDevice: readonly NamedCount[]; activeByBrowser: readonly NamedCount[]; endedByReason: readonly NamedCount[];
  sessionDuration: SessionDuration;
  topUsers: readonly UserLogins[]; topUsersComplete: boolean;
  days: readonly StatisticsDay[];
  live?: LiveFigures;
}>;
/** What is counted and what happened since; `onlineUsers` where it is known. */
export type LiveFigures = Readonly<{
  at: string; sessionsActive: number; loginsToday: number; failedLoginsToday: number; onlineUsers?: number;
}>;
export type NamedCount = Readonly<{ name: string; count: number }>;
export type UserLogins = Readonly<{ userId: string; logins: number; lastAt: string }>;
export type SessionDuration = Readonly<Record<'averageSeconds' | 'p50Seconds' | 'p90Seconds' | 'p99Seconds', number | null>>;
export type StatisticsDay = Readonly<{ day: string; logins: number; failedLogins: number; sessionsEnded: number; sessionsActive: number }>;

export type FailedLogins = Readonly<{
  accounts: readonly FailedAccount[]; accountsComplete: boolean;
  addresses: readonly FailedAddress[]; addressesComplete: boolean;
}>;
export type FailedAccount = Readonly<{ userId: string | null; accountKey: string | null; failedLogins: number; lastAt: string }>;
export type FailedAddress = Readonly<{ address: string; location?: SessionLocation; failedLogins: number; lastAt: string }>;

export type Activities = Readonly<{ activities: readonly Activity[]; next?: string; readTo: string }>;
export type Activity = Readonly<{
  id: string; kind: string; at: string; userId?: string; accountKey?: string; sessionId?: string;
  address: string; location?: SessionLocation;
  reason?: string; durationSeconds?: number; generation?: number; system?: string; browser?: string;
  newDevice?: boolean; newCountry?: boolean; impossibleTravel?: boolean;
}>;

export type SuspiciousIps = Readonly<{ suspiciousIps: readonly SuspiciousIp[] }>;
export type SuspiciousIp = Readonly<{
  address: string; windowMinutes: number; count: number; failures: number; distinctAccounts: number;
  firstAt: string; lastAt: string; expiresAt: string;
  acknowledgedAt: string | null; acknowledgedBy: string | null;
}>;

export type SecurityEvents = Readonly<{ events: readonly SecurityEvent[]; next?: string }>;
export type SecurityEvent = Readonly<{
  id: string; kind: string; at: string; userId: string | null; sessionId: string | null; address: string; location?: SessionLocation;
  locationChange?: LocationChange; evidence?: SecurityEvidence;
  delivery: string | null;
}>;
/** Between which countries. */
export type LocationChange = Readonly<{ from?: string; to: string; kilometers?: number; elapsedSeconds?: number }>;
export type SecurityEvidence = Readonly<{
  windowMinutes: number; count: number; failures: number; distinctAccounts: number; distinctAddresses: number;
  firstAt: string; lastAt: string;
}>;

export type AdminAccounts = Readonly<{ accounts: readonly AdminAccount[]; next?: string }>;
export type AdminAccount = Account & Readonly<{ disabled: boolean; emailVerified: boolean; createdAt: string; closesAt?: string }>;
export type Secured = Readonly<{ account: AdminAccount; sessionsEnded: number }>;
export type UserPasskeys = Readonly<{ passkeys: readonly UserPasskey[] }>;
export type UserPasskey = Passkey & Readonly<{ forReview?: boolean }>;
/** The newest sessions in a user's log. */
export type UserAudit = Readonly<{ sessions: readonly SessionVerdict[]; complete: boolean }>;
export type SessionVerdict = Readonly<{ sessionId: string; count: number }> & Verdict;
export type Verdict = Readonly<{ intact: boolean; break?: Readonly<{ kind: string; sequence: number | null }> }>;
export type Sessions = Readonly<{ sessions: readonly Device[] }>;
export type SessionAudit = Verdict & Readonly<{
  count: number;
  logs: readonly Readonly<{ sequence: number | null; entry: LogEntry }>[];
  next?: string;
}>;

export type Health = Readonly<{
  at: string;
  storage: Readonly<{ latencyMilliseconds: number }>;
  timers: readonly TimerHealth[];
  keys: Readonly<{ state: string; createdAt: string; kinds: readonly KeyHealth[] }>;
  outbox: Readonly<{
    waiting: number; oldestSeconds?: number; complete: boolean;
    deadLetters: number; deadLettersComplete: boolean; newestDeadLetterAt?: string;
  }>;
  clientAddresses: string;
  redis?: string;
  locations?: Readonly<{ databaseDate?: string; problem?: string; isOld: boolean }>;
  unreadableRows: number;
  passwordHashes: string;
}>;
export type KeyHealth = Readonly<{ kind: string; active: string; nextRotationAt?: string }>;
export type TimerHealth = Readonly<{ name: string; lagSeconds: number | null; schedule: string; disabled: boolean; lastRunAt?: string }>;
