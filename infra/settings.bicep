// What a deployment may set of its own (docs/settings.md). Not here are the settings that the templates fill in themselves and
// those that have no place in Azure; tests/infra holds this list to the options classes, so a new setting wants a line here.

@export()
@sealed()
@description('Settings of the app. A secret goes in as a Key Vault reference, such as @Microsoft.KeyVault(VaultName=myvault;SecretName=name), never as its value.')
type productSettings = {
  @description('Over how many partitions an hour of the timeline is spread.')
  Storage__TimelineShards: string?

  @description('How long storage may take to answer before a call is tried again, twice at most.')
  Storage__NetworkTimeoutMilliseconds: string?

  @description('The aud claim: who the tokens are for.')
  Tokens__Audience: string?

  @description('The client_id claim: which client the tokens were issued to.')
  Tokens__ClientId: string?

  @description('How long an access token is good.')
  Tokens__AccessTokenSeconds: string?

  @description('The secret of the vault that holds the signing keys.')
  Keys__SecretName: string?

  @description('How long a key signs access tokens before the next one takes over.')
  Keys__SigningKeyDays: string?

  @description('How long a key makes refresh tokens before the next one takes over.')
  Keys__MacKeyDays: string?

  @description('How long a key chains the log entries of sessions before the next one takes over; all are kept, to check what they chained.')
  Keys__AuditKeyDays: string?

  @description('How long other services may keep the public keys, and an instance its key ring.')
  Keys__JwksCacheSeconds: string?

  @description('Whether there is a revocation feed; it tells session ids and times, and nothing of whose they are.')
  Feed__Public: string?

  @description('How old the feed may be; within that time an instance reads storage once.')
  Feed__CacheSeconds: string?

  @description('The idle lifetime of a session with remember: each refresh moves the expiry this far ahead.')
  Sessions__RememberedIdleHours: string?

  @description('The absolute lifetime of a session with remember.')
  Sessions__RememberedAbsoluteHours: string?

  @description('The idle lifetime of a session without remember.')
  Sessions__IdleHours: string?

  @description('The absolute lifetime of a session without remember.')
  Sessions__AbsoluteHours: string?

  @description('How long a rotated refresh token is still answered with its successor, for other tabs and lost replies.')
  Sessions__GraceSeconds: string?

  @description('How old a session\'s number gets before a refresh raises it.')
  Sessions__RegenerateAfterHours: string?

  @description('How stale a status answer may be; 0 reads storage every time.')
  Sessions__StatusCacheSeconds: string?

  @description('How many sessions an account may have; a login beyond it ends the one used least recently; 0 sets no cap.')
  Sessions__MaximumPerAccount: string?

  @description('How often a client is told to send a heartbeat.')
  Presence__HeartbeatSeconds: string?

  @description('How long after its last heartbeat a session is still online.')
  Presence__OnlineSeconds: string?

  @description('The fewest characters of a new password.')
  Passwords__MinimumLength: string?

  @description('The most characters of a password; longer ones are refused before any hashing.')
  Passwords__MaximumLength: string?

  @description('Iterations of PBKDF2-HMAC-SHA512; a hash with fewer is renewed at the next login.')
  Passwords__Iterations: string?

  @description('How long a login may wait for a free core to hash on before it is told to come back.')
  Passwords__MaximumWaitSeconds: string?

  @description('The failure in a row that locks the email for the first time.')
  Throttle__FailuresBeforeLock: string?

  @description('How long the first lock lasts; each further failure doubles it.')
  Throttle__FirstLockSeconds: string?

  @description('The longest lock.')
  Throttle__MaximumLockSeconds: string?

  @description('How long after the last failure the count starts again from nothing.')
  Throttle__ForgetAfterHours: string?

  @description('Who checks captchas; without one no login needs any.')
  Captcha__Provider: string?

  @description('The secret that the provider gave for the site (a Key Vault reference).')
  Captcha__Secret: string?

  @description('Where captchas are checked; empty is the provider\'s own siteverify.')
  Captcha__Endpoint: string?

  @description('How long to wait for the provider before a login that needs it is answered 503.')
  Captcha__TimeoutSeconds: string?

  @description('From this many failed logins in a row on, the next one with that email needs a captcha; 0 is every login.')
  Captcha__AfterFailures: string?

  @description('Whether every login from a flagged address needs one.')
  Captcha__AlwaysFromFlaggedAddresses: string?

  @description('When a browser sends the cookie along.')
  Cookies__SameSite: string?

  @description('Logins and password changes from one address, whatever becomes of them; 0 is no limit.')
  RateLimits__LoginsPerMinutePerAddress: string?

  @description('Logins and password changes with one email, from wherever they come; 0 is no limit.')
  RateLimits__LoginsPerMinutePerAccount: string?

  @description('Refreshes from one address; 0 is no limit.')
  RateLimits__RefreshesPerMinutePerAddress: string?

  @description('Everything else that needs no access token, from one address; 0 is no limit.')
  RateLimits__OthersPerMinutePerAddress: string?

  @description('Messages that one user sends, repeated ones included; 0 is no limit.')
  RateLimits__MessagesPerMinutePerUser: string?

  @description('Users of whom one user asks whether they are online, each of which may be a read of storage; 0 is no limit.')
  RateLimits__PresencesPerMinutePerUser: string?

  @description('How long clients are told to wait between two polls of notices and messages.')
  Mailbox__PollMilliseconds: string?

  @description('The longest message, as UTF-8; a request has at most 16 KiB with all its escapes.')
  Mailbox__MaximumMessageBytes: string?

  @description('The most login attempts within the window that are no reason to worry; one more flags the address.')
  SuspiciousIps__MaximumLogins: string?

  @description('The window in which attempts are counted.')
  SuspiciousIps__WindowMinutes: string?

  @description('How long a flag lasts after the last attempt that it counts.')
  SuspiciousIps__FlagHours: string?

  @description('How long one run may take before it leaves the rest to the next; host.json gives a function 10 minutes.')
  SuspiciousIps__MaximumSeconds: string?

  @description('The most addresses from which one account may be logged in to, or fail to be, within the window; one more is a burst. An IPv6 /64 is one address.')
  SecurityEvents__MaximumAddresses: string?

  @description('The window in which they are counted.')
  SecurityEvents__WindowMinutes: string?

  @description('How long events are kept.')
  SecurityEvents__RetentionDays: string?

  @description('How long one run may take before it leaves the rest to the next; host.json gives a function 10 minutes.')
  SecurityEvents__MaximumSeconds: string?

  @description('Where security events are sent; its host may only have public addresses.')
  SecurityWebhook__Url: string?

  @description('The secret that the receiver checks the signatures with (a Key Vault reference).')
  SecurityWebhook__Secret: string?

  @description('How often an event is sent before it is a dead letter; the pauses grow from a minute to a day.')
  SecurityWebhook__MaximumAttempts: string?

  @description('How long to wait for the receiver\'s answer.')
  SecurityWebhook__TimeoutSeconds: string?

  @description('How long one run may take before it leaves the rest to the next; host.json gives a function 10 minutes.')
  Purge__MaximumSeconds: string?

  @description('How long one run may take before it leaves the rest to the next, after a whole day; host.json gives a function 10 minutes.')
  Statistics__MaximumSeconds: string?

  @description('How long log entries are kept, also those of sessions that live on.')
  Retention__LogDays: string?

  @description('How long activity is kept, from which flagging and statistics are made; never longer than the log, since it tells which logs to look at.')
  Retention__ActivityDays: string?

  @description('How long the statistics of a day are kept.')
  Retention__StatisticsDays: string?

  @description('How long notices and messages are kept; notices go when the log of their user is looked at, so they may stay as long as the log where that is longer.')
  Retention__MailboxDays: string?

  @description('How long one run may take before it leaves the rest to the next; host.json gives a function 10 minutes.')
  Retention__MaximumSeconds: string?

  @description('How many proxies append the address they were called from to X-Forwarded-For; Azure\'s own front end is one.')
  Network__TrustedProxyHops: string?

  @description('The base address of an OpenTelemetry collector.')
  Telemetry__OtlpEndpoint: string?

  @description('How it is spoken to: OTLP over HTTP (port 4318 of most collectors) or gRPC (4317).')
  Telemetry__OtlpProtocol: string?

  @description('Headers that go with each message (a Key Vault reference).')
  Telemetry__OtlpHeaders: string?

  @description('The name of this deployment there.')
  Telemetry__ServiceName: string?

  @description('How many of a hundred traces are kept, whatever callers ask for; metrics count everything.')
  Telemetry__SampledPercent: string?

  @description('Whether strangers may make accounts at POST accounts.')
  Registration__Enabled: string?

  @description('The first administrator, made at the first start, and made one again at a start that finds the account without the role or disabled.')
  Administrator__Email: string?

  @description('The administrator\'s first password; an account that has to be made an administrator again is given it, too (a Key Vault reference).')
  Administrator__Password: string?

  @description('When PurgeExpiredSessions runs.')
  PurgeExpiredSessionsSchedule: string?

  @description('When FlagSuspiciousIps runs.')
  FlagSuspiciousIpsSchedule: string?

  @description('When RaiseSecurityAlerts looks for security events and sends those that are due.')
  RaiseSecurityAlertsSchedule: string?

  @description('When RollUpStatistics looks whether an hour is to be rolled up.')
  RollUpStatisticsSchedule: string?

  @description('When PurgeOldLogs runs.')
  PurgeOldLogsSchedule: string?

  @description('When RotateSigningKeys looks whether a key is due.')
  RotateSigningKeysSchedule: string?
}
