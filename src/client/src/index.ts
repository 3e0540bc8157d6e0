export { SessionError, type ProblemCode, type SessionErrorCode, type SessionErrorDetails } from './api/error.ts';
export type { Account, AccountExport, Device, Heartbeat, LogEntry, LogPage, Notice, NotificationChoices, Notifications, Session, SessionLocation, SessionStatus } from './api/wire.ts';
export type { Channel, Clock, Locks, Page, PageEvent, Platform, StorageAdapter } from './platform/platform.ts';
export { createSessionManager } from './session/manager.ts';
export type { SessionConfig, SessionManagerOptions } from './session/options.ts';
export type { Accounts, ActiveState, Credentials, EndReason, Expiry, InactiveState, LoginOptions, PasskeyProof, Retry, SessionEvents, SessionManager, SessionState } from './session/types.ts';
