/** The responses of the admin routes (docs/api.md), in addition to those in the client's wire.ts. */

import type { Account, Device, LogEntry, SessionLocation } from '../../client/src/index.ts';

export type Statistics = Readonly<{
  upTo: string | null;
  logins: number; failedLogins: number;
  sessionsActive: number; sessionsEnded: number; refreshes: number; tokenReuses: number;
  activeByDevice: readonly NamedCount[]; activeByBrowser: readonly NamedCount[]; endedByReason: readonly NamedCount[];
  sessionDuration: SessionDuration;
  topUsers: readonly UserLogins[]; topUsersComplete: boolean;
  days: readonly StatisticsDay[];
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
  windowMinutes: number; count: number; failures: number; distinctAccounts: number; distinctAddresses: number; firstAt: string; lastAt: string;
}>;

export type AdminAccounts = Readonly<{ accounts: readonly AdminAccount[]; next?: string }>;
export type AdminAccount = Account & Readonly<{ disabled: boolean; emailVerified: boolean; createdAt: string; closesAt?: string }>;
export type Sessions = Readonly<{ sessions: readonly Device[] }>;
export type SessionAudit = Readonly<{
  intact: boolean; break?: Readonly<{ kind: string; sequence: number | null }>; count: number;
  logs: readonly Readonly<{ sequence: number | null; entry: LogEntry }>[];
  next?: string;
}>;
