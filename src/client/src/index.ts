export { SessionError, type SessionErrorCode, type SessionErrorDetails } from './error.ts';
export { createSessionManager } from './manager.ts';
export type { Channel, Clock, Locks, Page, PageEvent, SessionConfig, SessionManagerOptions, StorageAdapter, Surroundings } from './options.ts';
export type { Credentials, EndReason, Expiry, Retry, SessionEvents, SessionManager, SessionState } from './types.ts';
export type { Account, Device, Heartbeat, LogEntry, LogPage, Notice, Session, SessionStatus } from './wire.ts';
