'use client';

export { type BackgroundSession, type ReactSession, SessionProvider, type SessionProviderProps, useBackgroundSession, useSession } from './hooks.ts';
export { SessionStatusIndicator, type SessionStatusIndicatorProps, type SessionStatusTexts } from './indicator.ts';
