namespace Serverless.Sessions.Sessions;

/// <summary>Who asks: what a request tells about the device that sent it.</summary>
/// <param name="IpAddress">The caller's address, or <c>unknown</c>.</param>
/// <param name="UserAgent">The User-Agent header, cut to a length that storage holds.</param>
/// <param name="Device">The user's own name for the device, where one was given.</param>
public sealed record ClientInfo(string IpAddress, string? UserAgent, string? Device = null);
