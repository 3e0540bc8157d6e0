import type { AccountExport, Notifications } from '../api/wire.ts';
import type { Accounts, EndReason, SessionManager } from './types.ts';

export function createAccounts(call: SessionManager['request'], ending: (reason: EndReason, request: () => Promise<void>) => Promise<void>): Accounts {
  const post = <Body, T>(route: string, empty: number, isOwn = false, required?: string) => (body: Body): Promise<T> =>
    call<T>(`accounts${route}`, required as keyof T, { method: 'POST', body: JSON.stringify(body) }, empty, isOwn);
  return {
    register: post('', 202, false, 'id'),
    sendVerification: post('/email/verification', 202),
    verifyEmail: post('/email/verify', 204),
    forgotPassword: post('/password/forgot', 202),
    resetPassword: post('/password/reset', 204),
    changeEmail: post('/email', 202, true),
    changePassword: post('/password', 204, true),
    requestDeletion: body => ending('account_closed', () => post<object, void>('/me/deletion', 204, true)(body)),
    // It may be long: no timeout.
    export: () => call<AccountExport>('accounts/me/export', 'account', { signal: null }),
    notifications: () => call<Notifications>('accounts/notifications', 'mail'),
    setNotifications: body => call<Notifications>('accounts/notifications', 'mail', { method: 'PUT', body: JSON.stringify(body) }),
  };
}
