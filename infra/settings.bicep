// What a deployment may set of its own (docs/settings.md). Not here are the settings that the templates fill in themselves and
// those that have no place in Azure. The members are generated from the options classes: dotnet run --project src/Serverless.Documents

@export()
@sealed()
@description('Settings of the app. A secret goes in as a Key Vault reference, such as @Microsoft.KeyVault(VaultName=myvault;SecretName=name), never as its value.')
type productSettings = {
  @description('When PurgeExpiredSessions runs.')
  PurgeExpiredSessionsSchedule: string?

  @description('When FlagSuspiciousIps runs.')
  FlagSuspiciousIpsSchedule: string?

  @description('When RaiseSecurityAlerts looks for security events.')
  RaiseSecurityAlertsSchedule: string?

  @description('When SendOutbox sends what wasn\'t sent right away.')
  SendOutboxSchedule: string?

  @description('When RollUpStatistics checks whether an hour is due.')
  RollUpStatisticsSchedule: string?

  @description('When PurgeOldLogs runs.')
  PurgeOldLogsSchedule: string?

  @description('When RotateSigningKeys checks whether a key is due.')
  RotateSigningKeysSchedule: string?

  @description('Whether an account opens sessions only once its address is verified, by a link that is sent there; accounts from before have to do the same, the one of the section Administrator doesn\'t.')
  Accounts__VerifyEmail: string?

  @description('How long a closed account can be restored before it is erased; zero erases it at once.')
  Accounts__DeletionGrace: string?

  @description('The first administrator: created at the first start; a start that finds the account disabled or without the role restores it.')
  Administrator__Email: string?

  @description('The administrator\'s first password; a restored account gets it, too.')
  Administrator__Password: string?

  @description('Whether the admin routes refuse a session whose last login or step-up wasn\'t by passkey.')
  Administrator__RequirePasskey: string?

  @description('The service that checks captchas; without one no login needs a captcha.')
  Captcha__Provider: string?

  @description('The provider\'s secret for the site.')
  Captcha__Secret: string?

  @description('The address that checks captchas; empty for the provider\'s own siteverify.')
  Captcha__Endpoint: string?

  @description('After this many failed logins in a row, the next one with that email needs a captcha; 0 is every login.')
  Captcha__AfterFailures: string?

  @description('The SameSite attribute of the cookie.')
  Cookies__SameSite: string?

  @description('The mail server, by its name in its certificate; without one no mail is sent.')
  Email__SmtpHost: string?

  @description('Its port for sending, usually 587, or 465 with Tls.')
  Email__SmtpPort: string?

  @description('How the connection is encrypted: StartTls after a greeting, which the server must offer; Tls from the start; None in Development only.')
  Email__SmtpSecurity: string?

  @description('The user at the mail server.')
  Email__SmtpUser: string?

  @description('The user\'s password.')
  Email__SmtpPassword: string?

  @description('The sender\'s address, which the server must accept.')
  Email__From: string?

  @description('The name of your product, as sender and in the mails; empty for the host of Email__LinkBase.')
  Email__FromName: string?

  @description('Your page that the links of mails lead to, with #verify=, #revert= or #reset= and a token behind it; in Development the demo.')
  Email__LinkBase: string?

  @description('A folder with the mails in other languages, or in other words; relative to the app\'s.')
  Email__TemplateFolder: string?

  @description('How many of the mails that were created within an hour are sent, to all users; the others count in the next hour.')
  Email__MaximumPerHour: string?

  @description('Whether there is a revocation feed; it holds session ids and times, nothing about users.')
  Feed__Public: string?

  @description('How old the feed may be; within that time an instance reads storage once.')
  Feed__CacheLifetime: string?

  @description('How long other services may keep the public keys, and an instance its key ring.')
  Keys__JwksCacheLifetime: string?

  @description('The secret of the vault that holds them.')
  Keys__SecretName: string?

  @description('The file that tells where addresses are, in MaxMind\'s format (GeoLite2, DB-IP, IPinfo); empty for the countries that the app brings; none for no locations.')
  Location__Database: string?

  @description('How much of a location is stored and shown; City is all that the database has.')
  Location__Precision: string?

  @description('Networks that have no location, such as an office or a VPN, in CIDR notation, separated by commas.')
  Location__KnownNetworks: string?

  @description('The fastest that a user travels, in kilometers per hour: a login that is farther from the last use is an impossible travel.')
  Location__MaximumSpeed: string?

  @description('What a login from a country that the account hasn\'t used in 90 days leads to, besides a security event and a notice: nothing more (Report), a captcha, a session whose user has to prove who they are before anything sensitive (FreshProof), or no session (Refuse).')
  Location__NewCountry: string?

  @description('The same for a login that is farther from the last use than anyone travels.')
  Location__ImpossibleTravel: string?

  @description('What a refresh from another country within the access token\'s lifetime leads to: besides a security event and a notice nothing more (Report), a session whose user has to prove who they are before anything sensitive (FreshProof), or its end (EndSession).')
  Location__CountryChange: string?

  @description('How long clients are told to wait between two polls of notices and messages.')
  Mailbox__PollInterval: string?

  @description('How many proxies append their caller\'s address to X-Forwarded-For; Azure\'s own front end is one.')
  Network__TrustedProxyHops: string?

  @description('The domain that passkeys belong to: that of the pages or one above it, without a scheme; empty turns passkeys off. Passkeys of one domain are of no use with another.')
  Passkeys__RelyingPartyId: string?

  @description('The name of your service, which browsers show beside a passkey; empty for the domain.')
  Passkeys__RelyingPartyName: string?

  @description('The origins of the pages that may use passkeys; empty for https:// and the domain.')
  Passkeys__Origins: string?

  @description('Whether a mail may set a password for an account that was registered with a passkey instead of one.')
  Passkeys__AllowPasswordRecovery: string?

  @description('The fewest characters of a new password.')
  Passwords__MinimumLength: string?

  @description('Refuses new passwords that are known from leaks: a range API such as https://api.pwnedpasswords.com/range/, which gets five hexadecimal digits of the password\'s SHA-1, or the path of a file of sorted SHA-1 hashes; empty for none.')
  Passwords__BreachedList: string?

  @description('Whether a new password gets 503 while that list can\'t be read, instead of being accepted.')
  Passwords__BreachedListRequired: string?

  @description('How long a login may wait for earlier ones with the same email, and again for a free core to hash on, before it gets 503.')
  Passwords__MaximumWait: string?

  @description('Hashes with next to no work, in Development only.')
  Passwords__WeakHashes: string?

  @description('How often a client is told to send a heartbeat; a session is online for twice as long after its last one.')
  Presence__HeartbeatInterval: string?

  @description('Whom a push service may write to about this app\'s messages (VAPID, RFC 8292): mailto: and an address, or an https URL; empty turns web push off.')
  Push__Subject: string?

  @description('The push services that messages may be sent to: hosts, and all under them.')
  Push__AllowedHosts: string?

  @description('Logins, and other requests that check a password, from one address, whatever their result; 0 means no limit.')
  RateLimits__LoginsPerMinutePerAddress: string?

  @description('Logins, and other requests that check a password, with one email, from any address and whether or not it has an account; 0 means no limit.')
  RateLimits__LoginsPerMinutePerAccount: string?

  @description('Refreshes from one address; 0 means no limit.')
  RateLimits__RefreshesPerMinutePerAddress: string?

  @description('Other requests that need no access token, from one address; 0 means no limit.')
  RateLimits__OthersPerMinutePerAddress: string?

  @description('Mails that are asked for from one address: registrations that are to be verified, links, changes of email; past it nothing is sent; 0 means no limit.')
  RateLimits__MailsPerHourPerAddress: string?

  @description('Such mails of one kind to one email, whether or not it has an account; 0 means no limit.')
  RateLimits__MailsPerHourPerAccount: string?

  @description('Messages from one user, retries included; 0 means no limit.')
  RateLimits__MessagesPerMinutePerUser: string?

  @description('Presences that one user requests, each of which may cost a storage read; 0 means no limit.')
  RateLimits__PresencesPerMinutePerUser: string?

  @description('How to reach a Redis without that identity, as StackExchange.Redis reads it; empty for none.')
  Redis__ConnectionString: string?

  @description('What all keys and the channel begin with.')
  Redis__KeyPrefix: string?

  @description('Whether anyone may create an account with POST accounts, which otherwise returns 404.')
  Registration__Enabled: string?

  @description('How long log entries are kept, including those of sessions that live on.')
  Retention__LogLifetime: string?

  @description('How long the statistics of a day are kept.')
  Retention__StatisticsLifetime: string?

  @description('How long notices and messages are kept; notices are removed with their user\'s log, so they may stay as long as it does.')
  Retention__MailboxLifetime: string?

  @description('How long security events are kept.')
  Retention__SecurityEventLifetime: string?

  @description('The URL that security events are sent to; its host must have public addresses only.')
  SecurityWebhook__Url: string?

  @description('The secret that the receiver verifies signatures with.')
  SecurityWebhook__Secret: string?

  @description('How many times an event is sent before it becomes a dead letter; the delays grow from a minute to a day.')
  SecurityWebhook__MaximumAttempts: string?

  @description('The idle lifetime of a session with remember: each refresh moves the expiry this far ahead.')
  Sessions__RememberedIdleLifetime: string?

  @description('The absolute lifetime of a session with remember.')
  Sessions__RememberedAbsoluteLifetime: string?

  @description('The idle lifetime of a session without remember.')
  Sessions__IdleLifetime: string?

  @description('The absolute lifetime of a session without remember.')
  Sessions__AbsoluteLifetime: string?

  @description('How long a rotated refresh token still returns its successor, for other tabs and lost replies.')
  Sessions__Grace: string?

  @description('How stale a status response may be; 00:00:00 reads storage every time.')
  Sessions__StatusCacheLifetime: string?

  @description('How many sessions an account may have; a login beyond it ends the one used least recently; 0 sets no cap.')
  Sessions__MaximumPerAccount: string?

  @description('How long ago the user may have logged in or stepped up for what adds power or gives data away, such as an export or a change by an administrator; 00:00:00 asks for nothing, and for 15 minutes where a passkey replaces the user\'s password.')
  StepUp__MaximumAge: string?

  @description('Over how many partitions an hour of the timeline is spread.')
  Storage__TimelineShards: string?

  @description('How long storage may take to answer before a call is tried again, twice at most.')
  Storage__NetworkTimeout: string?

  @description('The most login attempts from one address within an hour that don\'t flag it; a flag lasts for 24 hours after the last of them.')
  SuspiciousIps__MaximumLogins: string?

  @description('The base address of an OpenTelemetry collector, for OTLP over HTTP (usually port 4318).')
  Telemetry__OtlpEndpoint: string?

  @description('Headers of each export.')
  Telemetry__OtlpHeaders: string?

  @description('The service name in metrics and traces.')
  Telemetry__ServiceName: string?

  @description('The percentage of traces to keep, whatever callers ask for; metrics count everything.')
  Telemetry__SampledPercent: string?

  @description('How many failures in a row lock the email, at first for 30 seconds; each further one doubles that.')
  Throttle__FailuresBeforeLock: string?

  @description('The longest lock.')
  Throttle__MaximumLock: string?

  @description('The aud claim: who the tokens are for.')
  Tokens__Audience: string?

  @description('The client_id claim: which client the tokens were issued to.')
  Tokens__ClientId: string?

  @description('How long an access token is valid.')
  Tokens__AccessTokenLifetime: string?
}

@export()
@sealed()
@description('What counts for the sessions of one role, more strictly than the settings for all.')
type rolePolicy = {
  @description('The idle lifetime of a session of the role; at least twice Sessions__Grace.')
  IdleLifetime: string?

  @description('The absolute lifetime of a session of the role.')
  AbsoluteLifetime: string?

  @description('How long a user of the role may do nothing before the session ends with reason inactive, however long the page stays open; at least twice Sessions__Grace.')
  Inactivity: string?

  @description('How many sessions a user of the role may have; 1 is a single session.')
  MaximumSessions: string?

  @description('How long ago a user of the role may have logged in or stepped up for what needs a fresh proof (StepUp__MaximumAge).')
  FreshProofAge: string?

  @description('Whether a login with remember counts as one.')
  AllowRemember: string?
}
