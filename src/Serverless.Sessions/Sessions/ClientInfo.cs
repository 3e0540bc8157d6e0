namespace Serverless.Sessions.Sessions;

/// <summary>The caller's address, or <c>unknown</c>; the User-Agent header, cut to a length that storage accepts; and the user's
/// own name for the device.</summary>
public sealed record ClientInfo(string IpAddress, string? UserAgent, string? Device = null);
