/** The answers of the routes for administrators, beside those that every client knows. */

import type { Account, Device, LogEntry } from '../../client/src/index.ts';

export interface NamedCount {
  readonly name: string;
  readonly count: number;
}

export interface UserLogins {
  readonly userId: string;
  readonly logins: number;
  readonly lastAt: string;
}

export interface SessionDuration {
  readonly averageSeconds: number | null;
  readonly p50Seconds: number | null;
  readonly p90Seconds: number | null;
  readonly p99Seconds: number | null;
}

export interface StatisticsDay {
  readonly day: string;
  readonly logins: number;
  readonly failedLogins: number;
  readonly users: number;
  readonly sessionsEnded: number;
  readonly sessionsActive: number;
}

export interface Statistics {
  readonly from: string;
  readonly to: string;
  readonly upTo: string | null;
  readonly logins: number;
  readonly failedLogins: number;
  readonly sessionsEnded: number;
  readonly endedByReason: readonly NamedCount[];
  readonly sessionDuration: SessionDuration;
  readonly refreshes: number;
  readonly tokenReuses: number;
  readonly sessionsActive: number;
  readonly activeByDevice: readonly NamedCount[];
  readonly activeByBrowser: readonly NamedCount[];
  readonly topUsers: readonly UserLogins[];
  readonly topUsersComplete: boolean;
  readonly days: readonly StatisticsDay[];
}

export interface FailedAccount {
  readonly userId: string | null;
  readonly accountKey: string | null;
  readonly failedLogins: number;
  readonly lastAt: string;
}

export interface FailedAddress {
  readonly address: string;
  readonly failedLogins: number;
  readonly lastAt: string;
}

export interface FailedLogins {
  readonly accounts: readonly FailedAccount[];
  readonly accountsComplete: boolean;
  readonly addresses: readonly FailedAddress[];
  readonly addressesComplete: boolean;
}

export interface SuspiciousIp {
  readonly address: string;
  readonly windowMinutes: number;
  readonly count: number;
  readonly failures: number;
  readonly distinctAccounts: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly expiresAt: string;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: string | null;
}

export interface SuspiciousIps {
  readonly suspiciousIps: readonly SuspiciousIp[];
}

export interface SecurityEvidence {
  readonly windowMinutes: number;
  readonly count: number;
  readonly failures: number;
  readonly distinctAccounts: number;
  readonly distinctAddresses: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export interface SecurityEvent {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly address: string;
  readonly evidence?: SecurityEvidence;
  readonly delivery: string | null;
}

export interface SecurityEvents {
  readonly events: readonly SecurityEvent[];
  readonly next?: string;
}

export interface AdminAccount extends Account {
  readonly disabled: boolean;
  readonly createdAt: string;
}

export interface AdminAccounts {
  readonly accounts: readonly AdminAccount[];
  readonly next?: string;
}

export interface Sessions {
  readonly sessions: readonly Device[];
}

export interface SessionAudit {
  readonly intact: boolean;
  readonly break?: { readonly kind: string; readonly sequence: number | null; readonly entryId: string | null };
  readonly count: number;
  readonly logs: readonly { readonly sequence: number | null; readonly entry: LogEntry }[];
  readonly next?: string;
}
