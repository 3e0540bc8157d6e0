namespace Serverless.Sessions.Passkeys;

/// <summary>What a browser needs to begin a WebAuthn registration or assertion: its options as JSON, and a text that comes back with the
/// answer, once and before it expires.</summary>
public sealed record Ceremony(string Options, string State, DateTimeOffset ExpiresAt);
