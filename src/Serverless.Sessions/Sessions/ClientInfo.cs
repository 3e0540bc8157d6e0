namespace Serverless.Sessions.Sessions;

/// <summary>The caller's address and device, from a request.</summary>
/// <param name="IpAddress">The caller's address, or <c>unknown</c>.</param>
/// <param name="UserAgent">The User-Agent header, cut to a length that storage accepts.</param>
/// <param name="Device">The user's own name for the device, if any.</param>
public sealed record ClientInfo(string IpAddress, string? UserAgent, string? Device = null);
